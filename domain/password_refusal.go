package domain

import (
	"fmt"
	"strings"
)

// A PasswordRefusal says which rules a new password breaks, all of them. It is an
// [ErrPasswordRefused].
type PasswordRefusal struct {
	Broken []BrokenRule // at least one
}

// A BrokenRule is a rule that a new password breaks.
type BrokenRule struct {
	Rule PasswordRule
	// Limit is the number that the rule is about, if it is about one.
	Limit int
}

// A PasswordRule names a rule for new passwords.
type PasswordRule string

// The rules. See [Policy.CheckNewPassword]; [PasswordBreached] and, where only a hash is
// known, [PasswordUnchanged] are found out elsewhere.
const (
	PasswordUnchanged PasswordRule = "unchanged"
	PasswordTooLong   PasswordRule = "too_long"
	PasswordTooShort  PasswordRule = "too_short"
	PasswordBlank     PasswordRule = "blank"
	PasswordPattern   PasswordRule = "pattern"
	PasswordCommon    PasswordRule = "common"
	PasswordPersonal  PasswordRule = "personal"
	PasswordLocal     PasswordRule = "local"
	PasswordBreached  PasswordRule = "breached"
)

// RefusePassword makes a refusal of the rules that are broken.
func RefusePassword(broken ...BrokenRule) *PasswordRefusal { return &PasswordRefusal{broken} }

// Error names the rules and never the password.
func (r *PasswordRefusal) Error() string {
	var rules []string
	for _, broken := range r.Broken {
		rules = append(rules, string(broken.Rule))
	}
	return ErrPasswordRefused.Error() + ": " + strings.Join(rules, ", ")
}

// Unwrap returns [ErrPasswordRefused].
func (r *PasswordRefusal) Unwrap() error { return ErrPasswordRefused }

// Sentences tell a person what is wrong with the password, and what to do about it.
func (r *PasswordRefusal) Sentences() (all []string) {
	for _, broken := range r.Broken {
		all = append(all, broken.sentence())
	}
	return all
}

const chooseWords = "Choose four or more words that have nothing to do with each other."

func (b BrokenRule) sentence() string {
	switch b.Rule {
	case PasswordTooShort:
		return fmt.Sprintf("This password is too short. It must contain at least %d characters.", b.Limit)
	case PasswordTooLong:
		return fmt.Sprintf("This password is too long. It must contain at most %d bytes.", b.Limit)
	case PasswordBlank:
		return "This field may not be blank."
	case PasswordUnchanged:
		return "This is the present password. Choose another one."
	case PasswordPattern:
		return "This password is a pattern: a row of keys, a sequence, or the same few characters over and over. " + chooseWords
	case PasswordCommon:
		return "This password is too common: it is one that many people use, or is made of such ones. " + chooseWords
	case PasswordPersonal:
		return "This password is too similar to the person's name or e-mail address. " + chooseWords +
			" If these are such words, choose different ones."
	case PasswordLocal:
		return "This password is mainly a word that belongs to this place, such as the name of the service. " + chooseWords
	case PasswordBreached:
		return "This password has appeared in a data breach. Choose another one, and change it wherever else it is used."
	}
	return "This password cannot be used. Choose another one."
}
