// Package guess says why a password is easy to guess. It takes strings, gives a verdict, and
// knows no other type of the house.
//
// [Judge] is the whole of it. It tries what attackers try: patterns of keys, common passwords,
// the person's name and address, the name of the place, and all of these in other spellings.
//
// The files follow one password. fold.go and guess.go write it as attackers compare it,
// pattern.go marks patterns, cover.go finds words and adds up what they cost, and similarity.go
// is the comparison that Django made.
package guess

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Known is what an attacker knows before the first guess.
type Known struct {
	// Common returns how common a text in lower case is: 1 for the most common, 0 for one that
	// is not common. Nil stands for a list without entries.
	Common func(text string) int
	// Personal are the names and addresses of the person, none of them empty.
	Personal []string
	// Local are the words of the place, such as the name of the shop.
	Local []string
}

// A Verdict says why a password is easy to guess.
type Verdict struct {
	// Pattern: it is a row of keys, a sequence, or the same few characters over and over.
	Pattern bool
	// Common: it is a common password, or is made of them.
	Common bool
	// Personal: it is similar to the person's names or address, or is made of them.
	Personal bool
	// Local: it is made of words of the place.
	Local bool
}

// Judge says why the password is easy to guess. A mix of common passwords and known words
// counts as common where nothing else is wrong.
//
// It may be called concurrently. The time grows with the length, so callers refuse long
// passwords first: some with 1,024 bytes take 50 ms.
func Judge(password string, known Known) (found Verdict) {
	g, rank := newGuess(password), known.Common
	if rank == nil {
		rank = func(string) int { return 0 }
	}
	personal, local := personalWords(known.Personal), wordSet(known.Local)
	common, joined := g.find(rank, leastCommon, leastLetters), g.joined()
	found.Pattern = g.isPattern()
	found.Common = g.isListed(rank) || g.isMix(common) || joined[len(joined)-1].isTiled(rank)
	found.Personal = tooSimilar(password, known.Personal) || g.isMadeOf(personal)
	found.Local = g.isMadeOf(local)
	if !found.Common && !found.Personal && !found.Local {
		found.Common = g.isMix(common, g.find(rankIn(personal), leastWord, 0), g.find(rankIn(local), leastWord, 0))
	}
	return found
}

// A guess is a password in the spellings that attackers try as one: in lower case, and with
// letters in place of look-alikes.
type guess struct {
	// readings are the password in lower case, and the same with letters for look-alikes. All
	// have the same length in bytes, so one index fits them all.
	readings []string
	runes    []rune // of the first reading
	starts   []int  // where each rune begins in a reading, and at last where the text ends
	// free marks runes that add next to nothing: digits, symbols, and parts of patterns.
	free []bool
	// patterned marks runes that belong to patterns.
	patterned []bool
}

// joined returns the guess, then without separators, then without any symbol. Separators go
// first, because a symbol may stand for a letter. The last guess has letters and digits only.
func (g *guess) joined() []*guess {
	all := []*guess{g}
	for _, drop := range []func(rune) rune{withoutSeparators, withoutSymbols} {
		if text := strings.Map(drop, g.readings[0]); text != all[len(all)-1].readings[0] {
			all = append(all, newGuess(text))
		}
	}
	return all
}

func newGuess(password string) *guess {
	plain := fold(password)
	g := &guess{readings: []string{plain}, runes: []rune(plain)}
	for _, one := range []string{"i", "l"} {
		if leet := unleet(plain, one); !slices.Contains(g.readings, leet) {
			g.readings = append(g.readings, leet)
		}
	}
	for i := range plain {
		g.starts = append(g.starts, i)
	}
	g.starts = append(g.starts, len(plain))
	g.patterned = patterns(g.runes)
	for i, r := range g.runes {
		g.free = append(g.free, g.patterned[i] || filler(r))
	}
	return g
}

// unleet undoes the usual substitutions. one is the letter for a 1: some people mean i, some l.
func unleet(text, one string) string {
	return strings.NewReplacer(
		"0", "o", "1", one, "!", "i", "|", "l", "3", "e", "4", "a", "@", "a", "5", "s", "$", "s", "7", "t", "+", "t", "8", "b", "9", "g", "(", "c",
	).Replace(text)
}

// filler reports whether r is a character that people put around words and between them: a
// digit, a symbol or white space.
func filler(r rune) bool {
	if r < utf8.RuneSelf {
		return r < 'a' || r > 'z'
	}
	return unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsDigit(r)
}

// isPattern reports whether the password is a repetition, has fewer than four different
// characters, or is a count. It also reports one that is half rows of keys and sequences, if
// hardly a letter is beside them.
func (g *guess) isPattern() bool {
	const fewest, longestUnit = 4, 8
	if n := len(distinct(g.runes)); n < fewest && len(g.runes) >= 2*fewest {
		return true
	}
	if unit := period(g.runes); unit < longestUnit && 2*unit <= len(g.runes) {
		return true
	}
	if counts(strings.Map(withoutSymbols, g.readings[0])) {
		return true
	}
	return 2*count(g.patterned) >= len(g.runes) && len(g.free)-count(g.free) <= maxLoose
}

// isTiled reports whether the password is common ones end to end. Here a common number, such as
// a date, counts as well.
func (g *guess) isTiled(rank func(string) int) bool {
	list := g.find(rank, leastCommon, 0)
	return g.tiled(costOf, maxCost, list) || g.tiled(costOfVery, 0, list)
}

// isMix reports whether the password is made of few words of the lists, or of very common ones.
func (g *guess) isMix(lists ...*wordList) bool {
	return g.covered(costOf, maxCost, lists...) || g.covered(costOfVery, 0, lists...)
}

// isListed reports whether the whole password is common, with or without filler.
func (g *guess) isListed(rank func(string) int) bool {
	first := slices.IndexFunc(g.runes, func(r rune) bool { return !filler(r) })
	last := len(g.runes)
	for last > 0 && filler(g.runes[last-1]) {
		last--
	}
	for _, reading := range g.readings {
		texts := []string{reading, strings.Map(withoutSeparators, reading)}
		if first >= 0 && last-first >= leastListed {
			core := reading[g.starts[first]:g.starts[last]]
			texts = append(texts, core, strings.Map(withoutFiller, core))
		}
		if slices.ContainsFunc(texts, func(text string) bool { return rank(text) > 0 }) {
			return true
		}
	}
	return false
}

// leastListed is how many characters a common password must have to count as the whole, once
// filler around it is taken off. [guess.covered] looks for shorter ones.
const leastListed = 8

func withoutSeparators(r rune) rune {
	if strings.ContainsRune(" -_.,/", r) {
		return -1
	}
	return r
}

func withoutSymbols(r rune) rune {
	if filler(r) && !unicode.IsDigit(r) {
		return -1
	}
	return r
}

func withoutFiller(r rune) rune {
	if filler(r) {
		return -1
	}
	return r
}

// isMadeOf reports whether at least half of the password is in the words, or all of it but
// filler.
func (g *guess) isMadeOf(words map[string]bool) bool {
	rank := rankIn(words)
	return slices.ContainsFunc(g.joined(), func(g *guess) bool {
		found := g.find(rank, leastWord, 0)
		return g.covered(costOf, 0, found) || len(g.runes) > 0 && 2*g.inWords(found) >= len(g.runes)
	})
}

func count(flags []bool) (n int) {
	for _, set := range flags {
		if set {
			n++
		}
	}
	return n
}
