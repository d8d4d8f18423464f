package passwords

import (
	"context"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// A Hasher makes and checks password hashes. It may be used concurrently. Its errors are
// [domain.ErrOverloaded] and the context's.
type Hasher struct {
	queue *queue
	cost  argon2Cost
}

var _ ports.PasswordHasher = (*Hasher)(nil)

// New returns a Hasher. The configuration must be valid, see [Config.Validate].
// The clock tells how long hashes take here.
func New(config Config, clock ports.Clock) *Hasher {
	config = config.withDefaults()
	return &Hasher{newQueue(config.Workers, config.QueueLength, clock), config.cost()}
}

// HasRoom implements [ports.PasswordHasher].
func (h *Hasher) HasRoom() bool { return h.queue.hasRoom() }

// Hash returns a new Argon2id hash with a random salt of 16 bytes.
func (h *Hasher) Hash(ctx context.Context, password domain.Password) (domain.PasswordHash, error) {
	var made argon2Hash
	err := h.queue.do(ctx, job{false, h.cost.takes()}, func() { made = newArgon2Hash(h.cost, password.Reveal()) })
	if err != nil {
		return domain.PasswordHash{}, err
	}
	return domain.NewPasswordHash(made.encode()), nil
}

// Matches reports whether the password is the one that was hashed. A string that is no
// hash it can check costs one of the preferred kind, so that the time does not tell
// whether there is an account behind it. A real hash costs what it says.
func (h *Hasher) Matches(ctx context.Context, password domain.Password, hash domain.PasswordHash) (bool, error) {
	stored, ok := parse(hash.Reveal())
	if !ok {
		stored = unknownHash{h.cost}
	}
	matched := false
	err := h.queue.do(ctx, job{h.large(stored), stored.takes()}, func() { matched = stored.matches(password.Reveal()) })
	return matched, err
}

// An unknownHash matches nothing, at the cost of a new hash.
type unknownHash struct{ cost argon2Cost }

func (u unknownHash) takes() time.Duration { return u.cost.takes() }

func (u unknownHash) matches(password string) bool {
	newArgon2Hash(u.cost, password)
	return false
}

func (u unknownHash) needs() uint32 { return u.cost.memory }

// smallMemory is the most memory that each worker may use at the same time, in KiB, unless
// new hashes need more.
const smallMemory = 32 << 10

func (h *Hasher) large(hash stored) bool {
	return hash.needs() > max(smallMemory, h.cost.memory)
}

// Recognizes reports whether the hash is of a kind that is checked, spelled as Django spells
// it, and within the ceilings.
func (h *Hasher) Recognizes(hash domain.PasswordHash) bool {
	_, ok := parse(hash.Reveal())
	return ok
}

// Preferred reports whether the hash is Argon2id of version 0x13 and not weaker than a new
// one: at least the configured memory and time, any parallelism, a salt and a tag of at
// least 16 bytes. A hash that costs more than a new one is thus kept.
func (h *Hasher) Preferred(hash domain.PasswordHash) bool {
	stored, ok := parse(hash.Reveal())
	known, isArgon2 := stored.(argon2Hash)
	return ok && isArgon2 && known.atLeast(h.cost)
}
