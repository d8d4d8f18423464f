package jwtsigner_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"

	"gatehouse/adapters/jwtsigner"
	"gatehouse/domain"
)

// sharedSecret is the secret of every HS256 key that newKey returns.
const sharedSecret = "a secret of the tests, long enough for HS256: ü"

var algorithms = []jwtsigner.Algorithm{jwtsigner.HS256, jwtsigner.ES256, jwtsigner.EdDSA}

func newKey(t testing.TB, algorithm jwtsigner.Algorithm) jwtsigner.Key {
	t.Helper()
	switch algorithm {
	case jwtsigner.ES256:
		return privateKey(t, newES256(t))
	case jwtsigner.EdDSA:
		return privateKey(t, newEd25519(t))
	}
	return secretKey(t, sharedSecret)
}

func secretKey(t testing.TB, secret string) jwtsigner.Key {
	t.Helper()
	key, err := jwtsigner.SecretKey(domain.NewSecret(secret))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func privateKey(t testing.TB, signer crypto.Signer) jwtsigner.Key {
	t.Helper()
	key, err := jwtsigner.PrivateKey(signer)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newES256(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return private
}

func newEd25519(t testing.TB) ed25519.PrivateKey {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return private
}

func newTokens(t testing.TB, signing jwtsigner.Key, verifying ...jwtsigner.Key) *jwtsigner.Tokens {
	t.Helper()
	tokens, err := jwtsigner.New(jwtsigner.Config{Signing: signing, Verifying: verifying})
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

func mustSign(t testing.TB, tokens *jwtsigner.Tokens, claims domain.Claims) string {
	t.Helper()
	token, err := tokens.Sign(t.Context(), claims)
	if err != nil {
		t.Fatal(err)
	}
	return token.Reveal()
}

func mustParse(t testing.TB, tokens *jwtsigner.Tokens, compact string) domain.Claims {
	t.Helper()
	claims, err := tokens.Parse(t.Context(), domain.NewToken(compact))
	if err != nil {
		t.Fatalf("Parse: %v, want the claims", err)
	}
	return claims
}

// refuses fails the test unless the token is refused as invalid, and without a claim.
func refuses(t testing.TB, tokens *jwtsigner.Tokens, compact string) {
	t.Helper()
	claims, err := tokens.Parse(t.Context(), domain.NewToken(compact))
	if !errors.Is(err, domain.ErrTokenInvalid) {
		t.Errorf("Parse: %v, want %v", err, domain.ErrTokenInvalid)
	}
	if claims.Type != "" || claims.UserID != "" || claims.ID != "" || !claims.ExpiresAt.IsZero() {
		t.Errorf("a refused token has claims: %+v", claims)
	}
}

func b64(bytes []byte) string { return base64.RawURLEncoding.EncodeToString(bytes) }

func unb64(t testing.TB, part string) []byte {
	t.Helper()
	bytes, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}

// mint signs any header and payload with the shared secret.
func mint(header, payload string) string { return mintWith(sharedSecret, header, payload) }

func mintWith(secret, header, payload string) string {
	return hmacSigned(secret, b64([]byte(header))+"."+b64([]byte(payload)))
}

// hmacSigned completes the first two parts of a token, whatever they are.
func hmacSigned(secret, signed string) string { return signed + "." + b64(hmacOf(secret, signed)) }

func hmacOf(secret, signed string) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(signed))
	return mac.Sum(nil)
}

// es256Signed is hmacSigned for ES256.
func es256Signed(t testing.TB, private *ecdsa.PrivateKey, signed string) string {
	t.Helper()
	digest := sha256.Sum256([]byte(signed))
	r, s, err := ecdsa.Sign(rand.Reader, private, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	return signed + "." + b64(append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...))
}

const plainHeader = `{"alg":"HS256","typ":"JWT"}`

// payload returns the payload of a SimpleJWT refresh token with changes: pairs of a claim's
// name and its JSON, where "" drops the claim.
func payload(changes ...string) string {
	claims := [][2]string{
		{"token_type", `"refresh"`},
		{"exp", `1769817600`},
		{"iat", `1767225600`},
		{"jti", `"165baf90104b41bb96e683e30a2e82aa"`},
		{"user_id", `"5747a000-0000-4000-8000-000000000001"`},
	}
	for i := 0; i < len(changes); i += 2 {
		name := changes[i]
		claims = slices.DeleteFunc(claims, func(claim [2]string) bool { return claim[0] == name })
		if changes[i+1] != "" {
			claims = append(claims, [2]string{name, changes[i+1]})
		}
	}
	var members []string
	for _, claim := range claims {
		members = append(members, `"`+claim[0]+`":`+claim[1])
	}
	return "{" + strings.Join(members, ",") + "}"
}
