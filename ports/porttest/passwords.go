package porttest

import (
	"context"
	"errors"
	"testing"

	"gatehouse/domain"
	"gatehouse/ports"
)

// Passwords tests a [ports.PasswordHasher].
func Passwords(t *testing.T, hasher ports.PasswordHasher) {
	password := domain.NewPassword("  pässwörd 密码 🔑 ")
	hash := hashOf(t, hasher, password)

	t.Run("own hash", func(t *testing.T) {
		if !matches(t, hasher, password, hash) {
			t.Error("the password does not match its own hash")
		}
		if !hash.Usable() || !hasher.Recognizes(hash) || !hasher.Preferred(hash) {
			t.Error("a new hash is not usable, not recognized, or not preferred")
		}
	})
	t.Run("other passwords", func(t *testing.T) {
		for _, other := range []string{"", "pässwörd 密码 🔑", "  Pässwörd 密码 🔑 ", "  pässwörd 密码 🔑 \x00"} {
			if matches(t, hasher, domain.NewPassword(other), hash) {
				t.Errorf("%q matches", other)
			}
		}
	})
	t.Run("salt", func(t *testing.T) {
		if again := hashOf(t, hasher, password); again.Equal(hash.Secret) {
			t.Error("two hashes of one password are equal")
		}
	})
	t.Run("hopeless hashes", func(t *testing.T) {
		for _, encoded := range []string{"", "!", "!abc", "plain", "md5$a$b", "$$$", hash.Reveal()[:len(hash.Reveal())/2]} {
			damaged := domain.NewPasswordHash(encoded)
			if matches(t, hasher, password, damaged) || matches(t, hasher, domain.NewPassword(encoded), damaged) {
				t.Errorf("something matches the hash %q", encoded)
			}
			if hasher.Recognizes(damaged) || hasher.Preferred(damaged) {
				t.Errorf("the hash %q is recognized, or preferred", encoded)
			}
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := hasher.Hash(ctx, password); !errors.Is(err, context.Canceled) {
			t.Errorf("Hash: %v, want context.Canceled", err)
		}
		if _, err := hasher.Matches(ctx, password, hash); !errors.Is(err, context.Canceled) {
			t.Errorf("Matches: %v, want context.Canceled", err)
		}
	})
}

func hashOf(t *testing.T, hasher ports.PasswordHasher, password domain.Password) domain.PasswordHash {
	t.Helper()
	hash, err := hasher.Hash(t.Context(), password)
	if err != nil {
		t.Fatalf("Hash: %v", err)
	}
	return hash
}

func matches(t *testing.T, hasher ports.PasswordHasher, password domain.Password, hash domain.PasswordHash) bool {
	t.Helper()
	ok, err := hasher.Matches(t.Context(), password, hash)
	if err != nil {
		t.Fatalf("Matches: %v", err)
	}
	return ok
}
