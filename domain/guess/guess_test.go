package guess

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

// The expected values come from Python 3.11: difflib.SequenceMatcher(a=password,
// b=attribute).quick_ratio() in lower case, and what Django's validator makes of the
// attribute and its parts.
func TestSimilarityIsThatOfDjango(t *testing.T) {
	content, err := os.ReadFile("testdata/similarity.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		Password, Attribute string
		Similar             bool
		Ratio               float64
	}
	if err := json.Unmarshal(content, &rows); err != nil || len(rows) < 500 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		ratio := quickRatio([]rune(pythonLower(row.Password)), []rune(pythonLower(row.Attribute)))
		if math.Abs(ratio-row.Ratio) > 1e-12 {
			t.Errorf("%q and %q: the ratio is %v, want %v", row.Password, row.Attribute, ratio, row.Ratio)
		}
		if got := tooSimilar(row.Password, []string{row.Attribute}); got != row.Similar {
			t.Errorf("%q and %q are similar: %t, want %t", row.Password, row.Attribute, got, row.Similar)
		}
	}
}

func TestPeriod(t *testing.T) {
	for text, want := range map[string]int{"": 0, "a": 1, "aaaa": 1, "abab": 2, "ababa": 2, "abcab": 3, "abcd": 4, "aab": 3, "āwāw": 2} {
		if got := period([]rune(text)); got != want {
			t.Errorf("the period of %q is %d, want %d", text, got, want)
		}
	}
}

// longest is the length in bytes of the longest password that is judged.
const longest = 1024

// FuzzNewGuess: whatever is typed, the readings have one length, and every place is found.
func FuzzNewGuess(f *testing.F) {
	for _, text := range []string{"", "Pässw0rd!", "\xff\xfe", "İ", "ﬀ", "１２３", "🔑", "e\u0301", "\x00", strings.Repeat("a1", 512)} {
		f.Add(text)
	}
	personal := []string{"mere@kauri.example", "Mere", "\xff"}
	rank := func(text string) int { return len(text) % 5 }
	f.Fuzz(func(t *testing.T, text string) {
		text = text[:min(len(text), longest)]
		g := newGuess(text)
		for _, reading := range g.readings {
			if len(reading) != g.starts[len(g.runes)] || !utf8.ValidString(reading) {
				t.Fatalf("the reading %q of %q does not fit", reading, text)
			}
		}
		if len(g.free) != len(g.runes) || len(g.patterned) != len(g.runes) {
			t.Fatalf("%q: %d runes, %d free, %d patterned", text, len(g.runes), len(g.free), len(g.patterned))
		}
		Judge(text, Known{Common: rank, Personal: personal, Local: []string{"kauri", "x"}}) // it does not panic
	})
}

// A password of 1,024 bytes must not keep a processor busy: judging it takes some tens of milliseconds at worst.
func BenchmarkLongestPasswords(b *testing.B) {
	personal := []string{strings.Repeat("a.b-", 60) + "@kauri.example", strings.Repeat("ab ", 50), strings.Repeat("q1", 75)}
	ranks := map[string]func(string) int{
		"all common": func(text string) int { return len(text) }, "none common": func(string) int { return 0 },
	}
	for name, unit := range map[string]string{
		"one letter": "a", "digits": "839572048511294", "words": "password1", "half digits": "a1", "look-alikes": "p4$$w0rd!7+",
		"emoji": "🔑🚪", "letters": "xkqjzvbwmrtplhg", "letters in threes": "aaa1bbb2ccc3", "not UTF-8": "\xff\xc3a1",
	} {
		text := strings.Repeat(unit, longest/len(unit)+1)[:longest]
		for which, rank := range ranks {
			known := Known{Common: rank, Personal: personal, Local: []string{"gatehouse", "aaaaaaaa", "kauri"}}
			b.Run(name+"/"+which, func(b *testing.B) {
				for b.Loop() {
					Judge(text, known)
				}
			})
		}
	}
}

