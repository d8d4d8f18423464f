package domain

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
)

// A DeviceID is 128 random bits as 32 lower-case hex digits.
type DeviceID string

// A DeviceToken is what a browser keeps to prove that people have signed in with it before
// (OWASP calls it a device cookie). It opens nothing. It cannot be printed.
type DeviceToken struct{ Secret }

// NewDeviceToken wraps a token as it came.
func NewDeviceToken(text string) DeviceToken { return DeviceToken{NewSecret(text)} }

// A DeviceKey makes what browsers keep, device tokens and due tokens, and knows them again without
// keeping them. It cannot be printed, and may be used concurrently.
type DeviceKey struct{ secret Secret }

// NewDeviceKey makes the key from at least 16 random bytes.
func NewDeviceKey(secret Secret) DeviceKey { return DeviceKey{secret} }

const (
	deviceVersion = "1"
	// maxDeviceAccounts is for how many people, those who came last, a shared browser is known.
	maxDeviceAccounts = 16
	deviceProofSize   = 16 // bytes
)

// Issue returns the token of a browser in which a person has signed in. It goes on with the
// browser's token, if that has a form that can be read, for the other people who use it; else
// the device gets the id fresh.
func (k DeviceKey) Issue(staff StaffID, presented DeviceToken, fresh DeviceID) DeviceToken {
	id, proofs, ok := presented.parts()
	if !ok {
		id, proofs = fresh, nil
	}
	own := k.proof(id, staff)
	others := slices.DeleteFunc(proofs, func(proof string) bool { return proof == own })
	all := append([]string{own}, others[:min(len(others), maxDeviceAccounts-1)]...)
	return NewDeviceToken(deviceVersion + "." + string(id) + "." + strings.Join(all, "."))
}

// Device returns the device that a token stands for, if the person has signed in with it.
func (k DeviceKey) Device(staff StaffID, presented DeviceToken) (DeviceID, bool) {
	id, proofs, _ := presented.parts()
	own, found := []byte(k.proof(id, staff)), false
	for _, proof := range proofs {
		found = hmac.Equal([]byte(proof), own) || found
	}
	return id, found
}

// parts takes a token apart: version, id and a proof for each person.
func (t DeviceToken) parts() (id DeviceID, proofs []string, ok bool) {
	const proofLength, idLength = (deviceProofSize*8 + 5) / 6, 32
	parts := strings.Split(t.Reveal(), ".")
	if len(parts) < 3 || len(parts) > 2+maxDeviceAccounts || parts[0] != deviceVersion ||
		len(parts[1]) != idLength || strings.Trim(parts[1], "0123456789abcdef") != "" {
		return "", nil, false
	}
	for _, proof := range parts[2:] {
		raw, err := base64.RawURLEncoding.Strict().DecodeString(proof)
		if err != nil || len(raw) != deviceProofSize || len(proof) != proofLength {
			return "", nil, false
		}
	}
	return DeviceID(parts[1]), parts[2:], true
}

// proof is a keyed hash (HMAC-SHA-256, RFC 2104, cut to 128 bits) over the device and the
// person.
func (k DeviceKey) proof(id DeviceID, staff StaffID) string {
	mac := hmac.New(sha256.New, []byte(k.secret.Reveal()))
	text := appendText([]byte("gatehouse device "+deviceVersion), string(id))
	mac.Write(appendText(text, string(staff)))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:deviceProofSize])
}
