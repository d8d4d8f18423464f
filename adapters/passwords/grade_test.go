package passwords_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"gatehouse/adapters/passwords"
	"gatehouse/domain"
)

// graded are hashes from the weakest to the best; what stands in one row is as good.
var graded = [][]string{
	{"md5$salt$0d107d09f5bbe40cade3de5c71e9e9b7", "letmein", "pbkdf2_sha256$0$salt$aGFzaA=="},
	{"pbkdf2_sha1$1000$salt$" + strings.Repeat("A", 27) + "="},
	{"pbkdf2_sha256$1000$salt$" + strings.Repeat("A", 43) + "="},
	{"pbkdf2_sha256$600000$salt$" + strings.Repeat("A", 43) + "="},
	{"bcrypt$$2b$12$" + strings.Repeat(".", 53)},
	{"bcrypt_sha256$$2b$10$" + strings.Repeat(".", 53)},
	{"bcrypt_sha256$$2b$12$" + strings.Repeat(".", 53)},
	{"scrypt$1024$salt$8$1$" + strings.Repeat("A", 86) + "=="},
	{"scrypt$16384$salt$8$1$" + strings.Repeat("A", 86) + "=="},
	{
		"argon2$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2E$" + strings.Repeat("A", 43),
		"argon2$argon2id$v=16$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2E$" + strings.Repeat("A", 43),
	},
	{"argon2$argon2id$v=19$m=19455,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$" + strings.Repeat("A", 43)},
	{
		"argon2$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$" + strings.Repeat("A", 43),
		"argon2$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHRzYWx0c2FsdA$" + strings.Repeat("A", 43),
	},
}

func TestWeakerThan(t *testing.T) {
	hasher := passwords.New(passwords.Config{}, time.Now)
	for bar, weaker := range map[string]int{ // how many rows are weaker
		"pbkdf2_sha1": 1, "pbkdf2_sha256": 2, "pbkdf2_sha256:1000": 2, "pbkdf2_sha256:1001": 3, "pbkdf2_sha256:600000": 3, "pbkdf2_sha256:4294967295": 4,
		"bcrypt": 4, "bcrypt:13": 5, "bcrypt_sha256:11": 6, "bcrypt_sha256:12": 6, "scrypt": 7, "scrypt:16384": 8, "argon2": 9, "argon2id": 11,
	} {
		weak, err := hasher.WeakerThan(bar)
		if err != nil {
			t.Errorf("%s: %v", bar, err)
			continue
		}
		for row, hashes := range graded {
			for _, hash := range hashes {
				if got := weak(domain.NewPasswordHash(hash)); got != (row < weaker) {
					t.Errorf("%q is weaker than %s: %t", hash, bar, got)
				}
			}
		}
	}
}

func TestWeakerThanRefuses(t *testing.T) {
	hasher := passwords.New(passwords.Config{}, time.Now)
	for _, bar := range []string{"", "md5", "Argon2id", "argon2id:19456", "argon2:1", "pbkdf2_sha256:", "pbkdf2_sha256:0", "pbkdf2_sha256:many", "bcrypt:-1", "bcrypt:99999999999"} {
		weak, err := hasher.WeakerThan(bar)
		if !errors.Is(err, domain.ErrUnknownHash) || weak != nil {
			t.Errorf("%q: %v, want that there is no such kind", bar, err)
		}
	}
}
