package domain

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxEmailLength is the longest address accepted, in characters (RFC 5321 leaves 254).
const MaxEmailLength = 254

// An Email is an address as the shop writes it. Two addresses are the same account when
// their keys are equal.
type Email string

// An EmailKey is the form in which addresses are compared: ASCII letters in lower case,
// every other character as it is. Unicode case folding is left out on purpose: it would
// make a Kelvin sign a k and open somebody else's account.
type EmailKey string

// Key returns the form in which e is compared and stored uniquely.
func (e Email) Key() EmailKey { return EmailKey(lowerASCII(string(e))) }

// ParseEmail checks an address that is about to be stored. What is typed at sign-in need
// not pass: it just finds nobody.
//
// One address must have one spelling, so white space, control and invisible characters
// and combining marks (the decomposed form of é) are refused.
func ParseEmail(text string) (Email, error) {
	local, host, found := strings.Cut(text, "@")
	switch {
	case !utf8.ValidString(text):
		return "", errors.New("the e-mail address is not valid UTF-8")
	case utf8.RuneCountInString(text) > MaxEmailLength:
		return "", errors.New("the e-mail address is longer than 254 characters")
	case strings.ContainsFunc(text, ambiguous):
		return "", errors.New("the e-mail address contains white space, an invisible character or a combining mark")
	case !found || local == "" || host == "" || strings.ContainsAny(host, "@"):
		return "", errors.New("the e-mail address is not of the form name@host")
	case strings.ContainsAny(text, `"(),:;<>[\]`):
		return "", errors.New("the e-mail address contains a quote, bracket or comma")
	}
	return Email(text), nil
}

func ambiguous(r rune) bool {
	return unicode.IsSpace(r) || unicode.Is(unicode.C, r) || unicode.Is(unicode.Z, r) || unicode.Is(unicode.M, r)
}

func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + ('a' - 'A')
		}
		return r
	}, s)
}
