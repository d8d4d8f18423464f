package passwords

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// maxEncodedLength is the longest string that is looked at, in bytes. Django's column
// holds 128 characters.
const maxEncodedLength = 4096

// maxMemory is the most memory that a check may need, in KiB: more than twice what Django's
// costliest hashes need.
const maxMemory = 256 << 10

// A stored hash has been parsed: its spelling is right and its cost is within the ceilings.
type stored interface {
	// matches computes. It compares in time that depends on lengths alone.
	matches(password string) bool
	// needs is the memory that matches takes, in KiB; 0 if that is nothing to speak of.
	needs() uint32
	// takes is how long matches takes on a processor of 2023. What counts is what the kinds cost
	// compared with each other: how fast a machine is, is learned.
	takes() time.Duration
}

// parse takes a hash apart and computes nothing. It reports false for what is not the
// exact spelling of a known kind, and for a cost beyond the ceilings.
func parse(encoded string) (stored, bool) {
	if len(encoded) > maxEncodedLength {
		return nil, false
	}
	algorithm, rest, _ := strings.Cut(encoded, "$")
	parser, known := parsers[algorithm]
	if !known {
		return nil, false
	}
	return parser(rest)
}

// parsers has one for each of [domain.HashAlgorithms].
var parsers = map[string]func(rest string) (stored, bool){
	"pbkdf2_sha1":   func(rest string) (stored, bool) { return parsePBKDF2(rest, sha1.New, sha1.Size) },
	"pbkdf2_sha256": func(rest string) (stored, bool) { return parsePBKDF2(rest, sha256.New, sha256.Size) },
	"bcrypt":        func(rest string) (stored, bool) { return parseBcrypt(rest, asItIs) },
	"bcrypt_sha256": func(rest string) (stored, bool) { return parseBcrypt(rest, hexSHA256) },
	"scrypt":        parseScrypt,
	"argon2":        parseArgon2,
}

// parseNumber reads a number from 1 to highest in the one spelling that Python and C give
// it: no sign, space, underscore or leading zero, ASCII digits only.
func parseNumber(text string, highest uint32) (uint32, bool) {
	number, err := strconv.ParseUint(text, 10, 32)
	canonical := err == nil && strconv.FormatUint(number, 10) == text
	return uint32(number), canonical && number >= 1 && number <= uint64(highest)
}

// parseBase64 reads bytes in the one spelling that the encoding gives them: Go's decoder
// would let line breaks and stray last bits through.
func parseBase64(encoding *base64.Encoding, text string) ([]byte, bool) {
	raw, err := encoding.DecodeString(text)
	return raw, err == nil && encoding.EncodeToString(raw) == text
}
