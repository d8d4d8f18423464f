package domain

import (
	"slices"
	"strings"
)

// A Password is what a person types, byte for byte.
type Password struct{ Secret }

// NewPassword wraps the bytes as they came: nothing is trimmed or normalised
// (NIST SP 800-63B, ASVS 6.2.8).
func NewPassword(text string) Password { return Password{NewSecret(text)} }

// A PasswordHash is a stored password in Django's spelling: algorithm$parameters$hash.
type PasswordHash struct{ Secret }

// NewPasswordHash wraps an encoded hash without looking at it.
func NewPasswordHash(encoded string) PasswordHash { return PasswordHash{NewSecret(encoded)} }

// UnusablePassword is a hash that no password matches, as Django writes it.
var UnusablePassword = NewPasswordHash("!")

// Usable reports whether some password might match: the hash is there and is not one of
// Django's unusable ones, which start with "!".
func (h PasswordHash) Usable() bool {
	return !h.Empty() && !strings.HasPrefix(h.Reveal(), "!")
}

// HashAlgorithms names the algorithms of the hashes that Django makes, the weakest first. The
// import takes hashes of these and no others, and package passwords checks them.
func HashAlgorithms() []string {
	return []string{"pbkdf2_sha1", "pbkdf2_sha256", "bcrypt", "bcrypt_sha256", "scrypt", "argon2"}
}

// Algorithm returns the name in front of the hash, if it is one of [HashAlgorithms], and else
// "". The text may be a password as it was typed, so it must not be shown.
func (h PasswordHash) Algorithm() string {
	name, _, hashed := strings.Cut(h.Reveal(), "$")
	if !hashed || !slices.Contains(HashAlgorithms(), name) {
		return ""
	}
	return name
}

// MaxPasswordLength is the longest password, in bytes; a longer one is refused before
// anything is computed.
const MaxPasswordLength = 1024
