package passwords

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strconv"
	"time"

	"golang.org/x/crypto/bcrypt"
)

// The ceiling of bcrypt takes sixteen times as long as Django's default of 12, and four
// seconds or so.
const (
	minBcryptCost = bcrypt.MinCost
	maxBcryptCost = 16
)

// maxBcryptPassword is how many bytes bcrypt looks at.
const maxBcryptPassword = 72

// bcryptSpelling is $2b$12$ and then 22 characters of salt, 31 of hash. The last of each
// carries bits that nobody uses; in the one proper spelling they are zero. 2y is PHP's
// name for 2b; 2a and 2x name old mistakes that Python's bcrypt never made, so it takes
// them for 2b, and so does this package.
var bcryptSpelling = regexp.MustCompile(
	`\A\$2[abxy]\$([0-9]{2})\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{30}[.CGKOSWaeimquy26]\z`)

type bcryptHash struct {
	cost    int
	prepare func(password string) []byte
	encoded []byte
}

// parseBcrypt reads $2b$cost$ and what follows. What bcrypt sees is what prepare makes of
// the password.
func parseBcrypt(text string, prepare func(password string) []byte) (stored, bool) {
	parts := bcryptSpelling.FindStringSubmatch(text)
	if parts == nil {
		return nil, false
	}
	cost, err := strconv.Atoi(parts[1])
	ok := err == nil && cost >= minBcryptCost && cost <= maxBcryptCost
	return bcryptHash{cost, prepare, []byte(text)}, ok
}

// matches refuses a password that bcrypt would cut, but only after the work that another
// one costs.
func (b bcryptHash) matches(password string) bool {
	seen := b.prepare(password)
	cut := seen[:min(len(seen), maxBcryptPassword)]
	same := bcrypt.CompareHashAndPassword(b.encoded, cut) == nil
	return same && len(cut) == len(seen)
}

func (b bcryptHash) needs() uint32 { return 0 }

func (b bcryptHash) takes() time.Duration {
	const round = 55 * time.Microsecond
	return round << b.cost
}

func asItIs(password string) []byte { return []byte(password) }

// hexSHA256 is Django's way around the limit of 72 bytes.
func hexSHA256(password string) []byte {
	sum := sha256.Sum256([]byte(password))
	return []byte(hex.EncodeToString(sum[:]))
}
