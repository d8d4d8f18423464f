package domain

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"gatehouse/domain/guess"
)

// A PasswordChoice is a new password, with what it is compared to.
type PasswordChoice struct {
	Password Password
	// Current is the present password, if it is known.
	Current Password
	// Owner is the person whose password it is to be.
	Owner Profile
	// Rank returns how common a password in lower case is: 1 for the most common, 0 for one
	// that is not common. Nil stands for a list without entries.
	Rank func(text string) int
	// Words belong to the place, such as the name of the shop.
	Words []string
}

// CheckNewPassword returns nil, or a [PasswordRefusal] with every rule that is broken. A
// password of more than [MaxPasswordLength] bytes gets no other answer.
//
// The least length is counted in code points. Any character will do, in any mixture, and no
// password expires (NIST SP 800-63B-4, ASVS 6.2). Package [gatehouse/domain/guess] finds what
// is easy to guess. That takes a few milliseconds as a rule, and tens of them at worst.
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

// blank reports whether r is white space to the shop's Django. Its forms take a field of
// white space for an empty one.
func blank(r rune) bool { return unicode.IsSpace(r) || '\x1c' <= r && r <= '\x1f' }

// attributes are the names and the address that a password must not resemble. Empty ones are
// left out.
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
