package guess

// A word of a password costs a share of maxCost: half of it, a third if the word is among the
// first thousand, a quarter if it is among the first hundred. So two words of any kind are
// refused, and three of the first thousand, and four of the first hundred.
const (
	maxCost = 12

	rankOfMostCommon, costOfMostCommon = 100, maxCost / 4
	rankOfCommon, costOfCommon         = 1000, maxCost / 3
	costOfOthers                       = maxCost / 2
)

const (
	// leastCommon is the least length of a common password that counts as a part of
	// another, and mostWord that of the longest word of any list.
	leastCommon = 4
	mostWord    = 64
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

// tiled reports whether the password is words and nothing else, which cost limit at most,
// unless that is 0. Here digits alone are a word, too: at random they would leave a gap.
func (g *guess) tiled(cost func(rank int) int, limit int, list *wordList) bool {
	end := g.cheapest(cost, nil, list)
	return end[0] > 1 && (limit == 0 || end[0]-1 <= limit)
}

// cheapest returns what the password costs plus 1, by the number of loose letters; 0 means
// that there is no way. Without a step, nothing may be between the words.
func (g *guess) cheapest(cost func(rank int) int, step func([][maxLoose + 1]int, int), lists ...*wordList) [maxLoose + 1]int {
	// best is the same for everything before a place.
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

// inWords returns how many characters at most are in words that do not overlap.
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

// A foundWord is a word in a password, up to end, with so many letters as it stands. Again: it
// is there before as well, perhaps in another spelling.
type foundWord struct {
	end, rank, letters int
	again              bool
}

// A wordList has the words that begin at each place. It looks for them when it is asked: most
// places are never reached.
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

// find looks for words of which rank knows, with so many characters and so many letters at
// least.
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

// look returns the best rank that a part of the password has in any reading, and whether it
// was found further ahead in that reading.
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
