package passwords

import (
	"crypto/pbkdf2"
	"crypto/subtle"
	"encoding/base64"
	"hash"
	"strings"
	"time"
)

// maxIterations is eight times what Django 6.0 asks for.
const maxIterations = 10_000_000

type pbkdf2Hash struct {
	digest     func() hash.Hash
	iterations int
	salt       string
	key        []byte
}

// parsePBKDF2 reads iterations$salt$key. The salt may be any text but "".
func parsePBKDF2(text string, digest func() hash.Hash, size int) (stored, bool) {
	fields := strings.Split(text, "$")
	if len(fields) != 3 || fields[1] == "" {
		return nil, false
	}
	iterations, okIterations := parseNumber(fields[0], maxIterations)
	key, okKey := parseBase64(base64.StdEncoding, fields[2])
	ok := okIterations && okKey && len(key) == size
	return pbkdf2Hash{digest, int(iterations), fields[1], key}, ok
}

func (p pbkdf2Hash) matches(password string) bool {
	// The only error is that of FIPS 140-only mode, which forbids SHA-1 and short salts.
	key, err := pbkdf2.Key(p.digest, password, []byte(p.salt), p.iterations, len(p.key))
	return err == nil && subtle.ConstantTimeCompare(key, p.key) == 1
}

func (p pbkdf2Hash) needs() uint32 { return 0 }

func (p pbkdf2Hash) takes() time.Duration {
	const iteration = 150 * time.Nanosecond
	return time.Duration(p.iterations) * iteration
}
