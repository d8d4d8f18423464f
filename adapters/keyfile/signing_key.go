package keyfile

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"path/filepath"
)

const pemType = "PRIVATE KEY"

// A kind is what the key for one algorithm has to be.
type kind struct {
	file, words string
	generate    func() (crypto.Signer, error)
	fits        func(private any) bool
}

func kindOf(alg string) (kind, error) {
	switch alg {
	case "ES256":
		return kind{"signing-key-es256.pem", "ES256, which is ECDSA on P-256", newP256, isP256}, nil
	case "EdDSA":
		return kind{"signing-key-eddsa.pem", "EdDSA, which is Ed25519", newEd25519, isEd25519}, nil
	}
	return kind{}, errors.New("a signing key is for ES256 or for EdDSA")
}

// SigningKey returns the private key for the JWS algorithm alg in the folder dir, and makes
// it if there is none: for "ES256" an [*ecdsa.PrivateKey] on P-256 in signing-key-es256.pem,
// for "EdDSA" an [ed25519.PrivateKey] in signing-key-eddsa.pem, both in PKCS#8. Another
// algorithm is an error, and so is a key that is not for alg.
func SigningKey(dir, alg string) (crypto.Signer, error) {
	kind, err := kindOf(alg)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, kind.file)
	content, _, err := LoadOrCreate(path, func() ([]byte, error) { return marshalNew(kind) })
	if err != nil {
		return nil, err
	}
	private, err := unmarshal(content)
	if err != nil {
		return nil, unusable(path, "damaged, or not an unencrypted PKCS#8 key in PEM")
	}
	signer, ok := private.(crypto.Signer)
	if !ok || !kind.fits(private) {
		return nil, unusable(path, "no key for "+kind.words)
	}
	return signer, nil
}

func newP256() (crypto.Signer, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) }

func isP256(private any) bool {
	key, ok := private.(*ecdsa.PrivateKey)
	return ok && key.Curve == elliptic.P256()
}

func newEd25519() (crypto.Signer, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	return private, err
}

func isEd25519(private any) bool {
	_, ok := private.(ed25519.PrivateKey)
	return ok
}

func marshalNew(kind kind) ([]byte, error) {
	signer, err := kind.generate()
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(signer)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: der}), nil
}

// unmarshal wants one key and nothing after it: with two, which one counts?
func unmarshal(content []byte) (any, error) {
	block, rest := pem.Decode(content)
	if block == nil || block.Type != pemType || len(bytes.TrimSpace(rest)) > 0 {
		return nil, errors.New("not one block of PEM")
	}
	return x509.ParsePKCS8PrivateKey(block.Bytes)
}
