package domain_test

import (
	"errors"
	"strings"
	"testing"

	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestUsable(t *testing.T) {
	for encoded, want := range map[string]bool{
		"":                             false,
		"!":                            false,
		"!x7J2rTzvbQm9":                false,
		"pbkdf2_sha256$1$salt$aGFzaA=": true,
		"nonsense":                     true, // which matches nothing; that is for the hasher to find out
		" !":                           true,
	} {
		if got := domain.NewPasswordHash(encoded).Usable(); got != want {
			t.Errorf("%q is usable: %t, want %t", encoded, got, want)
		}
	}
	if (domain.PasswordHash{}).Usable() || domain.UnusablePassword.Usable() {
		t.Error("no hash, or the unusable one, is usable")
	}
}

func TestNewPasswordTakesEveryByte(t *testing.T) {
	for _, text := range []string{" a ", "\t\r\n", "e\u0301", "\u00E9", "a\x00b", "\xff"} {
		if got := domain.NewPassword(text).Reveal(); got != text {
			t.Errorf("the password %q has become %q", text, got)
		}
	}
}

func TestCheckNewPassword(t *testing.T) {
	const key = "\U0001F511" // four bytes
	for _, test := range []struct {
		name, password string
		rule           domain.PasswordRule // "" if it will do
	}{
		{"empty", "", domain.PasswordTooShort},
		{"14 letters", strings.Repeat("a", 14), domain.PasswordTooShort},
		{"15 letters", strings.Repeat("a", 15), ""},
		{"14 spaces", strings.Repeat(" ", 14), domain.PasswordTooShort},
		{"15 spaces", strings.Repeat(" ", 15), domain.PasswordBlank},
		{"15 times white space", "\t\n \u00a0\u2028\u3000\x1c\x1d\x1e\x1f\u0085     ", domain.PasswordBlank},
		{"14 spaces and a letter", strings.Repeat(" ", 14) + "a", ""},
		{"14 emoji", strings.Repeat(key, 14), domain.PasswordTooShort},
		{"15 emoji", strings.Repeat(key, 15), ""},
		{"8 letters with accents of their own", strings.Repeat("e\u0301", 8), ""},
		{"15 bytes that are not UTF-8", strings.Repeat("\xff", 15), ""},
		{"1024 bytes", strings.Repeat("a", 1024), ""},
		{"1025 bytes", strings.Repeat("a", 1025), domain.PasswordTooLong},
		{"256 emoji, 1024 bytes", strings.Repeat(key, 256), ""},
		{"257 emoji", strings.Repeat(key, 257), domain.PasswordTooLong},
		{"a megabyte", strings.Repeat("a", 1<<20), domain.PasswordTooLong},
	} {
		mustBreak(t, test.name, porttest.Policy().CheckNewPassword(domain.NewPassword(test.password)), test.rule)
	}
}

func TestCheckPasswordChange(t *testing.T) {
	const old = "kea open every bin"
	for _, test := range []struct {
		name, old, new string
		rule           domain.PasswordRule
	}{
		{"another", old, "weka steal the lunch", ""},
		{"the same", old, old, domain.PasswordUnchanged},
		{"the same, and short", "short", "short", domain.PasswordUnchanged},
		{"other case", old, "Kea open every bin", ""},
		{"a space more", old, old + " ", ""},
		{"composed and decomposed", "p\u00E9p\u00E9 opens every bin", "p\u00E9pe\u0301 opens every bin", ""},
		{"short", old, "short", domain.PasswordTooShort},
		{"long", old, strings.Repeat("a", 1025), domain.PasswordTooLong},
	} {
		err := porttest.Policy().CheckPasswordChange(domain.NewPassword(test.old), domain.NewPassword(test.new))
		mustBreak(t, test.name, err, test.rule)
	}
}

// mustBreak checks that err says that the rule is broken, and nothing of the password.
func mustBreak(t *testing.T, what string, err error, rule domain.PasswordRule) {
	t.Helper()
	if rule == "" {
		if err != nil {
			t.Errorf("%s: %v, want no refusal", what, err)
		}
		return
	}
	limits := map[domain.PasswordRule]int{domain.PasswordTooShort: 15, domain.PasswordTooLong: 1024, domain.PasswordUnchanged: 0}
	refusal, ok := errors.AsType[*domain.PasswordRefusal](err)
	if !ok || *refusal != (domain.PasswordRefusal{Rule: rule, Limit: limits[rule]}) {
		t.Errorf("%s: %v, want a refusal for %s at %d", what, err, rule, limits[rule])
		return
	}
	mustRefuse(t, what, err, domain.ErrPasswordRefused, domain.ReasonPasswordRefused)
	if want := "the new password is refused: " + string(rule); err.Error() != want {
		t.Errorf("%s: the error is %q, want %q", what, err, want)
	}
}
