package jwtsigner_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"gatehouse/adapters/jwtsigner"
	"gatehouse/domain"
)

const (
	rfc8037Seed = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A" // RFC 8037, A.1
	rfc7515D    = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI" // RFC 7515, A.3
)

func rfc7515Key(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	private, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), unb64(t, rfc7515D))
	if err != nil {
		t.Fatal(err)
	}
	return private
}

// keyID returns the kid of the key, as its key set has it.
func keyID(t testing.TB, signer crypto.Signer) string {
	t.Helper()
	var set struct{ Keys []struct{ Kid string } }
	if err := json.Unmarshal(newTokens(t, privateKey(t, signer)).JWKS(), &set); err != nil {
		t.Fatal(err)
	}
	return set.Keys[0].Kid
}

func TestJWKS(t *testing.T) {
	// x, y and the Ed25519 kid are those of the RFCs; the other kid was computed by Python.
	const (
		ec  = `{"crv":"P-256","kty":"EC","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","kid":"oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U","use":"sig","alg":"ES256"}`
		okp = `{"crv":"Ed25519","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k","use":"sig","alg":"EdDSA"}`
	)
	es256 := privateKey(t, rfc7515Key(t))
	ed25519 := privateKey(t, ed25519.NewKeyFromSeed(unb64(t, rfc8037Seed)))
	secret := newKey(t, jwtsigner.HS256)
	for _, test := range []struct {
		name   string
		tokens *jwtsigner.Tokens
		want   string
	}{
		{"secrets alone", newTokens(t, secret, secret), `{"keys":[]}`},
		{"ES256", newTokens(t, es256), `{"keys":[` + ec + `]}`},
		{"EdDSA", newTokens(t, ed25519), `{"keys":[` + okp + `]}`},
		{"retired keys too", newTokens(t, ed25519, secret, es256), `{"keys":[` + okp + `,` + ec + `]}`},
		{"each key once", newTokens(t, es256, es256), `{"keys":[` + ec + `]}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := string(test.tokens.JWKS()); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestJWKSIsTheCallersOwn(t *testing.T) {
	tokens := newTokens(t, newKey(t, jwtsigner.EdDSA))
	want := bytes.Clone(tokens.JWKS())
	clear(tokens.JWKS())
	if got := tokens.JWKS(); !bytes.Equal(got, want) {
		t.Errorf("a caller changed the set to %q", got)
	}
}

func TestKeysThatAreNone(t *testing.T) {
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	offCurve := newES256(t)
	//lint:ignore SA1019 there is no other way to a point off the curve
	offCurve.PublicKey = ecdsa.PublicKey{Curve: elliptic.P256(), X: big.NewInt(1), Y: big.NewInt(1)}
	for name, signer := range map[string]crypto.Signer{
		"nil":           nil,
		"nil ECDSA":     (*ecdsa.PrivateKey)(nil),
		"empty ECDSA":   new(ecdsa.PrivateKey),
		"P-384":         p384,
		"off the curve": offCurve,
		"RSA":           rsaKey,
		"short Ed25519": ed25519.PrivateKey("short"),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := jwtsigner.PrivateKey(signer); err == nil {
				t.Error("accepted")
			}
		})
	}
	for name, secret := range map[string]domain.Secret{"empty secret": domain.NewSecret(""), "no secret": {}} {
		t.Run(name, func(t *testing.T) {
			if _, err := jwtsigner.SecretKey(secret); err == nil {
				t.Error("accepted")
			}
		})
	}
}

func TestNewWantsItsKeys(t *testing.T) {
	key := newKey(t, jwtsigner.HS256)
	for name, config := range map[string]jwtsigner.Config{
		"no signing key":   {Verifying: []jwtsigner.Key{key}},
		"no verifying key": {Signing: key, Verifying: []jwtsigner.Key{{}}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := jwtsigner.New(config); err == nil {
				t.Error("accepted")
			}
		})
	}
}

func TestKeysCannotBePrinted(t *testing.T) {
	private := newEd25519(t)
	for name, secret := range map[string]struct {
		key   jwtsigner.Key
		bytes []byte
	}{
		"secret":  {secretKey(t, sharedSecret), []byte(sharedSecret)},
		"Ed25519": {privateKey(t, private), private.Seed()},
	} {
		tokens := newTokens(t, secret.key, secret.key)
		holder := struct{ key jwtsigner.Key }{secret.key}
		config := jwtsigner.Config{Signing: secret.key}
		inJSON, err := json.Marshal(config)
		if err != nil {
			t.Fatal(err)
		}
		printed := string(inJSON)
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
			for _, value := range []any{secret.key, &secret.key, holder, config, *tokens, tokens} {
				printed += fmt.Sprintf(verb, value)
			}
		}
		for _, form := range []string{"%s", "%x", "%X", "%v", "%#v", "%d"} {
			shown := strings.Trim(fmt.Sprintf(form, secret.bytes), "[]")
			if strings.Contains(printed, shown) {
				t.Errorf("%s: printed in the form %s", name, form)
			}
		}
		if !strings.Contains(printed, "[redacted]") {
			t.Errorf("%s: not redacted", name)
		}
	}
}

func TestOverlappingKeys(t *testing.T) {
	oldSecret, newSecret := secretKey(t, "the old secret"), secretKey(t, "the new secret")
	oldKey, newKey := privateKey(t, newES256(t)), privateKey(t, newEd25519(t))
	stranger := privateKey(t, newES256(t))
	everything := newTokens(t, newKey, oldKey, newSecret, oldSecret)
	for name, key := range map[string]jwtsigner.Key{
		"signing key": newKey, "retired key": oldKey, "first secret": newSecret, "second secret": oldSecret,
	} {
		t.Run(name, func(t *testing.T) {
			token := mustSign(t, newTokens(t, key), accessClaims())
			got, ofSecret := mustParse(t, everything, token), strings.HasSuffix(name, "secret")
			if got.ID != accessClaims().ID || got.SharedSecret != ofSecret {
				t.Errorf("got %+v", got)
			}
			if mustParse(t, newTokens(t, key), token).SharedSecret || mustParse(t, newTokens(t, oldSecret, key), token).SharedSecret {
				t.Error("of the shared secret, although we sign with one")
			}
			refuses(t, newTokens(t, stranger), token)
			refuses(t, newTokens(t, secretKey(t, "another secret")), token)
		})
	}
}
