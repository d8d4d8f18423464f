package passwords

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"
)

// The ceilings of Argon2 besides [maxMemory]. Time × memory, in KiB, is what takes long.
const (
	maxArgon2Time = 64
	maxArgon2Work = 4 << 20
	maxLanes      = 255
)

// The lengths of a new hash in bytes (RFC 9106 §3.1), and the least of a preferred one.
const (
	newSaltLength = 16
	newTagLength  = 32
	goodLength    = 16
)

// The least that the reference implementation accepts.
const (
	minSaltLength    = 8
	minTagLength     = 4
	minMemoryPerLane = 8
)

// An argon2Variant is the number y of RFC 9106 §3.2.
type argon2Variant uint32

const (
	argon2d  argon2Variant = 0
	argon2i  argon2Variant = 1
	argon2id argon2Variant = 2
)

// The two versions of Argon2; a hash that names none is of the first.
const (
	argon2Version10 = 0x10
	argon2Version13 = argon2.Version
)

// An argon2Cost is what a hash says about its making. Memory is in KiB.
type argon2Cost struct {
	variant argon2Variant
	version uint32
	memory  uint32
	time    uint32
	lanes   uint32
}

// allowed reports whether the reference implementation computes it and it lies within the
// ceilings. The numbers are not zero.
func (c argon2Cost) allowed() bool {
	return c.memory >= minMemoryPerLane*c.lanes && c.memory <= maxMemory &&
		c.time <= maxArgon2Time && c.memory <= maxArgon2Work/c.time && c.lanes <= maxLanes
}

// key computes a tag of length bytes.
func (c argon2Cost) key(password string, salt []byte, length int) []byte {
	switch {
	case c.version == argon2Version13 && c.variant == argon2id:
		return argon2.IDKey([]byte(password), salt, c.time, c.memory, uint8(c.lanes), uint32(length))
	case c.version == argon2Version13 && c.variant == argon2i:
		return argon2.Key([]byte(password), salt, c.time, c.memory, uint8(c.lanes), uint32(length))
	}
	return argon2Legacy(c, []byte(password), salt, uint32(length))
}

// takes is how long a key takes, see [stored].
func (c argon2Cost) takes() time.Duration {
	const block = 600 * time.Nanosecond
	return time.Duration(c.memory) * time.Duration(c.time) * block
}

type argon2Hash struct {
	argon2Cost
	salt []byte
	tag  []byte
}

func newArgon2Hash(cost argon2Cost, password string) argon2Hash {
	salt := make([]byte, newSaltLength)
	_, _ = rand.Read(salt) // never fails: it ends the process instead
	return argon2Hash{cost, salt, cost.key(password, salt, newTagLength)}
}

// encode spells an Argon2id hash of version 0x13.
func (a argon2Hash) encode() string {
	return fmt.Sprintf("argon2$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		a.version, a.memory, a.time, a.lanes,
		base64.RawStdEncoding.EncodeToString(a.salt), base64.RawStdEncoding.EncodeToString(a.tag))
}

func (a argon2Hash) matches(password string) bool {
	return subtle.ConstantTimeCompare(a.key(password, a.salt, len(a.tag)), a.tag) == 1
}

func (a argon2Hash) needs() uint32 { return a.memory }

func (a argon2Hash) atLeast(cost argon2Cost) bool {
	return a.variant == cost.variant && a.version == cost.version &&
		a.memory >= cost.memory && a.time >= cost.time &&
		len(a.salt) >= goodLength && len(a.tag) >= goodLength
}

// parseArgon2 reads variant[$v=version]$m=memory,t=time,p=lanes$salt$tag.
func parseArgon2(text string) (stored, bool) {
	fields := strings.Split(text, "$")
	if len(fields) == 4 {
		fields = []string{fields[0], "v=16", fields[1], fields[2], fields[3]}
	}
	if len(fields) != 5 {
		return nil, false
	}
	cost, okCost := parseArgon2Cost(fields[0], fields[1], fields[2])
	salt, okSalt := parseBase64(base64.RawStdEncoding, fields[3])
	tag, okTag := parseBase64(base64.RawStdEncoding, fields[4])
	return argon2Hash{cost, salt, tag},
		okCost && okSalt && okTag && len(salt) >= minSaltLength && len(tag) >= minTagLength
}

func parseArgon2Cost(variant, version, numbers string) (argon2Cost, bool) {
	var cost argon2Cost
	var ok [5]bool
	cost.variant, ok[0] = parseArgon2Variant(variant)
	cost.version, ok[1] = parseArgon2Version(version)
	memory, rest, _ := strings.Cut(numbers, ",")
	time, lanes, _ := strings.Cut(rest, ",")
	cost.memory, ok[2] = parseNamedNumber("m=", memory, maxMemory)
	cost.time, ok[3] = parseNamedNumber("t=", time, maxArgon2Time)
	cost.lanes, ok[4] = parseNamedNumber("p=", lanes, maxLanes)
	return cost, ok == [5]bool{true, true, true, true, true} && cost.allowed()
}

func parseArgon2Variant(name string) (argon2Variant, bool) {
	switch name {
	case "argon2d":
		return argon2d, true
	case "argon2i":
		return argon2i, true
	case "argon2id":
		return argon2id, true
	}
	return 0, false
}

func parseArgon2Version(text string) (uint32, bool) {
	version, ok := parseNamedNumber("v=", text, argon2Version13)
	return version, ok && (version == argon2Version10 || version == argon2Version13)
}

func parseNamedNumber(name, text string, highest uint32) (uint32, bool) {
	digits, ok := strings.CutPrefix(text, name)
	if !ok {
		return 0, false
	}
	return parseNumber(digits, highest)
}
