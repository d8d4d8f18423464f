package passwords_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"gatehouse/adapters/passwords"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestContract(t *testing.T) {
	porttest.Passwords(t, passwords.New(passwords.Config{}, time.Now))
}

// cheap makes the hashes that these tests throw away cost next to nothing.
func cheap() *passwords.Hasher {
	return passwords.New(passwords.Config{Memory: 64, Time: 1}, time.Now)
}

func mustHash(t *testing.T, h *passwords.Hasher, password string) domain.PasswordHash {
	t.Helper()
	hash, err := h.Hash(t.Context(), domain.NewPassword(password))
	if err != nil {
		t.Fatalf("Hash: %v", err)
	}
	return hash
}

func matches(t *testing.T, h *passwords.Hasher, password string, hash domain.PasswordHash) bool {
	t.Helper()
	matched, err := h.Matches(t.Context(), domain.NewPassword(password), hash)
	if err != nil {
		t.Fatalf("Matches: %v", err)
	}
	return matched
}

// The file holds real passwords with what Django, argon2-cffi, bcrypt or OpenSSL made of
// them, and whether Django takes the password for that string.
func TestMatchesWhatDjangoMatches(t *testing.T) {
	text, err := os.ReadFile("testdata/django_hashes.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		Note, Password, Encoded string
		Matches                 bool
	}
	if err := json.Unmarshal(text, &rows); err != nil {
		t.Fatal(err)
	}
	hasher := cheap()
	for _, row := range rows {
		t.Run(row.Note, func(t *testing.T) {
			t.Parallel()
			got := matches(t, hasher, row.Password, domain.NewPasswordHash(row.Encoded))
			if got != row.Matches {
				t.Errorf("Matches = %t, want %t", got, row.Matches)
			}
		})
	}
}

func TestHash(t *testing.T) {
	spelling := regexp.MustCompile(
		`^argon2\$argon2id\$v=19\$m=128,t=3,p=2\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$`)
	hasher := passwords.New(passwords.Config{Memory: 128, Time: 3, Parallelism: 2}, time.Now)
	first, second := mustHash(t, hasher, "secret"), mustHash(t, hasher, "secret")

	if !spelling.MatchString(first.Reveal()) {
		t.Errorf("hash %q, want it like %v", first.Reveal(), spelling)
	}
	if first.Equal(second.Secret) {
		t.Error("two hashes of one password are the same")
	}
	for _, hash := range []domain.PasswordHash{first, second} {
		if !matches(t, hasher, "secret", hash) {
			t.Error("the password does not match its hash")
		}
		if matches(t, hasher, "Secret", hash) {
			t.Error("another password matches")
		}
		if !hasher.Preferred(hash) {
			t.Error("a new hash is not preferred")
		}
	}
}

func TestDefaultCost(t *testing.T) {
	hash := mustHash(t, passwords.New(passwords.Config{}, time.Now), "secret").Reveal()
	if want := "argon2$argon2id$v=19$m=19456,t=2,p=1$"; !strings.HasPrefix(hash, want) {
		t.Errorf("hash %q, want it to start with %q", hash, want)
	}
}

func TestPasswordIsTakenByteForByte(t *testing.T) {
	long := strings.Repeat("p", 72)
	hasher := cheap()
	for _, test := range []struct{ what, password, other string }{
		{"space at the end", "secret ", "secret"},
		{"space at the start", " secret", "secret"},
		{"composed or not", "caf\u00e9", "cafe\u0301"},
		{"byte 73", long + "a", long + "b"},
		{"the first 72 bytes", long + "a", long},
		{"NUL and what follows", "secret\x00a", "secret\x00b"},
		{"NUL at the end", "secret\x00", "secret"},
		{"bytes that are not UTF-8", "\xff", "\xfe"},
		{"case", "secret", "SECRET"},
		{"nothing", "secret", ""},
	} {
		t.Run(test.what, func(t *testing.T) {
			hash := mustHash(t, hasher, test.password)
			if !matches(t, hasher, test.password, hash) {
				t.Error("the password does not match its hash")
			}
			if matches(t, hasher, test.other, hash) {
				t.Error("another password matches")
			}
		})
	}
}

