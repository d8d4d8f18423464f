package memory

import (
	"context"

	"gatehouse/domain"
	"gatehouse/ports"
)

// A Blocklist is a [ports.PasswordBlocklist] of a few passwords and the word "gatehouse". The
// zero Blocklist is ready.
type Blocklist struct{}

var _ ports.PasswordBlocklist = Blocklist{}

// Rank implements [ports.PasswordBlocklist].
func (Blocklist) Rank(text string) int {
	return map[string]int{"123456": 1, "password": 2, "qwerty": 3, "dragon": 4, "letmein": 5}[text]
}

// Words implements [ports.PasswordBlocklist].
func (Blocklist) Words() []string { return []string{"gatehouse"} }

// Breached is a [ports.BreachedPasswords]. The zero one knows of none.
type Breached struct {
	// Passwords are those that it knows of. Err is returned for every one, if it is set.
	Passwords []string
	Err       error
}

var _ ports.BreachedPasswords = (*Breached)(nil)

// Breached implements [ports.BreachedPasswords].
func (b *Breached) Breached(ctx context.Context, password domain.Password) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	for _, known := range b.Passwords {
		if known == password.Reveal() {
			return true, b.Err
		}
	}
	return false, b.Err
}
