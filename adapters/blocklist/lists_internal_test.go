package blocklist

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// The lists hold what their page says: so many entries, without duplicates, in lower case.
func TestListsAreWhatTheirPageSays(t *testing.T) {
	common, long := lines(commonList), lines(longList)
	for name, test := range map[string]struct {
		entries []string
		want    int
	}{"common": {common, 49_233}, "long": {long, 54_523}} {
		if len(test.entries) != test.want {
			t.Errorf("%s has %d entries, want %d", name, len(test.entries), test.want)
		}
		for _, entry := range test.entries {
			if entry == "" || !utf8.ValidString(entry) || entry != strings.ToLower(entry) {
				t.Errorf("%s has %q", name, entry)
			}
		}
	}
	if len(unpack().ranks) != len(common)+len(long) || !slices.IsSorted(long) {
		t.Error("an entry comes twice, or the long ones are not in order")
	}
	reach := 0
	for _, entry := range slices.Concat(common, long) {
		if utf8.RuneCountInString(entry) >= 15 {
			reach++
		}
	}
	page, err := os.ReadFile("lists/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"49,233", "54,523", "13,080"} {
		if !regexp.MustCompile(`\b` + want + `\b`).Match(page) {
			t.Errorf("the page of the lists does not say %s", want)
		}
	}
	if reach != 13_080 {
		t.Errorf("%d entries have 15 characters or more, want 13,080", reach)
	}
}
