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
	lists func() lists
}

var _ ports.PasswordBlocklist = (*Blocklist)(nil)

// lists are the ranks, and a bit for each length that there is of entries with the same two
// first bytes. Most of what is looked up is not there, and is told by that.
type lists struct {
	ranks   map[string]int
	lengths []uint64
}

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
	lists := b.lists()
	if at, bit := place(text); lists.lengths[at]&bit == 0 {
		return 0
	}
	return lists.ranks[text]
}

// Words implements [ports.PasswordBlocklist].
func (b *Blocklist) Words() []string { return slices.Clone(b.words) }

func unpack() lists {
	common, long := lines(commonList), lines(longList)
	ranks := make(map[string]int, len(common)+len(long))
	for _, password := range long {
		ranks[password] = len(common) + 1
	}
	for i, password := range common {
		ranks[password] = i + 1
	}
	lengths := make([]uint64, 1<<16)
	for password := range ranks {
		at, bit := place(password)
		lengths[at] |= bit
	}
	return lists{ranks, lengths}
}

// place is where a text stands in lengths, which the longest ones share.
func place(text string) (at int, bit uint64) {
	if len(text) < 2 {
		return 0, 1 << len(text)
	}
	return int(text[0])<<8 | int(text[1]), 1 << min(len(text), 63)
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
