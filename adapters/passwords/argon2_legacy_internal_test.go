package passwords

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/crypto/argon2"
)

// Where x/crypto can compute the same, it must come out the same. What it cannot is in
// testdata/django_hashes.json, made by the reference implementation.
func TestArgon2LegacyAgreesWithXCrypto(t *testing.T) {
	salt, password := []byte("somesaltsomesalt"), strings.Repeat("secret", 30)
	for _, cost := range []argon2Cost{
		{argon2i, argon2.Version, 8, 1, 1},
		{argon2i, argon2.Version, 67, 3, 2},
		{argon2i, argon2.Version, 2200, 2, 1}, // more than two blocks of addresses a segment
		{argon2i, argon2.Version, 600, 4, 5},
		{argon2id, argon2.Version, 8, 1, 1},
		{argon2id, argon2.Version, 64, 2, 8},
		{argon2id, argon2.Version, 2200, 2, 1},
		{argon2id, argon2.Version, 601, 5, 3},
	} {
		for _, length := range []int{4, 64, 65, 200} {
			t.Run(fmt.Sprint(cost, length), func(t *testing.T) {
				got := argon2Legacy(cost, []byte(password), salt, uint32(length))
				if want := cost.key(password, salt, length); !bytes.Equal(got, want) {
					t.Errorf("%x, want %x", got, want)
				}
			})
		}
	}
}
