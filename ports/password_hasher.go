package ports

import (
	"context"

	"gatehouse/domain"
)

// A PasswordHasher makes and checks password hashes. The work is expensive by design, so few
// hashes are computed at once and few may wait. Beyond that, every method with a context returns
// [domain.ErrOverloaded] at once. It may be used concurrently.
type PasswordHasher interface {
	// HasRoom reports whether another password would be taken now. The answer may change a moment
	// later. It serves to refuse early what would be refused anyway.
	HasRoom() bool
	// Hash returns a new hash of the preferred kind, with a salt of its own.
	Hash(ctx context.Context, password domain.Password) (domain.PasswordHash, error)
	// Matches reports whether the password is the one that was hashed. A hash that is unusable,
	// damaged or of an unknown kind matches no password and is no error. Checking it takes as
	// long as checking a hash of the preferred kind.
	Matches(ctx context.Context, password domain.Password, hash domain.PasswordHash) (bool, error)
	// Recognizes reports whether some password might match hash. It looks at the form alone: the
	// hash must be usable, undamaged, of a known kind and not too expensive.
	Recognizes(hash domain.PasswordHash) bool
	// Preferred reports whether hash has the kind and cost that Hash gives. If not, the next
	// successful sign-in replaces it.
	Preferred(hash domain.PasswordHash) bool
}
