package passwords

import (
	"fmt"
	"strconv"
	"strings"

	"gatehouse/domain"
	"gatehouse/ports"
)

var _ ports.HashGrader = (*Hasher)(nil)

// kinds are the kinds of hashes, the weakest first. Any other string counts as weaker still.
var kinds = append(domain.HashAlgorithms(), bestKind)

// bestKind is the kind of new hashes. The kind argon2 has the other variants, and the first
// version.
const bestKind = "argon2id"

// WeakerThan implements [ports.HashGrader]. The number is that of iterations for PBKDF2, the
// cost for bcrypt and the work factor for scrypt; without one, no hash of the kind is weaker
// than the kind. For argon2id there is no number: what is not [Hasher.Preferred] is weaker.
func (h *Hasher) WeakerThan(bar string) (func(domain.PasswordHash) bool, error) {
	name, number, hasNumber := strings.Cut(bar, ":")
	rank := rankOfKind(name)
	cost, err := strconv.ParseUint(number, 10, 32)
	switch {
	case rank == 0:
		return nil, fmt.Errorf("%w: it is one of %s", domain.ErrUnknownHash, strings.Join(kinds, ", "))
	case hasNumber && (name == bestKind || name == "argon2"):
		return nil, fmt.Errorf("%w: %s has no number", domain.ErrUnknownHash, name)
	case hasNumber && (err != nil || cost == 0):
		return nil, fmt.Errorf("%w: what follows the colon is not a number", domain.ErrUnknownHash)
	case name == bestKind:
		return func(hash domain.PasswordHash) bool { return !h.Preferred(hash) }, nil
	}
	return func(hash domain.PasswordHash) bool {
		itsRank, itsCost := grade(hash.Reveal())
		return itsRank < rank || itsRank == rank && itsCost < cost
	}, nil
}

// rankOfKind counts from 1; 0 means that there is no such kind.
func rankOfKind(name string) int {
	for i, kind := range kinds {
		if kind == name {
			return i + 1
		}
	}
	return 0
}

// grade returns the rank of the hash's kind, 0 for what is no hash, and its cost.
func grade(encoded string) (rank int, cost uint64) {
	known, ok := parse(encoded)
	if !ok {
		return 0, 0
	}
	kind, _, _ := strings.Cut(encoded, "$")
	switch hash := known.(type) {
	case pbkdf2Hash:
		cost = uint64(hash.iterations)
	case bcryptHash:
		_, number, _ := strings.Cut(string(hash.encoded[1:]), "$")
		cost, _ = strconv.ParseUint(number[:2], 10, 32) // as the parser has found it
	case scryptHash:
		cost = hash.work
	case argon2Hash:
		if hash.variant == argon2id && hash.version == argon2Version13 {
			kind = bestKind
		}
	}
	return rankOfKind(kind), cost
}
