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

// covered reports whether the password is one or more words with nothing but free characters
// around and between them. The words must cost limit at most, unless that is 0; beside one
// word there may be a few loose letters. A word that was there before costs nothing more.
//
// cost says what a word of so many letters costs; 0 means that it is none.
func (g *guess) covered(cost func(word string, letters int) int, limit int) bool {
	// best is the least cost of everything before a place plus 1, by the number of loose
	// letters; 0 means that there is no way.
	best := make([][maxLoose + 1]int, len(g.runes)+1)
	best[0][0] = 1
	for i := range g.runes {
		if best[i] == ([maxLoose + 1]int{}) {
			continue
		}
		g.step(best, i)
		g.eachWord(i, cost, func(end, cost int) { reach(best, i, end, 0, cost) })
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

// eachWord calls do with the end and the cost of each word that begins at a place. Digits
// alone are no word, whatever they look like.
func (g *guess) eachWord(start int, cost func(string, int) int, do func(end, cost int)) {
	letters := 0
	for end := start + 1; end <= len(g.runes) && end-start <= mostCommon; end++ {
		if !filler(g.runes[end-1]) {
			letters++
		}
		if end-start < leastWord || letters < 2 {
			continue
		}
		from, to := g.starts[start], g.starts[end]
		for i, reading := range g.readings {
			if i > 0 && reading[from:to] == g.readings[0][from:to] {
				continue
			}
			if c := cost(reading[from:to], end-start); c > 0 {
				if strings.Contains(g.readings[0][:from], g.readings[0][from:to]) {
					c = 0
				}
				do(end, c)
			}
		}
	}
}
