package domain

import (
	"strings"
	"unicode"
	"unicode/utf8"
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

// MaxPasswordLength is the longest password, in bytes; a longer one is refused before
// anything is computed.
const MaxPasswordLength = 1024

// A PasswordRefusal says which rule a new password breaks. It is an [ErrPasswordRefused].
type PasswordRefusal struct {
	Rule PasswordRule
	// Limit is the number that the rule is about.
	Limit int
}

// A PasswordRule names a rule for new passwords.
type PasswordRule string

// The rules of [Policy.CheckNewPassword].
const (
	PasswordTooShort  PasswordRule = "too_short"
	PasswordTooLong   PasswordRule = "too_long"
	PasswordUnchanged PasswordRule = "unchanged"
	PasswordBlank     PasswordRule = "blank"
)

// Error names the rule and never the password.
func (r *PasswordRefusal) Error() string {
	return ErrPasswordRefused.Error() + ": " + string(r.Rule)
}

// Unwrap returns [ErrPasswordRefused].
func (r *PasswordRefusal) Unwrap() error { return ErrPasswordRefused }

// CheckNewPassword returns nil or a [PasswordRefusal]. The length is counted in code
// points; there are no rules of composition (NIST SP 800-63B-4, ASVS 6.2.5).
func (p Policy) CheckNewPassword(password Password) error {
	text := password.Reveal()
	switch {
	case len(text) > MaxPasswordLength:
		return &PasswordRefusal{PasswordTooLong, MaxPasswordLength}
	case utf8.RuneCountInString(text) < p.PasswordMinLength:
		return &PasswordRefusal{PasswordTooShort, p.PasswordMinLength}
	case strings.TrimFunc(text, blank) == "":
		return &PasswordRefusal{Rule: PasswordBlank}
	}
	return nil
}

// blank reports whether r is white space to the shop's Django, whose forms take what is
// nothing else for an empty field.
func blank(r rune) bool { return unicode.IsSpace(r) || '\x1c' <= r && r <= '\x1f' }

// CheckPasswordChange is [Policy.CheckNewPassword] for a person who has shown the present
// password; the new one must differ from it.
func (p Policy) CheckPasswordChange(old, new Password) error {
	if old.Equal(new.Secret) {
		return &PasswordRefusal{Rule: PasswordUnchanged}
	}
	return p.CheckNewPassword(new)
}
