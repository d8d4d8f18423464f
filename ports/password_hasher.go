package ports

import (
	"context"

	"gatehouse/domain"
)

// A PasswordHasher makes and checks password hashes. Its work is expensive by design, so
// there is a bound on how much is done at once and how much may wait; beyond it every
// method returns [domain.ErrOverloaded] at once. It may be called concurrently.
type PasswordHasher interface {
	// HasRoom reports whether another password would be taken now. A moment later that may
	// be otherwise; it is for refusing early what would be refused anyway.
	HasRoom() bool
	// Hash returns a new hash of the preferred kind, with a salt of its own.
	Hash(ctx context.Context, password domain.Password) (domain.PasswordHash, error)
	// Matches reports whether the password is the one that was hashed. A hash that is
	// unusable, damaged or of an unknown kind matches nothing and is not an error; it
	// costs as much as one of the preferred kind.
	Matches(ctx context.Context, password domain.Password, hash domain.PasswordHash) (bool, error)
	// Recognizes reports whether some password might match hash, as far as its form tells:
	// it is usable, undamaged, of a known kind and not too expensive.
	Recognizes(hash domain.PasswordHash) bool
	// Preferred reports whether hash is of the kind and cost that Hash makes. Where it
	// is not, the next successful sign-in replaces it.
	Preferred(hash domain.PasswordHash) bool
}
