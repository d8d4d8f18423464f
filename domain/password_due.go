package domain

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// A DueToken is what a browser keeps after a sign-in whose password was right but must be changed
// first. It says whose change is due, and opens nothing. It cannot be printed.
type DueToken struct{ Secret }

// NewDueToken wraps a token as it came.
func NewDueToken(text string) DueToken { return DueToken{NewSecret(text)} }

// DueLifetime is how long a [DueToken] is good.
const DueLifetime = 10 * time.Minute

const dueVersion = "1"

// A DueChange is what a genuine [DueToken] says.
type DueChange struct {
	Staff StaffID
	// version is that of the password that must be changed.
	version int64
	until   time.Time
}

// IssueDue returns the token for a person whose change is due. It has four parts: a version, the
// person, the version of the password, and when the token expires, in seconds since 1970. A proof
// follows.
func (k DeviceKey) IssueDue(staff Staff, now time.Time) DueToken {
	parts := []string{
		dueVersion, string(staff.ID), strconv.FormatInt(staff.Credentials.Version, 10),
		strconv.FormatInt(now.Add(DueLifetime).Unix(), 10),
	}
	return NewDueToken(strings.Join(append(parts, k.dueProof(parts)), "."))
}

// Due reads a token. It returns false if the key has not signed it.
func (k DeviceKey) Due(token DueToken) (DueChange, bool) {
	parts := strings.Split(token.Reveal(), ".")
	if len(parts) != 5 || parts[0] != dueVersion || !hmac.Equal([]byte(parts[4]), []byte(k.dueProof(parts[:4]))) {
		return DueChange{}, false
	}
	version, wrong := strconv.ParseInt(parts[2], 10, 64)
	until, wrongToo := strconv.ParseInt(parts[3], 10, 64)
	return DueChange{StaffID(parts[1]), version, time.Unix(until, 0)}, wrong == nil && wrongToo == nil
}

// dueProof is a keyed hash (HMAC-SHA-256, RFC 2104) over the parts of the token. The text at its
// beginning keeps it apart from the proofs in device tokens.
func (k DeviceKey) dueProof(parts []string) string {
	mac := hmac.New(sha256.New, []byte(k.secret.Reveal()))
	text := []byte("gatehouse password due " + dueVersion)
	for _, part := range parts {
		text = appendText(text, part)
	}
	mac.Write(text)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Holds reports whether the owner must still change the password that the token is about. Once it
// is changed, an old token says nothing any more.
func (d DueChange) Holds(owner Staff, policy Policy, now time.Time) bool {
	return owner.ID == d.Staff && d.until.After(now) &&
		owner.Credentials.NeedsReset && owner.Credentials.Version == d.version &&
		policy.EnforcePasswordReset && owner.CheckStanding(policy.Today(now)) == nil
}
