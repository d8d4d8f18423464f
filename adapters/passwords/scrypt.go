package passwords

import (
	"crypto/subtle"
	"encoding/base64"
	"strings"

	"golang.org/x/crypto/scrypt"
)

// The ceilings of scrypt. maxScryptWork is that of work factor × block size × parallelism:
// 64 times the cost of Django's own choice, and 1 GiB when the parallelism is 1. OpenSSL,
// and so Django, stops at 32 MiB unless told otherwise; a shop may have told it.
const (
	maxScryptWork  = 1 << 23
	maxScryptBlock = 1 << 10
)

// scryptKeyLength is the length that Django asks for, in bytes.
const scryptKeyLength = 64

type scryptHash struct {
	work, block, lanes int
	salt               string
	key                []byte
}

// parseScrypt reads work_factor$salt$block_size$parallelism$key. The salt may be any text
// but "".
func parseScrypt(text string) (stored, bool) {
	fields := strings.Split(text, "$")
	if len(fields) != 5 || fields[1] == "" {
		return nil, false
	}
	work, okWork := parseNumber(fields[0], maxScryptWork)
	block, okBlock := parseNumber(fields[2], maxScryptBlock)
	lanes, okLanes := parseNumber(fields[3], maxLanes)
	key, okKey := parseBase64(base64.StdEncoding, fields[4])
	ok := okWork && okBlock && okLanes && okKey && len(key) == scryptKeyLength
	return scryptHash{int(work), int(block), int(lanes), fields[1], key},
		ok && scryptAllowed(uint64(work), uint64(block), uint64(lanes))
}

// scryptAllowed holds the work factor to a power of two that is more than 1 and less than
// 2^(16 × block size) (RFC 7914 §2), and the product to the ceiling.
func scryptAllowed(work, block, lanes uint64) bool {
	return work > 1 && work&(work-1) == 0 && (block > 1 || work < 1<<16) &&
		work*block <= maxScryptWork/lanes
}

func (s scryptHash) matches(password string) bool {
	key, err := scrypt.Key([]byte(password), []byte(s.salt), s.work, s.block, s.lanes, scryptKeyLength)
	return err == nil && subtle.ConstantTimeCompare(key, s.key) == 1
}
