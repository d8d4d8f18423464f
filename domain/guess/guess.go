package guess

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Known is what somebody who guesses knows.
type Known struct {
	// common says how common a text in lower case is, from 1 for the most common; 0 means
	// that it is not. Nil: none is.
	Common func(text string) int
	// personal are the names and addresses of the person, none of them empty.
	Personal []string
	// local are the words of the place.
	Local []string
}

// A verdict says why a password is easy to guess.
type verdict struct{ Pattern, Common, Personal, Local bool }

// Judge says what is wrong with a password. A mix of a common password and of known
// words counts as common where nothing else is wrong.
func Judge(password string, known Known) (found verdict) {
	g, rank := newGuess(password), known.Common
	if rank == nil {
		rank = func(string) int { return 0 }
	}
	personal, local := personalWords(known.Personal), wordSet(known.Local)
	common, joined := g.find(rank, leastCommon, leastLetters), g.joined()
	found.Pattern = g.isPattern()
	found.Common = g.listed(rank) || g.isMix(common) || joined[len(joined)-1].isTiled(rank)
	found.Personal = tooSimilar(password, known.Personal) || g.isMadeOf(personal)
	found.Local = g.isMadeOf(local)
	if !found.Common && !found.Personal && !found.Local {
		found.Common = g.isMix(common, g.find(rankIn(personal), leastWord, 0), g.find(rankIn(local), leastWord, 0))
	}
	return found
}

// A guess is a new password in the spellings that whoever guesses tries as one: in lower
// case, with letters for look-alikes, and what is between words apart.
type guess struct {
	// readings are the password in lower case, and the same with letters where digits and
	// symbols stand for them. They have the same length.
	readings []string
	runes    []rune // of the first reading
	starts   []int  // where each of runes begins in a reading, and the end
	// free are the runes that tell little: digits, symbols, and parts of patterns.
	free []bool
	// patterned are the runes that are parts of patterns.
	patterned []bool
}

// joined returns the guess, and those in which nothing separates words, without and with the
// symbols that may stand for letters. The last one is letters and digits alone.
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
	plain := foldPassword(password)
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

// unleet undoes the usual substitutions. A 1 is an i to some and an l to others.
func unleet(text, one string) string {
	return strings.NewReplacer(
		"0", "o", "1", one, "!", "i", "|", "l", "3", "e", "4", "a", "@", "a", "5", "s", "$", "s", "7", "t", "+", "t", "8", "b", "9", "g", "(", "c",
	).Replace(text)
}

// filler reports whether r is what people put around and between words.
func filler(r rune) bool {
	if r < utf8.RuneSelf {
		return r < 'a' || r > 'z'
	}
	return unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsDigit(r)
}

// isPattern reports whether the password is a repetition, has hardly any different
// characters, is a count, or is mostly rows of keys and sequences with no word beside them.
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

// isTiled reports whether the password is common ones and nothing else, which may be digits.
func (g *guess) isTiled(rank func(string) int) bool {
	list := g.find(rank, leastCommon, 0)
	return g.tiled(costOf, maxCost, list) || g.tiled(costOfVery, 0, list)
}

// isMix reports whether the password is made of common passwords, or of words that are known
// here, or of both.
func (g *guess) isMix(lists ...*wordList) bool {
	return g.covered(costOf, maxCost, lists...) || g.covered(costOfVery, 0, lists...)
}

// listed reports whether the password as a whole is in the list, with or without what is
// around and between its letters.
func (g *guess) listed(rank func(string) int) bool {
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

// leastListed is the least length of a whole password without what is around it. Shorter
// ones are for [guess.covered].
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

// isMadeOf reports whether half of the password or more is some of the words, or all of it
// but filler.
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
