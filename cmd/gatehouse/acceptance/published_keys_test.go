package acceptance

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/golang-jwt/jwt/v5"
)

// verifyWithJWKS checks a token as another service would that knows nothing but the
// published keys, and returns its claims.
func verifyWithJWKS(keys []byte, token string) (jwt.MapClaims, error) {
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(token, claims, func(t *jwt.Token) (any, error) {
		return publishedKey(keys, fmt.Sprint(t.Header["kid"]), t.Method.Alg())
	}, jwt.WithValidMethods([]string{"ES256", "EdDSA"}), jwt.WithExpirationRequired())
	return claims, err
}

// A publicJWK is a public key as RFC 7517 and RFC 8037 spell it. D would be the private one.
type publicJWK struct{ Kty, Crv, Kid, Use, Alg, X, Y, D string }

func publishedKey(keys []byte, id, algorithm string) (any, error) {
	var set struct{ Keys []publicJWK }
	if err := json.Unmarshal(keys, &set); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(set.Keys, func(k publicJWK) bool { return k.Kid == id })
	if i < 0 {
		return nil, fmt.Errorf("no key with the id %q is published", id)
	}
	key := set.Keys[i]
	if key.D != "" || key.Use != "sig" || key.Alg != algorithm {
		return nil, errors.New("it is not a public key for the algorithm of the token")
	}
	x, badX := base64.RawURLEncoding.DecodeString(key.X)
	y, badY := base64.RawURLEncoding.DecodeString(key.Y)
	switch {
	case badX != nil || badY != nil:
		return nil, errors.Join(badX, badY)
	case key.Kty == "EC" && key.Crv == "P-256":
		return ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{4}, x, y)) // SEC 1, 2.3.3
	case key.Kty == "OKP" && key.Crv == "Ed25519" && len(x) == ed25519.PublicKeySize:
		return ed25519.PublicKey(x), nil
	}
	return nil, errors.New("it is not a key of a kind that we know")
}
