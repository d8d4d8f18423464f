package jwtsigner_test

import (
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/sha512"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"math/big"
	"reflect"
	"strings"
	"testing"

	"gatehouse/adapters/jwtsigner"
	"gatehouse/domain"
)

// TestAlgorithmConfusion covers what an attacker signs with what everybody knows.
func TestAlgorithmConfusion(t *testing.T) {
	private := newES256(t)
	tokens := newTokens(t, privateKey(t, private))
	der, err := x509.MarshalPKIXPublicKey(&private.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	inPEM := string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	point, err := private.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	kid := keyID(t, private)
	for _, secret := range []string{inPEM, strings.TrimSpace(inPEM), string(der), string(tokens.JWKS()), string(point), string(point[1:]), kid, ""} {
		for _, header := range []string{plainHeader, `{"alg":"HS256","kid":"` + kid + `"}`, `{"alg":"ES256","kid":"` + kid + `"}`} {
			t.Run("A04", func(t *testing.T) { refuses(t, tokens, mintWith(secret, header, payload())) })
		}
	}
}

func TestSiblingAlgorithms(t *testing.T) {
	es256, eddsa := newES256(t), newEd25519(t)
	tokens := newTokens(t, privateKey(t, es256), privateKey(t, eddsa), newKey(t, jwtsigner.HS256))
	esID, edID := keyID(t, es256), keyID(t, eddsa)
	signed := func(header string) string { return b64([]byte(header)) + "." + b64([]byte(payload())) }
	byES256 := func(header string) string { return es256Signed(t, es256, signed(header)) }
	byEdDSA := func(header string) string {
		return signed(header) + "." + b64(ed25519.Sign(eddsa, []byte(signed(header))))
	}
	hs512 := hmac.New(sha512.New, []byte(sharedSecret))
	hs512.Write([]byte(signed(`{"alg":"HS512"}`)))

	mustParse(t, tokens, byES256(`{"alg":"ES256","kid":"`+esID+`"}`))
	mustParse(t, tokens, byEdDSA(`{"alg":"EdDSA","kid":"`+edID+`"}`))
	for i, test := range []struct{ id, token string }{
		{"A05", signed(`{"alg":"HS512"}`) + "." + b64(hs512.Sum(nil))},
		{"A05", byES256(`{"alg":"ES256K","kid":"` + esID + `"}`)},
		{"A05", byES256(`{"alg":"ES384","kid":"` + esID + `"}`)},
		{"A05", byEdDSA(`{"alg":"Ed25519","kid":"` + edID + `"}`)},
		{"A05", byEdDSA(`{"alg":"Ed448","kid":"` + edID + `"}`)},
		{"A06", byEdDSA(`{"alg":"EdDSA","kid":"` + esID + `"}`)},
		{"A06", byEdDSA(`{"alg":"ES256","kid":"` + esID + `"}`)},
		{"A06", byES256(`{"alg":"ES256","kid":"` + edID + `"}`)},
		{"A06", byES256(`{"alg":"EdDSA","kid":"` + edID + `"}`)},
		{"A06", mint(`{"alg":"HS256","kid":"`+esID+`"}`, payload())},
		{"A06", mint(`{"alg":"ES256","kid":"`+esID+`"}`, payload())},
		{"A06", byES256(`{"alg":"HS256"}`)},
		{"A17", byES256(`{"alg":"ES256"}`)},
		{"A17", byES256(`{"alg":"ES256","kid":""}`)},
		{"A17", byES256(`{"alg":"ES256","kid":"unknown"}`)},
		{"A17", byES256(`{"alg":"ES256","kid":"` + esID + `\u0000"}`)},
		{"A17", byES256(`{"alg":"ES256","kid":["` + esID + `"]}`)},
		{"A17", byES256(`{"alg":"ES256","kid":"` + strings.Repeat(esID, 100) + `"}`)},
		{"A16", byES256(`{"alg":"ES256","kid":"' UNION SELECT '` + esID + `' --"}`)},
		{"A15", mintWith("", `{"alg":"HS256","kid":"../../../../dev/null"}`, payload())},
	} {
		t.Run(fmt.Sprintf("%s/%d", test.id, i), func(t *testing.T) { refuses(t, tokens, test.token) })
	}
}

func TestUnknownKeyIDCostsNoSignature(t *testing.T) { // A17
	private := newES256(t)
	tokens := newTokens(t, privateKey(t, private))
	parse := func(kid string) float64 {
		signed := b64([]byte(`{"alg":"ES256","kid":"`+kid+`"}`)) + "." + b64([]byte(payload()))
		token := domain.NewToken(es256Signed(t, newES256(t), signed))
		return testing.AllocsPerRun(10, func() { _, _ = tokens.Parse(t.Context(), token) })
	}
	// Looking at a signature cannot be seen from outside but by what it allocates.
	if unknown, known := parse("unknown"), parse(keyID(t, private)); unknown >= known/2 {
		t.Errorf("%v allocations for an unknown kid, %v for a known one", unknown, known)
	}
}

func TestBadSignatures(t *testing.T) { // A01, A07
	for _, algorithm := range algorithms {
		tokens := newTokens(t, newKey(t, algorithm))
		token := mustSign(t, tokens, refreshClaims())
		dot := strings.LastIndexByte(token, '.')
		good := unb64(t, token[dot+1:])
		flipped := func(i int) []byte {
			bad := append([]byte(nil), good...)
			bad[i] ^= 1
			return bad
		}
		for name, signature := range map[string][]byte{
			"empty":         {},
			"first flipped": flipped(0), "middle flipped": flipped(len(good) / 2), "last flipped": flipped(len(good) - 1),
			"truncated": good[:len(good)-1], "half": good[:len(good)/2], "extended": append(good[:len(good):len(good)], 0),
			"doubled": append(good[:len(good):len(good)], good...), "zero": make([]byte, len(good)),
		} {
			t.Run(string(algorithm)+"/A07/"+name, func(t *testing.T) { refuses(t, tokens, token[:dot+1]+b64(signature)) })
		}
		t.Run(string(algorithm)+"/A01", func(t *testing.T) {
			none := b64([]byte(`{"alg":"none","typ":"JWT"}`)) + token[strings.IndexByte(token, '.'):dot]
			refuses(t, tokens, none+".")
			refuses(t, tokens, none+token[dot:])
		})
		t.Run(string(algorithm)+"/other payload", func(t *testing.T) {
			header := token[:strings.IndexByte(token, '.')]
			refuses(t, tokens, header+"."+b64([]byte(payload("user_id", `"someone else"`)))+token[dot:])
		})
	}
}

func TestES256SpecialSignatures(t *testing.T) {
	tokens := newTokens(t, privateKey(t, newES256(t)))
	token := mustSign(t, tokens, refreshClaims())
	dot := strings.LastIndexByte(token, '.')
	signature := unb64(t, token[dot+1:])
	r, s := new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])
	n, zero := elliptic.P256().Params().N, new(big.Int)
	raw := func(r, s *big.Int) string {
		return token[:dot+1] + b64(append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...))
	}
	der, err := asn1.Marshal(struct{ R, S *big.Int }{r, s})
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]string{
		"DER": token[:dot+1] + b64(der),
		"r=0": raw(zero, s), "s=0": raw(r, zero), "both 0": raw(zero, zero),
		"r=n": raw(n, s), "s=n": raw(r, n), "swapped": raw(s, r),
	} {
		t.Run("A07/"+name, func(t *testing.T) { refuses(t, tokens, bad) })
	}
	// The twin is a good ECDSA signature, and not to be told from the original. It has the
	// same claims, so what ends one ends the other.
	t.Run("A10/twin", func(t *testing.T) {
		twin := raw(r, new(big.Int).Sub(n, s))
		if got := mustParse(t, tokens, twin); !reflect.DeepEqual(got, refreshClaims()) {
			t.Errorf("got %+v", got)
		}
	})
}
