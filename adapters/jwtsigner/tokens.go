package jwtsigner

import (
	"bytes"
	"errors"
	"slices"

	"gatehouse/ports"
)

// A Config names the keys.
type Config struct {
	// Signing signs every new token, and verifies them.
	Signing Key
	// Verifying are further keys whose tokens are read: retired ones, until the last token
	// that they signed has expired, and the secret of the shop's Django.
	Verifying []Key
}

// Tokens signs and parses tokens. It may be used concurrently.
type Tokens struct {
	signing Key
	ring    keyring
	jwks    []byte
}

var (
	_ ports.TokenSigner = (*Tokens)(nil)
	_ ports.TokenParser = (*Tokens)(nil)
	_ ports.PublicKeys  = (*Tokens)(nil)
)

// New returns Tokens with these keys. A zero [Key] among them is an error.
func New(config Config) (*Tokens, error) {
	keys := append([]Key{config.Signing}, config.Verifying...)
	if slices.ContainsFunc(keys, Key.isZero) {
		return nil, errors.New("a token key is missing")
	}
	return &Tokens{config.Signing, newKeyring(keys), marshalSet(keys)}, nil
}

// JWKS implements [ports.PublicKeys]. The signing key comes first.
func (t *Tokens) JWKS() []byte { return bytes.Clone(t.jwks) }
