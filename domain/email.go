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

// ambiguous reports whether r cannot be seen, or is a part of a character that can also be
// written as one.
func ambiguous(r rune) bool {
	return unicode.IsSpace(r) || unicode.In(r, unicode.C, unicode.Z, unicode.M,
		unicode.Other_Default_Ignorable_Code_Point, conjoiningJamo)
}

// conjoiningJamo are the parts of decomposed Korean syllables.
var conjoiningJamo = &unicode.RangeTable{R16: []unicode.Range16{
	{Lo: 0x1100, Hi: 0x11ff, Stride: 1}, {Lo: 0xa960, Hi: 0xa97c, Stride: 1}, {Lo: 0xd7b0, Hi: 0xd7fb, Stride: 1},
}}

func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + ('a' - 'A')
		}
		return r
	}, s)
}
