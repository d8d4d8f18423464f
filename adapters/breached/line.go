package breached

import (
	"errors"
	"strings"
)

// hashLength is the length of a SHA-1 hash in hex, prefixLength that of the part of it which
// names a range.
const (
	hashLength   = 40
	prefixLength = 5
)

// maxLine is the length of the longest line with its end, in bytes: more than a hash and a
// number of ten digits have.
const maxLine = 128

var errMalformed = errors.New("there is a line that is not HASH:count, with a SHA-1 hash in hex: is this a list of SHA-1 hashes?")

// parse takes a line apart. It returns the hash, or the rest of one, in upper case, and
// whether anybody has been seen with it: lines that are there for padding count nobody.
func parse(line string, digits int) (hash string, seen bool, err error) {
	hash, number, found := strings.Cut(strings.TrimSuffix(line, "\r"), ":")
	if !found || len(hash) != digits || strings.Trim(hash, hexDigits) != "" || number == "" || strings.Trim(number, "0123456789") != "" {
		return "", false, errMalformed
	}
	return strings.ToUpper(hash), strings.Trim(number, "0") != "", nil
}

const hexDigits = "0123456789ABCDEFabcdef"
