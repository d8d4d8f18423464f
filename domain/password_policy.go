package domain

import (
	"gatehouse/domain/guess"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A PasswordChoice is a password that somebody wants to have, with what it is compared to.
type PasswordChoice struct {
	Password Password
	// Current is the present password, if it is known.
	Current Password
	// Owner is whose password it is to be.
	Owner Profile
	// Rank says how common a password in lower case is, from 1 for the most common; 0 means
	// that it is not. Nil: none is.
	Rank func(text string) int
	// Words are those of the place, such as the name of the shop, in lower case.
	Words []string
}

// CheckNewPassword returns nil or a [PasswordRefusal] with every rule that is broken. What
// is too long is looked at no further. The length is counted in code points; any character
// will do, in any composition, and a password never expires (NIST SP 800-63B-4, ASVS
// 6.2). It takes milliseconds at most.
func (p Policy) CheckNewPassword(choice PasswordChoice) error {
	text := choice.Password.Reveal()
	if len(text) > MaxPasswordLength {
		return RefusePassword(BrokenRule{PasswordTooLong, MaxPasswordLength})
	}
	var broken []BrokenRule
	add := func(is bool, rule PasswordRule, limit int) {
		if is {
			broken = append(broken, BrokenRule{rule, limit})
		}
	}
	isBlank := strings.TrimFunc(text, blank) == ""
	add(!choice.Current.Empty() && choice.Current.Equal(choice.Password.Secret), PasswordUnchanged, 0)
	add(utf8.RuneCountInString(text) < p.PasswordMinLength, PasswordTooShort, p.PasswordMinLength)
	add(isBlank && text != "", PasswordBlank, 0)
	if !isBlank {
		found := guess.Judge(text, guess.Known{Common: choice.Rank, Personal: attributes(choice.Owner), Local: choice.Words})
		add(found.Pattern, PasswordPattern, 0)
		add(found.Common, PasswordCommon, 0)
		add(found.Personal, PasswordPersonal, 0)
		add(found.Local, PasswordLocal, 0)
	}
	if len(broken) == 0 {
		return nil
	}
	return RefusePassword(broken...)
}

// blank reports whether r is white space to the shop's Django, whose forms take what is
// nothing else for an empty field.
func blank(r rune) bool { return unicode.IsSpace(r) || '\x1c' <= r && r <= '\x1f' }

// attributes are what a password must not be similar to; empty ones are left out.
func attributes(owner Profile) (all []string) {
	for _, value := range []string{
		string(owner.Email), owner.FirstName, owner.LastName, owner.PreferredName, owner.FullName(),
	} {
		if value != "" {
			all = append(all, value)
		}
	}
	return all
}
