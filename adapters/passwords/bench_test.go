package passwords_test

import (
	"testing"
	"time"

	"gatehouse/adapters/passwords"
	"gatehouse/domain"
)

func BenchmarkHash(b *testing.B) {
	hasher := passwords.New(passwords.Config{}, time.Now)
	for b.Loop() {
		if _, err := hasher.Hash(b.Context(), domain.NewPassword("secret")); err != nil {
			b.Fatal(err)
		}
	}
}

// The three must take the same time, or else the time tells which account is real.
func BenchmarkMatches(b *testing.B) {
	hasher := passwords.New(passwords.Config{}, time.Now)
	real, err := hasher.Hash(b.Context(), domain.NewPassword("secret"))
	if err != nil {
		b.Fatal(err)
	}
	for _, test := range []struct {
		what, password string
		hash           domain.PasswordHash
	}{
		{"right", "secret", real},
		{"wrong", "Secret", real},
		{"unusable", "secret", domain.UnusablePassword},
	} {
		b.Run(test.what, func(b *testing.B) {
			for b.Loop() {
				if _, err := hasher.Matches(b.Context(), domain.NewPassword(test.password), test.hash); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
