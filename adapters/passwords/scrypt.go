package passwords

import (
	"crypto/subtle"
	"encoding/base64"
	"strings"
	"time"

	"golang.org/x/crypto/scrypt"
)

// The ceilings of scrypt besides [maxMemory]. maxScryptWork is that of work factor × block
// size × parallelism: 64 times the cost of Django's own choice. OpenSSL, and so Django,
// stops at 32 MiB unless told otherwise; a shop may have told it.
const (
	maxScryptWork  = 1 << 23
	maxScryptBlock = 1 << 10
)

// scryptKeyLength is the length that Django asks for, in bytes.
const scryptKeyLength = 64

// A scryptCost is what a hash says about its making: N, r and p of RFC 7914.
type scryptCost struct {
	work, block, lanes uint64
}

// allowed reports whether the work factor is a power of two that is more than 1 and less
// than 2^(16 × block size) (RFC 7914 §2), and the products lie within the ceilings. The
// numbers are not zero.
func (c scryptCost) allowed() bool {
	return c.work > 1 && c.work&(c.work-1) == 0 && (c.block > 1 || c.work < 1<<16) &&
		c.memory() <= maxMemory && c.work*c.block <= maxScryptWork/c.lanes
}

// memory is the size of the table in KiB. The ceilings keep all else so small that a check
// with a table of 32 MiB or less never needs more than 36 MiB.
func (c scryptCost) memory() uint64 { return 128 * c.work * c.block / 1024 }

type scryptHash struct {
	scryptCost
	salt string
	key  []byte
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
	cost := scryptCost{uint64(work), uint64(block), uint64(lanes)}
	ok := okWork && okBlock && okLanes && okKey && len(key) == scryptKeyLength && cost.allowed()
	return scryptHash{cost, fields[1], key}, ok
}

func (s scryptHash) matches(password string) bool {
	key, err := scrypt.Key([]byte(password), []byte(s.salt),
		int(s.work), int(s.block), int(s.lanes), scryptKeyLength)
	return err == nil && subtle.ConstantTimeCompare(key, s.key) == 1
}

func (s scryptHash) needs() uint32 { return uint32(s.memory()) }

func (s scryptHash) takes() time.Duration {
	const block = 240 * time.Nanosecond
	return time.Duration(s.work*s.block*s.lanes) * block
}
