package jwtsigner

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"encoding/asn1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"gatehouse/domain"
)

// A vector is a test of the project Wycheproof, of which testdata/wycheproof/README.md
// tells more. Each kind of test uses some of the fields.
type vector struct {
	ID            int    `json:"tcId"`
	Comment       string `json:"comment"`
	Result        string `json:"result"` // valid or invalid
	JWS, JWE      tokenText
	Key, Msg, Sig string // in hex
	Tag           string
}

// tokenText is a token in compact form, or else the JSON that it is written as.
type tokenText string

// UnmarshalJSON implements [json.Unmarshaler].
func (t *tokenText) UnmarshalJSON(content []byte) error {
	if content[0] != '"' {
		*t = tokenText(content)
		return nil
	}
	return json.Unmarshal(content, (*string)(t))
}

type vectorGroup struct {
	Private   vectorKey
	PublicKey struct{ Uncompressed, PK string } // in hex
	TagSize   int
	Tests     []vector
}

// A vectorKey is a JWK.
type vectorKey struct{ Kty, Alg, Crv, Kid, K, X, Y string }

func vectors(t *testing.T, name string) []vectorGroup {
	t.Helper()
	content, err := os.ReadFile("testdata/wycheproof/" + name + "_test.json")
	var file struct{ TestGroups []vectorGroup }
	if err == nil {
		err = json.Unmarshal(content, &file)
	}
	if err != nil {
		t.Fatal(err)
	}
	return file.TestGroups
}

// tally counts verdicts, so that no vector is left out in silence.
type tally map[string]int

func (got tally) check(t *testing.T, want tally) {
	t.Helper()
	if !maps.Equal(got, want) {
		t.Errorf("verdicts %v, want %v", got, want)
	}
}

// ring is a service with the vector's key. If no Key can be made of that, the service has a key of
// its own of every kind.
func (k vectorKey) ring(t *testing.T) *Tokens {
	t.Helper()
	switch {
	case k.Kty == "oct" && k.Alg == "HS256":
		return withKeys(t, mustKey(SecretKey(domain.NewSecret(string(part(t, k.K))))))
	case k.Kty == "EC" && k.Alg == "ES256" && k.Crv == "P-256":
		public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{4}, part(t, k.X), part(t, k.Y)))
		if err != nil {
			t.Fatal(err)
		}
		return withKeys(t, newKey(jwt.SigningMethodES256, nil, public, jwk{KeyID: k.Kid}))
	}
	private := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	return withKeys(t, mustKey(SecretKey(domain.NewSecret(strings.Repeat("x", 32)))), mustKey(PrivateKey(private)))
}

func mustKey(key Key, err error) Key {
	if err != nil {
		panic(err) // the fixture is wrong
	}
	return key
}

