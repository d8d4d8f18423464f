package application_test

import (
	"context"

	"gatehouse/domain"
	"gatehouse/ports"
)

// meanwhile does something just after a password has been compared.
type meanwhile struct {
	ports.PasswordHasher
	do func()
}

func (m meanwhile) Matches(ctx context.Context, password domain.Password, hash domain.PasswordHash) (bool, error) {
	matches, err := m.PasswordHasher.Matches(ctx, password, hash)
	m.do()
	return matches, err
}

// watched shows with which hash each password is compared.
type watched struct {
	ports.PasswordHasher
	see func(domain.PasswordHash)
}

func (w watched) Matches(ctx context.Context, password domain.Password, hash domain.PasswordHash) (bool, error) {
	w.see(hash)
	return w.PasswordHasher.Matches(ctx, password, hash)
}
