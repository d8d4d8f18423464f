package domain

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
)

// A SealedToken is the token of a link as it waits in the store. A reader of the store, or of a
// backup, cannot use it.
type SealedToken string

// An OutboxKey seals tokens. It is kept outside the store, cannot be printed, and may be used
// concurrently.
type OutboxKey struct{ secret Secret }

// NewOutboxKey makes the key from at least 16 random bytes.
func NewOutboxKey(secret Secret) OutboxKey { return OutboxKey{secret} }

var errSealed = errors.New("a sealed token cannot be opened: it was sealed with another key, or is damaged")

// Seal encrypts the token of a letter. An id must not be used for two tokens.
func (k OutboxKey) Seal(id MailID, token LinkToken) SealedToken {
	box, nonce := k.box(id)
	return SealedToken(box.Seal(nil, nonce, []byte(token.Reveal()), []byte(id)))
}

// Open returns the token that was sealed for the letter.
func (k OutboxKey) Open(id MailID, sealed SealedToken) (LinkToken, error) {
	box, nonce := k.box(id)
	token, err := box.Open(nil, nonce, []byte(sealed), []byte(id))
	if err != nil {
		return LinkToken{}, errSealed
	}
	return NewLinkToken(string(token)), nil
}

// box is AES-256-GCM (NIST SP 800-38D). Each letter has a key of its own, so one fixed nonce is
// safe.
func (k OutboxKey) box(id MailID) (box cipher.AEAD, nonce []byte) {
	mac := hmac.New(sha256.New, []byte(k.secret.Reveal()))
	mac.Write(appendText([]byte("gatehouse outbox 1"), string(id)))
	block, err := aes.NewCipher(mac.Sum(nil))
	if err != nil {
		panic(err) // the key has the right size
	}
	if box, err = cipher.NewGCM(block); err != nil {
		panic(err) // the block has the right size
	}
	return box, make([]byte, box.NonceSize())
}
