// Package subjecthmac hides unknown addresses in the audit trail. The trail shows that the same
// address was tried again, but only the holder of the key can tell which address it was.
package subjecthmac

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"

	"github.com/google/wire"

	"gatehouse/domain"
	"gatehouse/ports"
)

// Set provides the hasher.
var Set = wire.NewSet(New, wire.Bind(new(ports.SubjectHasher), new(*Hasher)))

// Config is the key: at least 16 random bytes that are kept outside the database.
type Config struct {
	Key domain.Secret
}

// A Hasher is HMAC-SHA-256 (RFC 2104), cut to 128 bits. It may be used concurrently.
type Hasher struct {
	key []byte
}

var _ ports.SubjectHasher = (*Hasher)(nil)

// New makes a Hasher.
func New(config Config) *Hasher { return &Hasher{[]byte(config.Key.Reveal())} }

// HashSubject implements [ports.SubjectHasher].
func (h *Hasher) HashSubject(text string) domain.SubjectHash {
	mac := hmac.New(sha256.New, h.key)
	mac.Write([]byte(text))
	return domain.SubjectHash(hex.EncodeToString(mac.Sum(nil)[:16]))
}
