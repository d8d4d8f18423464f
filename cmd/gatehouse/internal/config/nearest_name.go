package config

import "strings"

// nearest returns the known name that name was probably meant to be, or "". Our prefix may
// have been put before a name that has none.
func nearest(name string, known []string) (near string) {
	name = strings.ToUpper(name)
	least := 0
	for _, candidate := range known {
		for _, written := range []string{name, strings.TrimPrefix(name, ownPrefix)} {
			d := distance(written, candidate)
			if d <= closeTo(candidate) && (near == "" || d < least) {
				near, least = candidate, d
			}
		}
	}
	return near
}

// closeTo is the greatest distance at which a name is still suggested: three letters, and
// less for a short name, which anything is near to.
func closeTo(name string) int { return min(3, len(name)/4) }

// distance is how many letters must be added, removed or replaced to make b of a
// (Levenshtein).
func distance(a, b string) int {
	if len(a) > 2*len(b) { // far anyway; bounds the work
		return len(a) - len(b)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
