package jwtsigner

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// A jwk is a public key (RFC 7517). The members that its thumbprint covers come first, in
// the order that RFC 7638 wants.
type jwk struct {
	Curve     string    `json:"crv"`
	Type      string    `json:"kty"`
	X         string    `json:"x"`
	Y         string    `json:"y,omitempty"`
	KeyID     string    `json:"kid,omitempty"`
	Use       string    `json:"use,omitempty"`
	Algorithm Algorithm `json:"alg,omitempty"`
}

// ecJWK refuses other curves, and points that are not on theirs.
func ecJWK(public *ecdsa.PublicKey) (jwk, error) {
	if public.Curve != elliptic.P256() {
		return jwk{}, errors.New("the ECDSA signing key is not on the curve P-256")
	}
	point, err := public.Bytes() // 4, then x and y of equal length
	if err != nil {
		return jwk{}, fmt.Errorf("the ECDSA signing key is damaged: %w", err)
	}
	x, y := point[1:33], point[33:]
	return jwk{Curve: "P-256", Type: "EC", X: encode(x), Y: encode(y)}.complete(ES256), nil
}

func okpJWK(public ed25519.PublicKey) jwk {
	return jwk{Curve: "Ed25519", Type: "OKP", X: encode(public)}.complete(EdDSA)
}

// complete adds what is no part of the thumbprint, and the thumbprint as kid.
func (k jwk) complete(algorithm Algorithm) jwk {
	thumbprint := sha256.Sum256(mustMarshal(k))
	k.KeyID, k.Use, k.Algorithm = encode(thumbprint[:]), "sig", algorithm
	return k
}

// marshalSet returns the JWK set of the keys that have a public half, each of them once.
func marshalSet(keys []Key) []byte {
	set := struct {
		Keys []jwk `json:"keys"`
	}{[]jwk{}}
	for _, key := range keys {
		public := key.public
		if public.KeyID != "" && !slices.Contains(set.Keys, public) {
			set.Keys = append(set.Keys, public)
		}
	}
	return mustMarshal(set)
}

// mustMarshal is for values of strings alone, which always marshal.
func mustMarshal(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}
