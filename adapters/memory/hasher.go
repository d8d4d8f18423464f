package memory

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"sync/atomic"

	"gatehouse/domain"
	"gatehouse/ports"
)

// A Hasher is a [ports.PasswordHasher] that costs nothing. Hashes that start with "old$"
// stand for those of an outdated kind. The zero Hasher is ready.
type Hasher struct {
	// Full makes every method return [domain.ErrOverloaded]. Set it before the hasher is
	// shared.
	Full   bool
	hashed atomic.Int64
}

var (
	_ ports.PasswordHasher = (*Hasher)(nil)
	_ ports.HashGrader     = (*Hasher)(nil)
)

const (
	preferred = "memory$"
	outdated  = "old$"
)

// OutdatedHash makes a hash that matches the password but is not preferred.
func OutdatedHash(password string) domain.PasswordHash {
	return domain.NewPasswordHash(outdated + digest(password))
}

// Computed returns how many hashes have been computed so far.
func (h *Hasher) Computed() int64 { return h.hashed.Load() }

// HasRoom implements [ports.PasswordHasher].
func (h *Hasher) HasRoom() bool { return !h.Full }

// Hash implements [ports.PasswordHasher].
func (h *Hasher) Hash(ctx context.Context, password domain.Password) (domain.PasswordHash, error) {
	if err := h.start(ctx); err != nil {
		return domain.PasswordHash{}, err
	}
	salt := hex.EncodeToString([]byte{byte(h.hashed.Load()), byte(h.hashed.Load() >> 8)})
	return domain.NewPasswordHash(preferred + salt + "$" + digest(salt+password.Reveal())), nil
}

// Matches implements [ports.PasswordHasher].
func (h *Hasher) Matches(ctx context.Context, password domain.Password, hash domain.PasswordHash) (bool, error) {
	if err := h.start(ctx); err != nil {
		return false, err
	}
	encoded := hash.Reveal()
	if old, ok := strings.CutPrefix(encoded, outdated); ok {
		return old == digest(password.Reveal()), nil
	}
	rest, ok := strings.CutPrefix(encoded, preferred)
	salt, sum, _ := strings.Cut(rest, "$")
	return ok && sum == digest(salt+password.Reveal()), nil
}

// Recognizes implements [ports.PasswordHasher].
func (h *Hasher) Recognizes(hash domain.PasswordHash) bool {
	return h.Preferred(hash) || strings.HasPrefix(hash.Reveal(), outdated)
}

// Preferred implements [ports.PasswordHasher].
func (h *Hasher) Preferred(hash domain.PasswordHash) bool {
	return strings.HasPrefix(hash.Reveal(), preferred) && len(hash.Reveal()) == len(preferred)+len("0000$")+2*sha256.Size
}

// WeakerThan implements [ports.HashGrader]: every hash is weaker than "memory" but the
// preferred ones, and there is no other bar.
func (h *Hasher) WeakerThan(bar string) (func(domain.PasswordHash) bool, error) {
	if bar != strings.TrimSuffix(preferred, "$") {
		return nil, domain.ErrUnknownHash
	}
	return func(hash domain.PasswordHash) bool { return !h.Preferred(hash) }, nil
}

func (h *Hasher) start(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if h.Full {
		return domain.ErrOverloaded
	}
	h.hashed.Add(1)
	return nil
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
