package domain

import (
	"crypto/sha256"
	"encoding/hex"
)

// A LinkToken is the secret in a one-time link: 256 random bits in base64url. It cannot be
// printed.
type LinkToken struct{ Secret }

// NewLinkToken wraps a token as it came.
func NewLinkToken(text string) LinkToken { return LinkToken{NewSecret(text)} }

// A LinkDigest is stored in place of a token: its SHA-256 in lower-case hex. It needs no salt and
// no cost, because 256 random bits cannot be guessed.
type LinkDigest string

// Digest is that of the token's text: a token has one spelling.
func (t LinkToken) Digest() LinkDigest {
	sum := sha256.Sum256([]byte(t.Reveal()))
	return LinkDigest(hex.EncodeToString(sum[:]))
}

// Pages that letters name, below the public URL: where people ask for a one-time link, and what
// such a link opens; its query names the person as uid and the secret as token.
const (
	ForgottenPagePath = "/accounts/password_reset/"
	ResetPagePath     = ForgottenPagePath + "confirm/"
)

// LinkURL is the address that a person opens. public is the public URL without a slash at the end.
// The id and the token need no escape.
func LinkURL(public string, staff StaffID, token LinkToken) Secret {
	return NewSecret(public + ResetPagePath + "?uid=" + string(staff) + "&token=" + token.Reveal())
}
