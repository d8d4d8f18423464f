package ports

import (
	"context"

	"gatehouse/domain"
)

// A PasswordBlocklist knows what people choose and attackers try first. It may be used
// concurrently.
type PasswordBlocklist interface {
	// Rank returns how common a password is, from 1 for the most common, and 0 if it is not
	// in the list. The text must be in lower case.
	Rank(text string) int
	// Words returns the words of the place, such as the name of the shop.
	Words() []string
}

// BreachedPasswords are those that are known from data breaches. It may be used
// concurrently.
type BreachedPasswords interface {
	// Breached reports whether the password is one of them, byte for byte. An error wraps
	// [domain.ErrBreachesUnknown] or is the context's: it is not known, so the password must
	// not be taken.
	Breached(ctx context.Context, password domain.Password) (bool, error)
}
