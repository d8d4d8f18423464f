package guess

import (
	"slices"
	"strconv"
	"strings"
)

// keyRows are rows of keys along which people draw. Their letters are without marks, because so
// they are compared. keyColumns go down.
var (
	keyRows = []string{
		"`1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", // here and in the USA
		"qwertzuiopu", "yxcvbnm,.-", "asdfghjkloa", "azertyuiop", "qsdfghjklm", "wxcvbn", // in Germany and France
		"!@#$%^&*()_+", "!\"§$%&/()=",
	}
	keyColumns = []string{"1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik,", "9ol.", "0p;/"}
)

// How many characters a stretch must have to count. Shorter ones are in ordinary words, too.
const (
	leastRepeat   = 3
	leastSequence = 4
	leastRow      = 4
	leastColumn   = 3
)

// patterns marks the characters of repetitions, sequences and rows of keys. Typing each key more
// than once makes no difference.
func patterns(text []rune) []bool {
	marked := make([]bool, len(text))
	single := slices.Compact(slices.Clone(text))
	once, at := stretches(single), 0
	for i, own := range stretches(text) {
		if i > 0 && text[i] != text[i-1] {
			at++
		}
		marked[i] = own || once[at]
	}
	return marked
}

// stretches marks the characters of patterns in which each key is typed once.
func stretches(text []rune) []bool {
	marked := make([]bool, len(text))
	mark := func(least int, goesOn func(a, b rune) bool) {
		for start := 0; start < len(text); {
			end := start + 1
			for end < len(text) && goesOn(text[end-1], text[end]) {
				end++
			}
			for i := start; end-start >= least && i < end; i++ {
				marked[i] = true
			}
			start = end
		}
	}
	mark(leastRepeat, func(a, b rune) bool { return a == b })
	for _, by := range []rune{1, -1} {
		mark(leastSequence, func(a, b rune) bool { return digit(a) && digit(b) && (b == a+by || b == a-9*by) })
		mark(leastSequence, func(a, b rune) bool { return b == a+by })
	}
	markAlong(text, mark)
	return marked
}

// markAlong marks rows and columns of keys, both ways. It tries each line by itself, because a
// key is in several.
func markAlong(text []rune, mark func(int, func(a, b rune) bool)) {
	for least, lines := range map[int][]string{leastRow: keyRows, leastColumn: keyColumns} {
		for _, line := range lines {
			if !strings.ContainsAny(line, string(text)) {
				continue
			}
			follows := map[[2]rune]bool{}
			keys := []rune(line)
			for i, key := range keys[1:] {
				follows[[2]rune{keys[i], key}] = true
			}
			mark(least, func(a, b rune) bool { return follows[[2]rune{a, b}] })
			mark(least, func(a, b rune) bool { return follows[[2]rune{b, a}] })
		}
	}
}

func digit(r rune) bool { return '0' <= r && r <= '9' }

// counts reports whether the digits are three or more numbers in equal steps, such as 101214.
// The last number may be cut off.
func counts(digits string) bool {
	const longest = 4
	for one := 1; one <= longest; one++ {
		for two := 1; two <= longest && one+2*two <= len(digits); two++ {
			first, err := strconv.Atoi(digits[:one])
			second, err2 := strconv.Atoi(digits[one : one+two])
			if err == nil && err2 == nil && strings.HasPrefix(counted(first, second-first, len(digits)), digits) {
				return true
			}
		}
	}
	return false
}

// counted writes numbers in equal steps until there are length characters.
func counted(number, by, length int) string {
	var text strings.Builder
	for ; text.Len() < length && number >= 0; number += by {
		text.WriteString(strconv.Itoa(number))
	}
	return text.String()
}

// period is the length of the shortest text that makes up the given one when it is repeated. The
// last repetition may be cut off.
func period(text []rune) int {
	// border[i] is the length of the longest part that text[:i+1] both begins and ends with,
	// short of all of it (Knuth, Morris and Pratt).
	border := make([]int, len(text))
	for i := 1; i < len(text); i++ {
		n := border[i-1]
		for n > 0 && text[n] != text[i] {
			n = border[n-1]
		}
		if text[n] == text[i] {
			n++
		}
		border[i] = n
	}
	if len(text) == 0 {
		return 0
	}
	return len(text) - border[len(text)-1]
}

func distinct(text []rune) map[rune]bool {
	seen := map[rune]bool{}
	for _, r := range text {
		seen[r] = true
	}
	return seen
}
