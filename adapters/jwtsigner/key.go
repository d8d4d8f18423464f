package jwtsigner

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"

	"github.com/golang-jwt/jwt/v5"

	"gatehouse/domain"
)

// An Algorithm is what an alg header member says (RFC 7518, RFC 8037).
type Algorithm string

// The algorithms.
const (
	HS256 Algorithm = "HS256"
	ES256 Algorithm = "ES256"
	EdDSA Algorithm = "EdDSA" // with Ed25519 alone
)

// A Key signs and verifies with exactly one algorithm. It cannot be printed. The zero Key
// is no key.
//
// What is secret is in closures alone. A pointer to it would not do: in a field of another
// package's struct fmt does not call Format, and for a verb that does not fit a pointer it
// prints what the pointer points to.
type Key struct {
	algorithm Algorithm
	header    string // of the tokens it signs, encoded
	public    jwk    // zero for a secret
	sign      func(signed string) ([]byte, error)
	verifies  func(signed string, signature []byte) bool
}

// SecretKey returns the HS256 key of a secret that the shop's other services know, which
// is the bytes of the text as Django takes them. How long it must be is for the caller to
// say; only the empty one is an error, since everybody knows it.
func SecretKey(secret domain.Secret) (Key, error) {
	if secret.Empty() {
		return Key{}, errors.New("the signing secret is empty")
	}
	bytes := []byte(secret.Reveal())
	return newKey(jwt.SigningMethodHS256, bytes, bytes, jwk{}), nil
}

// PrivateKey returns the key of an [*ecdsa.PrivateKey] on P-256, for ES256, or of an
// [ed25519.PrivateKey], for EdDSA. Anything else is an error. Its kid is its thumbprint
// (RFC 7638).
func PrivateKey(signer crypto.Signer) (Key, error) {
	switch private := signer.(type) {
	case *ecdsa.PrivateKey:
		if private == nil {
			break
		}
		public, err := ecJWK(&private.PublicKey)
		if err != nil {
			return Key{}, err
		}
		key := newKey(jwt.SigningMethodES256, private, &private.PublicKey, public)
		key.sign = func(signed string) ([]byte, error) { return signES256(private, signed) }
		return key, nil
	case ed25519.PrivateKey:
		if len(private) != ed25519.PrivateKeySize {
			break
		}
		verifying := private.Public().(ed25519.PublicKey)
		return newKey(jwt.SigningMethodEdDSA, private, verifying, okpJWK(verifying)), nil
	}
	return Key{}, errors.New("the signing key is neither ECDSA on P-256 nor Ed25519")
}

// newKey takes the keys in the forms that method wants.
func newKey(method jwt.SigningMethod, signing, verifying any, public jwk) Key {
	algorithm := Algorithm(method.Alg())
	return Key{
		algorithm: algorithm,
		header:    encodeHeader(algorithm, public.KeyID),
		public:    public,
		sign:      func(signed string) ([]byte, error) { return method.Sign(signed, signing) },
		verifies: func(signed string, signature []byte) bool {
			return method.Verify(signed, signature, verifying) == nil
		},
	}
}

func (k Key) isZero() bool { return k.sign == nil }

// id returns the kid, which is "" for secrets alone.
func (k Key) id() string { return k.public.KeyID }

func (k Key) isSecret() bool { return k.id() == "" }

// Format implements [fmt.Formatter] for every verb: it writes "[redacted]".
func (k Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[redacted]") }
