package guess

// Each common word costs a share of maxCost: half of it, a third for the first thousand words,
// a quarter for the first hundred. A password is refused if its words cost maxCost at most: two
// words of any kind, three of the first thousand, or four of the first hundred. One that is made of
// the first hundred alone is refused however many there are (costOfVery).
const (
	maxCost = 12

	rankOfMostCommon, costOfMostCommon = 100, maxCost / 4
	rankOfCommon, costOfCommon         = 1000, maxCost / 3
	costOfOthers                       = maxCost / 2
)

const (
	// A common password counts as a part of another if it has leastCommon characters or
	// more, of which leastLetters are letters as typed. Shorter ones are in any text.
	leastCommon  = 4
	leastLetters = 3
	// mostWord is how many characters a word may have.
	mostWord = 64
	// maxLoose is how many letters beside one word make no difference.
	maxLoose = 2
)

// costOf returns the cost of a word by its rank, and 0 for a word that is not common.
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

// costOfVery is costOf, but returns 0 for all but the first hundred words.
func costOfVery(rank int) int {
	if rank > rankOfMostCommon {
		return 0
	}
	return costOf(rank)
}

// covered reports whether the password is words with only free characters around and between
// them. The words must cost limit at most; a limit of 0 is none. Beside one word there may be
// maxLoose letters. A word that comes again costs nothing.
func (g *guess) covered(cost func(rank int) int, limit int, lists ...*wordList) bool {
	end := g.cheapest(cost, g.step, lists...)
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

// tiled reports whether the password is words and nothing else. They must cost limit at most;
// a limit of 0 is none. Digits alone count as a word here, because random digits leave gaps.
func (g *guess) tiled(cost func(rank int) int, limit int, list *wordList) bool {
	end := g.cheapest(cost, nil, list)
	return end[0] > 1 && (limit == 0 || end[0]-1 <= limit)
}

// cheapest returns the least cost of the password plus 1, by the number of loose letters. 0
// means that words and steps do not make up the password. With a nil step there is nothing
// between words.
func (g *guess) cheapest(cost func(rank int) int, step func([][maxLoose + 1]int, int), lists ...*wordList) [maxLoose + 1]int {
	// best[i] is the same for the first i characters.
	best := make([][maxLoose + 1]int, len(g.runes)+1)
	best[0][0] = 1
	for i := range g.runes {
		if best[i] == ([maxLoose + 1]int{}) {
			continue
		}
		if step != nil {
			step(best, i)
		}
		for _, list := range lists {
			for _, word := range list.at(i) {
				c := cost(word.rank)
				if c == 0 || step != nil && word.letters < leastLetters {
					continue
				}
				if word.again {
					c = 0
				}
				reach(best, i, word.end, 0, c)
			}
		}
	}
	return best[len(g.runes)]
}

// inWords returns how many characters words can cover at most, if no two overlap.
func (g *guess) inWords(list *wordList) int {
	best := make([]int, len(g.runes)+1)
	for i := range g.runes {
		best[i+1] = max(best[i+1], best[i])
		for _, word := range list.at(i) {
			best[word.end] = max(best[word.end], best[i]+word.end-i)
		}
	}
	return best[len(g.runes)]
}

// step goes past one character outside words.
func (g *guess) step(best [][maxLoose + 1]int, i int) {
	if g.free[i] {
		reach(best, i, i+1, 0, 0)
	} else {
		reach(best, i, i+1, 1, 0)
	}
}

// reach carries the costs on from one place to another, where that makes them lower.
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

// A foundWord is a word in a password.
type foundWord struct {
	end     int  // the place after its last character
	rank    int  // how common it is
	letters int  // how many of its characters are letters as typed
	again   bool // it stands further ahead as well, perhaps in another spelling
}

// A wordList finds the words that begin at a place. It looks only when it is asked, because
// most places are never reached.
type wordList struct {
	guess          *guess
	rank           func(string) int
	least, letters int
	found          [][]foundWord
	asked          []bool
	ends           map[string]int // where each word ends for the first time
}

func (w *wordList) at(start int) []foundWord {
	if !w.asked[start] {
		w.asked[start] = true
		w.found[start] = w.wordsAt(start)
	}
	return w.found[start]
}

// find returns a list of the words that rank knows and that have so many characters and so
// many letters, or more.
func (g *guess) find(rank func(string) int, least, letters int) *wordList {
	return &wordList{g, rank, least, letters, make([][]foundWord, len(g.runes)), make([]bool, len(g.runes)), map[string]int{}}
}

func (w *wordList) wordsAt(start int) (all []foundWord) {
	g, letters := w.guess, 0
	for end := start + 1; end <= len(g.runes) && end-start <= mostWord; end++ {
		if !filler(g.runes[end-1]) {
			letters++
		}
		if end-start < w.least || letters < w.letters {
			continue
		}
		if rank, again := w.look(start, end); rank > 0 {
			all = append(all, foundWord{end, rank, letters, again})
		}
	}
	return all
}

// look returns the best rank of a part of the password in any reading, and whether the same
// word stands further ahead in that reading.
func (w *wordList) look(start, end int) (best int, again bool) {
	g := w.guess
	from, to := g.starts[start], g.starts[end]
	for i, reading := range g.readings {
		text := reading[from:to]
		if i > 0 && text == g.readings[0][from:to] {
			continue
		}
		rank := w.rank(text)
		if rank == 0 {
			continue
		}
		if best == 0 || rank < best {
			best = rank
		}
		if first, seen := w.ends[text]; !seen {
			w.ends[text] = end
		} else if first <= start {
			again = true
		}
	}
	return best, again
}
