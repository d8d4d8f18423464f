package jwtsigner

import (
	"encoding/base64"
	"strings"

	"gatehouse/domain"
)

// base64url has one spelling for each sequence of bytes: no padding, no stray bits. Go's
// decoder also skips line breaks, so it may see only text that split has looked at.
var base64url = base64.RawURLEncoding.Strict()

func encode(bytes []byte) string { return base64url.EncodeToString(bytes) }

func decode(part string) ([]byte, bool) {
	bytes, err := base64url.DecodeString(part)
	return bytes, err == nil
}

// split takes a token apart (RFC 7515, 7.1) and reports false if it is too long, has not
// exactly three parts, or has an empty part or a character that belongs in none.
func split(compact string) (header, payload, signature string, ok bool) {
	if len(compact) > domain.MaxTokenLength || !inAlphabet(compact) {
		return "", "", "", false
	}
	header, rest, _ := strings.Cut(compact, ".")
	payload, signature, _ = strings.Cut(rest, ".")
	ok = header != "" && payload != "" && signature != "" && strings.IndexByte(signature, '.') < 0
	return header, payload, signature, ok
}

// inAlphabet looks for anything but base64url and dots. The sets are bits, and a shift too
// far gives zero: branches would be mispredicted at every other character.
func inAlphabet(compact string) bool {
	const (
		below64 uint64 = (1<<10-1)<<'0' | 1<<'-' | 1<<'.'
		above64 uint64 = (1<<26-1)<<('A'-64) | (1<<26-1)<<('a'-64) | 1<<('_'-64)
	)
	good := uint64(1)
	for i := range len(compact) {
		c := compact[i]
		good &= below64>>c | above64>>(c-64)
	}
	return good == 1
}
