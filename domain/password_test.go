package domain_test

import (
	"testing"

	"gatehouse/domain"
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
