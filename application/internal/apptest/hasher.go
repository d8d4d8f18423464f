package apptest

import (
	"context"

	"gatehouse/domain"
	"gatehouse/ports"
)

// Meanwhile does something just after a password has been compared.
type Meanwhile struct {
	ports.PasswordHasher
	Do func()
}

func (m Meanwhile) Matches(ctx context.Context, password domain.Password, hash domain.PasswordHash) (bool, error) {
	matches, err := m.PasswordHasher.Matches(ctx, password, hash)
	m.Do()
	return matches, err
}

// Watched shows with which hash each password is compared.
type Watched struct {
	ports.PasswordHasher
	See func(domain.PasswordHash)
}

func (w Watched) Matches(ctx context.Context, password domain.Password, hash domain.PasswordHash) (bool, error) {
	w.See(hash)
	return w.PasswordHasher.Matches(ctx, password, hash)
}
