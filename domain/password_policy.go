package domain

import (
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
		guess := newGuess(text)
		add(guess.isPattern(), PasswordPattern, 0)
		for _, rule := range guess.words(choice) {
			add(true, rule, 0)
		}
	}
	if len(broken) == 0 {
		return nil
	}
	return RefusePassword(broken...)
}

// words returns the rules about words that are broken. A mix of a common password and of known
// words counts as common where nothing else is wrong.
func (g *guess) words(choice PasswordChoice) (broken []PasswordRule) {
	personal, local := personalWords(choice.Owner), wordSet(choice.Words)
	rank := choice.Rank
	if rank == nil {
		rank = func(string) int { return 0 }
	}
	common, joined := g.find(rank, leastCommon, leastLetters), g.joined()
	if g.listed(rank) || g.isMix(common) || joined[len(joined)-1].isTiled(rank) {
		broken = append(broken, PasswordCommon)
	}
	if tooSimilar(choice.Password.Reveal(), choice.Owner) || g.isMadeOf(personal) {
		broken = append(broken, PasswordPersonal)
	}
	if g.isMadeOf(local) {
		broken = append(broken, PasswordLocal)
	}
	if len(broken) == 0 && g.isMix(common, g.find(rankIn(personal), leastWord, 0), g.find(rankIn(local), leastWord, 0)) {
		broken = append(broken, PasswordCommon)
	}
	return broken
}

// blank reports whether r is white space to the shop's Django, whose forms take what is
// nothing else for an empty field.
func blank(r rune) bool { return unicode.IsSpace(r) || '\x1c' <= r && r <= '\x1f' }