// A stretch counts from its least length on, in either direction, also if each key is typed twice.
func TestHowLongAPatternIs(t *testing.T) {
	for text, want := range map[string]string{
		"aax": "...", "aaax": "***.",
		"abcx": "....", "abcdx": "****.", "xdcba": ".****",
		"902": "...", "9012": "****", "2109": "****",
		"qwex": "....", "qwerx": "****.", "xrewq": ".****",
		"1qx": "...", "1qax": "***.", "xaq1": ".***",
		"aabbccddx": "********.", "xaabbccdd": ".********",
	} {
		var got strings.Builder
		for _, marked := range patterns([]rune(text)) {
			got.WriteByte(map[bool]byte{true: '*', false: '.'}[marked])
		}
		if got.String() != want {
			t.Errorf("of %q is marked %s, want %s", text, &got, want)
		}
	}
}

// Three numbers of up to four digits are a count, wherever it begins and whatever the step.
func TestWhatCounts(t *testing.T) {
	for digits, want := range map[string]bool{
		"123": true, "124": false, "135": true, "321": true, "102030": true, "99100101": true, "99910001001": true,
		"100010011002": true, "1000020000": false, "100001000110002": false, "12": false, "": false,
	} {
		if got := counts(digits); got != want {
			t.Errorf("%q counts: %t, want %t", digits, got, want)
		}
	}
}

// A password is a pattern if half of it is, and nothing but what fills is beside that.
func TestHalfAPattern(t *testing.T) {
	for patterned, want := range map[int]bool{5: false, 6: true} {
		g := newGuess("bxmvkptzrwdh")
		for i := range g.runes {
			g.free[i], g.patterned[i] = true, i < patterned
		}
		if got := g.isPattern(); got != want {
			t.Errorf("%d of %d characters are a pattern: %t, want %t", patterned, len(g.runes), got, want)
		}
	}
}

// A common password counts with what is around it from eight characters on.
func TestHowLongIsListed(t *testing.T) {
	for core, want := range map[string]bool{"kauritre": true, "kauritr": false} {
		rank := func(text string) int { return map[string]int{core: 1}[text] }
		if got := newGuess("12" + core + "!34").isListed(rank); got != want {
			t.Errorf("%q with something around it is listed: %t, want %t", core, got, want)
		}
	}
}

func TestWhatCommonWordsCost(t *testing.T) {
	for rank, want := range map[int][2]int{
		0: {0, 0}, 1: {costOfMostCommon, costOfMostCommon},
		rankOfMostCommon: {costOfMostCommon, costOfMostCommon}, rankOfMostCommon + 1: {costOfCommon, 0},
		rankOfCommon: {costOfCommon, 0}, rankOfCommon + 1: {costOfOthers, 0},
	} {
		if got := [2]int{costOf(rank), costOfVery(rank)}; got != want {
			t.Errorf("rank %d costs %v, want %v", rank, got, want)
		}
	}
}

// Two letters beside a common word do not save it; three do.
func TestLooseLetters(t *testing.T) {
	rank := func(text string) int { return map[string]int{"kauritree": 1}[text] }
	for text, want := range map[string]bool{"kauritree": true, "xkauritree": true, "xkauritreeb": true, "kauritreexb": true, "xkauritreebm": false} {
		g := newGuess(text)
		if got := g.covered(costOf, maxCost, g.find(rank, leastCommon, 0)); got != want {
			t.Errorf("%q is covered: %t, want %t", text, got, want)
		}
	}
}

// A word that was typed in digits before costs nothing when it comes again in letters.
func TestAWordThatComesAgainInAnotherSpelling(t *testing.T) {
	common := func(text string) int { return map[string]int{"xylograph": 5000, "quibble": 5000}[text] }
	words := []string{"boss"}
	for _, known := range []Known{{Common: common, Local: words}, {Common: common, Personal: words}} {
		for password, want := range map[string]bool{"xylographquibble": true, "xylographquibbleboss": false, "8055xylographquibbleboss": true} {
			if got := Judge(password, known); got != (Verdict{Common: want}) {
				t.Errorf("%q, personal %q, local %q: %+v, want common %t", password, known.Personal, known.Local, got, want)
			}
		}
	}
}