func withKeys(t *testing.T, keys ...Key) *Tokens {
	t.Helper()
	tokens, err := New(Config{Signing: keys[0], Verifying: keys[1:]})
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

func part(t *testing.T, text string) []byte {
	t.Helper()
	bytes, ok := decode(text)
	if !ok {
		t.Fatalf("%q is not base64url", text)
	}
	return bytes
}

// Where we do not agree with the label of a vector, and why. Besides, what is signed well
// with RSA is refused.
var overruled = map[string]map[int]string{
	"json_web_signature": {
		347: noP521, 351: noP521,
		367: sameAs357, 370: sameAs357, 372: outsideAlphabet, 373: outsideAlphabet,
	},
	"json_web_crypto": {48: noSet},
}

const (
	noRSA           = "refused: RSA is no algorithm of ours"
	noP521          = "refused: P-521 is no curve of ours, and ES521 is no algorithm at all"
	noSet           = "refused: a key of ours comes alone, not in a set"
	sameAs357       = "accepted: it is, byte for byte, the token of 357, which is valid"
	outsideAlphabet = "refused: it has a ? in it"
)

// overruling says why the label of a vector does not count, or nothing.
func overruling(name string, key vectorKey, v vector) string {
	if key.Kty == "RSA" && v.Result == "valid" {
		return noRSA
	}
	return overruled[name][v.ID]
}

// The signatures of tokens. A payload here is seldom one of claims, so it is what Parse
// asks first that is tested: whether a key of ours has signed.
func TestWycheproofSignatures(t *testing.T) {
	for name, want := range map[string]tally{
		"json_web_signature": {"accepted": 12, "refused": 389},
		"json_web_crypto":    {"accepted": 2, "refused": 47},
	} {
		got := tally{}
		for _, group := range vectors(t, name) {
			for _, v := range group.Tests {
				if v.JWE != "" {
					continue // TestWycheproofEncryption
				}
				t.Run(fmt.Sprintf("%s/%d %s", name, v.ID, v.Comment), func(t *testing.T) {
					_, _, signed := group.Private.ring(t).verified(string(v.JWS))
					reason := overruling(name, group.Private, v)
					if signed != ((v.Result == "valid") != (reason != "")) {
						t.Errorf("accepted: %t, but the label is %s, and our reason %q", signed, v.Result, reason)
					}
					got[map[bool]string{true: "accepted", false: "refused"}[signed]]++
				})
			}
		}
		got.check(t, want)
	}
}

// What is encrypted is no token of ours, whether it is well encrypted or not.
func TestWycheproofEncryption(t *testing.T) {
	got := tally{}
	for _, name := range []string{"json_web_encryption", "json_web_crypto"} {
		for _, group := range vectors(t, name) {
			for _, v := range group.Tests {
				if v.JWE == "" {
					continue
				}
				if _, _, signed := group.Private.ring(t).verified(string(v.JWE)); signed {
					t.Errorf("%s %d is accepted", name, v.ID)
				}
				got[name]++
			}
		}
	}
	got.check(t, tally{"json_web_encryption": 139, "json_web_crypto": 34})
}

// The primitives under the three algorithms, with the keys that the service would make.
func TestWycheproofPrimitives(t *testing.T) {
	for name, c := range map[string]struct {
		key   func(vectorGroup, vector) (Key, error)
		count tally
	}{
		"hmac_sha256": {func(_ vectorGroup, v vector) (Key, error) {
			return SecretKey(domain.NewSecret(string(unhex(t, v.Key))))
		}, tally{"accepted": 33, "refused": 141}},
		"ed25519": {func(g vectorGroup, _ vector) (Key, error) {
			return newKey(jwt.SigningMethodEdDSA, nil, ed25519.PublicKey(unhex(t, g.PublicKey.PK)), jwk{KeyID: "k"}), nil
		}, tally{"accepted": 88, "refused": 63}},
		"ecdsa_secp256r1_sha256_p1363": {func(g vectorGroup, _ vector) (Key, error) {
			public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), unhex(t, g.PublicKey.Uncompressed))
			return newKey(jwt.SigningMethodES256, nil, public, jwk{KeyID: "k"}), err
		}, tally{"accepted": 173, "refused": 89}},
	} {
		got := tally{}
		for _, group := range vectors(t, name) {
			for _, v := range group.Tests {
				key, err := c.key(group, v)
				if err != nil {
					t.Fatalf("%s %d: %v", name, v.ID, err)
				}
				message, signature := string(unhex(t, v.Msg)), unhex(t, v.Sig+v.Tag)
				truncated := group.TagSize != 0 && group.TagSize != 256
				signed := key.verifies(message, signature)
				if want := v.Result == "valid" && !truncated; signed != want {
					t.Errorf("%s %d %s: accepted: %t, want %t", name, v.ID, v.Comment, signed, want)
				}
				got[map[bool]string{true: "accepted", false: "refused"}[signed]]++
				if der := inDER(signature); strings.HasPrefix(name, "ecdsa") && key.verifies(message, der) {
					t.Errorf("%s %d: accepted in DER", name, v.ID)
				}
			}
		}
		got.check(t, c.count)
	}
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	bytes, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}

// inDER is how X.509 spells the two halves of an ECDSA signature.
func inDER(signature []byte) []byte {
	half := len(signature) / 2
	der, _ := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(signature[:half]), new(big.Int).SetBytes(signature[half:])})
	return der
}
