// Package system provides the clock and the random identifiers of the machine. It is the
// only place that reads them.
package system

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"time"

	"github.com/google/wire"

	"gatehouse/domain"
	"gatehouse/ports"
)

// Set provides the clock and the makers of identifiers.
var Set = wire.NewSet(NewClock, NewSessionIDs, NewTokenIDs, NewDeviceIDs, NewMailIDs, NewStaffIDs, NewLinkTokens)

// NewClock returns the machine's clock, in UTC and to the millisecond.
func NewClock() ports.Clock {
	return func() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
}

// NewSessionIDs returns a maker of session ids.
func NewSessionIDs() ports.NewSessionID {
	return func() domain.SessionID { return domain.SessionID(randomHex()) }
}

// NewTokenIDs returns a maker of token ids.
func NewTokenIDs() ports.NewTokenID {
	return func() domain.TokenID { return domain.TokenID(randomHex()) }
}

// NewDeviceIDs returns a maker of device ids.
func NewDeviceIDs() ports.NewDeviceID {
	return func() domain.DeviceID { return domain.DeviceID(randomHex()) }
}

// NewMailIDs returns a maker of ids of letters.
func NewMailIDs() ports.NewMailID {
	return func() domain.MailID { return domain.MailID(randomHex()) }
}

// NewLinkTokens returns a maker of secrets of one-time links.
func NewLinkTokens() ports.NewLinkToken {
	return func() domain.LinkToken {
		const size = 32
		bytes := make([]byte, size)
		_, _ = rand.Read(bytes) // as in random
		return domain.NewLinkToken(base64.RawURLEncoding.EncodeToString(bytes))
	}
}

// NewStaffIDs returns a maker of version 4 UUIDs (RFC 9562).
func NewStaffIDs() ports.NewStaffID {
	return func() domain.StaffID {
		bytes := random()
		bytes[6] = bytes[6]&0x0f | 0x40
		bytes[8] = bytes[8]&0x3f | 0x80
		text := hex.EncodeToString(bytes[:])
		return domain.StaffID(text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:])
	}
}

func randomHex() string {
	bytes := random()
	return hex.EncodeToString(bytes[:])
}

// random returns 128 random bits. rand.Read ends the process rather than return bad ones.
func random() (bytes [16]byte) {
	_, _ = rand.Read(bytes[:])
	return bytes
}
