package ports

import (
	"context"

	"gatehouse/domain"
)

// A PasswordBlocklist knows the passwords that people choose and attackers try first. It may be
// used concurrently.
type PasswordBlocklist interface {
	// Rank returns how common a password in lower case is: 1 for the most common, 0 for one that
	// is not in the list.
	Rank(text string) int
	// Words returns the words of the place, such as the name of the shop.
	Words() []string
}

// BreachedPasswords are known from data breaches. It may be used concurrently.
type BreachedPasswords interface {
	// Breached reports whether the password is one of them, byte for byte. After any error the
	// answer is unknown, so the password must not be taken.
	//
	// Errors: [domain.ErrBreachesUnknown], or that of the context.
	Breached(ctx context.Context, password domain.Password) (bool, error)
}