func TestPreferred(t *testing.T) {
	const (
		salt = "MDEyMzQ1Njc4OWFiY2RlZg"                      // 16 bytes
		tag  = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" // 32 bytes
	)
	hasher := passwords.New(passwords.Config{}, time.Now)
	for _, test := range []struct {
		what, encoded string
		want          bool
	}{
		{"as configured", "argon2$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$" + tag, true},
		{"Django's", "argon2$argon2id$v=19$m=102400,t=2,p=8$" + salt + "$" + tag[:22], true},
		{"more passes", "argon2$argon2id$v=19$m=19456,t=3,p=1$" + salt + "$" + tag, true},
		{"less memory", "argon2$argon2id$v=19$m=19455,t=2,p=1$" + salt + "$" + tag, false},
		{"less memory, more passes", "argon2$argon2id$v=19$m=12288,t=3,p=1$" + salt + "$" + tag, false},
		{"more memory, fewer passes", "argon2$argon2id$v=19$m=47104,t=1,p=1$" + salt + "$" + tag, false},
		{"argon2i", "argon2$argon2i$v=19$m=19456,t=2,p=1$" + salt + "$" + tag, false},
		{"argon2d", "argon2$argon2d$v=19$m=19456,t=2,p=1$" + salt + "$" + tag, false},
		{"version 16", "argon2$argon2id$v=16$m=19456,t=2,p=1$" + salt + "$" + tag, false},
		{"no version", "argon2$argon2id$m=19456,t=2,p=1$" + salt + "$" + tag, false},
		{"tag of 15 bytes", "argon2$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$" + tag[:20], false},
		{"salt of 15 bytes", "argon2$argon2id$v=19$m=19456,t=2,p=1$" + salt[:20] + "$" + tag, false},
		{"cost beyond the ceiling", "argon2$argon2id$v=19$m=262145,t=2,p=1$" + salt + "$" + tag, false},
		{"damaged", "argon2$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$" + tag + "=", false},
		{"pbkdf2", "pbkdf2_sha256$1200000$salt$" + tag + "=", false},
		{"unusable", domain.UnusablePassword.Reveal(), false},
		{"nothing", "", false},
	} {
		t.Run(test.what, func(t *testing.T) {
			if got := hasher.Preferred(domain.NewPasswordHash(test.encoded)); got != test.want {
				t.Errorf("Preferred = %t, want %t", got, test.want)
			}
		})
	}
}

func TestContextEndedBefore(t *testing.T) {
	hasher := cheap()
	secret, hash := domain.NewPassword("secret"), mustHash(t, hasher, "secret")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	if got, err := hasher.Hash(ctx, secret); !errors.Is(err, context.Canceled) || !got.Empty() {
		t.Errorf("Hash: error %v, empty %t; want %v and no hash", err, got.Empty(), context.Canceled)
	}
	if got, err := hasher.Matches(ctx, secret, hash); !errors.Is(err, context.Canceled) || got {
		t.Errorf("Matches = %t, %v; want false, %v", got, err, context.Canceled)
	}
}

// Argon2's work is the filling of its memory, so the memory that a call allocates tells
// what it computed.
func TestEveryRefusalCostsOneHash(t *testing.T) {
	const memory = 16 << 10 // KiB
	hasher := passwords.New(passwords.Config{Memory: memory, Time: 1}, time.Now)
	for what, encoded := range map[string]string{
		"another password":  mustHash(t, hasher, "secret").Reveal(),
		"unusable":          "!MboVpwORjcjr4pn07iwXeXYAaxOVmIsbBfKOi9D1",
		"nothing":           "",
		"unknown algorithm": "md5$salt$5ebe2294ecd0e0f08eab7690d2a6ee69",
		"pbkdf2 damaged":    "pbkdf2_sha256$1000$salt",
		"argon2 damaged":    "argon2$argon2id$v=19$m=16384,t=1,p=1$",
		"bcrypt damaged":    "bcrypt$$2b$12$",
		"scrypt damaged":    "scrypt$16384$salt$8$1$",
		"beyond a ceiling":  "argon2$argon2id$v=19$m=262145,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAA",
		"too long":          "pbkdf2_sha256$1000$" + strings.Repeat("s", 5000) + "$AAAA",
	} {
		t.Run(what, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			if matches(t, hasher, "wrong", domain.NewPasswordHash(encoded)) {
				t.Error("matches")
			}
			runtime.ReadMemStats(&after)
			got := (after.TotalAlloc - before.TotalAlloc) >> 10
			if got < memory || got > memory*5/4 {
				t.Errorf("allocated %d KiB, want about %d", got, memory)
			}
		})
	}
}

func TestConfigValidate(t *testing.T) {
	for _, test := range []struct {
		what   string
		config passwords.Config
		valid  bool
	}{
		{"defaults", passwords.Config{}, true},
		{"least memory", passwords.Config{Memory: 32, Parallelism: 4}, true},
		{"too little memory for the lanes", passwords.Config{Memory: 31, Parallelism: 4}, false},
		{"most memory", passwords.Config{Memory: 256 << 10, Time: 16}, true},
		{"too much memory", passwords.Config{Memory: 256<<10 + 1, Time: 1}, false},
		{"most passes", passwords.Config{Time: 64}, true},
		{"too many passes", passwords.Config{Time: 65}, false},
		{"too much of both", passwords.Config{Memory: 256 << 10, Time: 17}, false},
		{"workers below zero", passwords.Config{Workers: -1}, false},
		{"queue below zero", passwords.Config{QueueLength: -1}, false},
	} {
		t.Run(test.what, func(t *testing.T) {
			if err := test.config.Validate(); (err == nil) != test.valid {
				t.Errorf("Validate = %v, want valid %t", err, test.valid)
			}
		})
	}
}
