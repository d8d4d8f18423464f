package domain

import "strings"

// What a word of a password costs, by how common it is, and what all of them may cost: two
// words of any kind, three if they are rather common, four of the most common ones.
const (
	maxCost = 8

	rankOfMostCommon, costOfMostCommon = 100, 2
	rankOfCommon, costOfCommon         = 1000, 3
	costOfOthers                       = 4
)

const (
	// leastCommon and mostCommon are the lengths of a common password that counts as a
	// part of another. Names may be longer.
	leastCommon = 4
	mostCommon  = 24
	// leastLetters is how many characters of a word are letters as they stand.
	leastLetters = 3
	// maxLoose is how many letters beside one word do not save it.
	maxLoose = 2
)

// costOf returns 0 for a rank that says that the word is not common.
func costOf(rank int) int {
	switch {
	case rank == 0:
		return 0
	case rank <= rankOfMostCommon:
		return costOfMostCommon
	case rank <= rankOfCommon:
		return costOfCommon
	}
	return costOfOthers
}

// costOfVery is costOf, but only the most common words are words.
func costOfVery(rank int) int {
	if rank > rankOfMostCommon {
		return 0
	}
	return costOf(rank)
}

// covered reports whether the password is one or more words with nothing but free characters
// around and between them. The words must cost limit at most, unless that is 0; beside one
// word there may be a few loose letters. A word that was there before costs nothing more.
func (g *guess) covered(cost func(rank int) int, limit int, lists ...*wordList) bool {
	// best is the least cost of everything before a place plus 1, by the number of loose
	// letters; 0 means that there is no way.
	best := make([][maxLoose + 1]int, len(g.runes)+1)
	best[0][0] = 1
	for i := range g.runes {
		if best[i] == ([maxLoose + 1]int{}) {
			continue
		}
		g.step(best, i)
		for _, list := range lists {
			for _, word := range list.at(i) {
				if c := cost(word.rank); c > 0 && word.again {
					reach(best, i, word.end, 0, 0)
				} else if c > 0 {
					reach(best, i, word.end, 0, c)
				}
			}
		}
	}
	end := best[len(g.runes)]
	if end[0] > 1 && (limit == 0 || end[0]-1 <= limit) {
		return true
	}
	for _, loose := range end[1:] {
		if loose > 1 && loose-1 <= costOfOthers {
			return true
		}
	}
	return false
}

// step goes past one character that is in no word.
func (g *guess) step(best [][maxLoose + 1]int, i int) {
	if g.free[i] {
		reach(best, i, i+1, 0, 0)
	} else {
		reach(best, i, i+1, 1, 0)
	}
}

// reach notes the ways that lead on from one place to another.
func reach(best [][maxLoose + 1]int, from, to, loose, cost int) {
	for had, before := range best[from] {
		if before == 0 || had+loose > maxLoose {
			continue
		}
		if there := &best[to][had+loose]; *there == 0 || before+cost < *there {
			*there = before + cost
		}
	}
}

// A foundWord is a word in a password, up to end. Again: it is there before as well.
type foundWord struct {
	end, rank int
	again     bool
}

// A wordList has the words that begin at each place. It looks for them when it is asked: most
// places are never reached.
type wordList struct {
	guess *guess
	rank  func(string) int
	least int
	found [][]foundWord
	asked []bool
}

func (w *wordList) at(start int) []foundWord {
	if !w.asked[start] {
		w.asked[start] = true
		w.found[start] = w.guess.wordsAt(start, w.rank, w.least)
	}
	return w.found[start]
}

// find looks for words of which rank knows, of so many characters at least. Digits with
// hardly a letter are no word, whatever they look like: random ones would be.
func (g *guess) find(rank func(string) int, least int) *wordList {
	return &wordList{g, rank, least, make([][]foundWord, len(g.runes)), make([]bool, len(g.runes))}
}

func (g *guess) wordsAt(start int, rank func(string) int, least int) (all []foundWord) {
	letters := 0
	for end := start + 1; end <= len(g.runes) && end-start <= mostCommon; end++ {
		if !filler(g.runes[end-1]) {
			letters++
		}
		if end-start < least || letters < leastLetters {
			continue
		}
		if found := g.rankOf(start, end, rank); found > 0 {
			from, to := g.starts[start], g.starts[end]
			again := strings.Contains(g.readings[0][:from], g.readings[0][from:to])
			all = append(all, foundWord{end, found, again})
		}
	}
	return all
}

// rankOf is the best rank that a part of the password has in any reading.
func (g *guess) rankOf(start, end int, rank func(string) int) (best int) {
	from, to := g.starts[start], g.starts[end]
	for i, reading := range g.readings {
		if i > 0 && reading[from:to] == g.readings[0][from:to] {
			continue
		}
		if found := rank(reading[from:to]); found > 0 && (best == 0 || found < best) {
			best = found
		}
	}
	return best
}
