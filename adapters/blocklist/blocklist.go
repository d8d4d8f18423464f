package blocklist

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the lists
	"io"
	"slices"
	"strings"
	"sync"

	"gatehouse/ports"
)

// commonList has 49,233 passwords of any length, the most common first.
//
//go:embed lists/common.txt.gz
var commonList []byte

// longList has 54,523 more of 12 to 64 characters, in the order of their bytes.
//
//go:embed lists/long.txt.gz
var longList []byte

// A Blocklist is a [ports.PasswordBlocklist].
type Blocklist struct {
	words []string
	ranks func() map[string]int
}

var _ ports.PasswordBlocklist = (*Blocklist)(nil)

// A Config says what is refused besides common passwords: Words of the place, in any case.
type Config struct {
	Words []string
}

// New returns the list.
func New(config Config) *Blocklist {
	return &Blocklist{slices.Clone(config.Words), sync.OnceValue(unpack)}
}

// Rank implements [ports.PasswordBlocklist]. The long ones, which come in no order, are all
// less common than the others.
func (b *Blocklist) Rank(text string) int {
	return b.ranks()[text]
}

// Words implements [ports.PasswordBlocklist].
func (b *Blocklist) Words() []string { return slices.Clone(b.words) }

func unpack() map[string]int {
	common, long := lines(commonList), lines(longList)
	ranks := make(map[string]int, len(common)+len(long))
	for _, password := range long {
		ranks[password] = len(common) + 1
	}
	for i, password := range common {
		ranks[password] = i + 1
	}
	return ranks
}

// lines panics if a list is not as it was built into the program, which a test reads.
func lines(packed []byte) []string {
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		panic(err)
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		panic(err)
	}
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}
