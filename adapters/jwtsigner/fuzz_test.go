package jwtsigner_test

import (
	"bytes"
	"crypto/hmac"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"gatehouse/adapters/jwtsigner"
	"gatehouse/domain"
)

// FuzzParse: an accepted token is spelled in the only right way, and its signature is good by a
// second computation. Any other token is ErrTokenInvalid.
func FuzzParse(f *testing.F) {
	tokens := newTokens(f, secretKey(f, goldenSecret))
	for _, seed := range []string{goldenAccess, goldenRefresh, goldenEdDSA, "", "a.b.c", mint(plainHeader, payload())} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, compact string) {
		claims, err := tokens.Parse(t.Context(), domain.NewToken(compact))
		if err != nil {
			if !errors.Is(err, domain.ErrTokenInvalid) || !reflect.ValueOf(claims).IsZero() {
				t.Fatalf("%v with %+v", err, claims)
			}
			return
		}
		parts := strings.Split(compact, ".")
		signature := unb64(t, parts[2])
		if !hmac.Equal(signature, hmacOf(goldenSecret, parts[0]+"."+parts[1])) {
			t.Fatal("accepted with another signature")
		}
		if again := b64(unb64(t, parts[0])) + "." + b64(unb64(t, parts[1])) + "." + b64(signature); again != compact {
			t.Fatalf("accepted in another spelling: %q", compact)
		}
	})
}

// FuzzMutatedTokens: a token that was changed anywhere is not accepted.
func FuzzMutatedTokens(f *testing.F) {
	tokens := newTokens(f, secretKey(f, goldenSecret), newKey(f, jwtsigner.EdDSA))
	f.Add(uint(0), uint(0), "")
	f.Add(uint(300), uint(1), "A")
	f.Add(uint(40), uint(0), "\n")
	f.Add(uint(len(goldenRefresh)-1), uint(1), "=")
	f.Fuzz(func(t *testing.T, at, cut uint, insert string) {
		at = min(at, uint(len(goldenRefresh)))
		cut = min(cut, uint(len(goldenRefresh))-at)
		mutated := goldenRefresh[:at] + insert + goldenRefresh[at+cut:]
		if mutated != goldenRefresh {
			refuses(t, tokens, mutated)
		}
	})
}

// FuzzSignedTexts signs any header and payload. If the token is accepted, both are JSON, and
// encoding/json reads the same claims.
func FuzzSignedTexts(f *testing.F) {
	tokens := newTokens(f, newKey(f, jwtsigner.HS256))
	for _, text := range append(malformedObjects(`"alg":"HS256"`), `{"alg":"HS256","x":[1,{"y":"\ud83d\ude00"}]}`) {
		f.Add(text, payload("aud", `["a"]`))
		f.Add(plainHeader, text)
	}
	f.Fuzz(func(t *testing.T, header, payload string) {
		claims, err := tokens.Parse(t.Context(), domain.NewToken(mint(header, payload)))
		if err != nil {
			return
		}
		var head struct{ Alg string }
		var body struct {
			Type string `json:"token_type"`
			ID   string `json:"jti"`
			Iss  string
			Exp  *float64
		}
		if err := errors.Join(json.Unmarshal([]byte(header), &head), json.Unmarshal([]byte(payload), &body)); err != nil {
			t.Fatalf("accepted, but %v: %q %q", err, header, payload)
		}
		if head.Alg != "HS256" || body.Type != string(claims.Type) || body.ID != string(claims.ID) || body.Iss != claims.Issuer {
			t.Fatalf("%q %q read as %+v", header, payload, claims)
		}
		if body.Exp != nil && int64(*body.Exp) != claims.ExpiresAt.Unix() || (body.Exp == nil) != claims.ExpiresAt.IsZero() {
			t.Fatalf("%q: expires %v", payload, claims.ExpiresAt)
		}
	})
}

// FuzzForeignClaim: whatever encoding/json writes, not too deep, may stand in a claim that
// is not ours.
func FuzzForeignClaim(f *testing.F) {
	tokens := newTokens(f, newKey(f, jwtsigner.HS256))
	for _, seed := range []string{`1`, `"x"`, `[1,[2,{"a":"\\\"\u0000"}]]`, `{"a":-1e-7,"A":true,"b":null}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var v any
		if json.Unmarshal(text, &v) != nil {
			return
		}
		canonical, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		token := mint(plainHeader, payload("x", string(canonical)))
		if len(token) > domain.MaxTokenLength || bytes.Count(canonical, []byte("["))+bytes.Count(canonical, []byte("{")) > 15 {
			return
		}
		mustParse(t, tokens, token)
	})
}

// FuzzSign: what is signed is parsed to the same claims.
func FuzzSign(f *testing.F) {
	tokens := newTokens(f, newKey(f, jwtsigner.HS256))
	f.Add("refresh", "id", "user", "issuer", "audience", int64(1))
	f.Add("", "\x00\xff", "\"\\", "é😀\u2028", "", int64(-1))
	f.Fuzz(func(t *testing.T, kind, id, user, issuer, audience string, generation int64) {
		claims := domain.Claims{
			Type: domain.TokenType(kind), ID: domain.TokenID(id), UserID: user,
			Issuer: issuer, Audience: []string{audience}, Generation: generation,
		}
		token, err := tokens.Sign(t.Context(), claims)
		if err != nil {
			return
		}
		if got := mustParse(t, tokens, token.Reveal()); !reflect.DeepEqual(got, claims) {
			t.Fatalf("got  %+v\nwant %+v", got, claims)
		}
	})
}
