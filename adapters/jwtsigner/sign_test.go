package jwtsigner_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"gatehouse/adapters/jwtsigner"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

// The golden tokens were computed by Python's hmac, hashlib and cryptography from the
// header and payload texts, never by this package.
const (
	goldenSecret = "golden secret of 32 bytes or more: ü€"

	goldenAccess = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9." +
		"eyJ0b2tlbl90eXBlIjoiYWNjZXNzIiwiZXhwIjoxNzY3MjI2NTAwLCJpYXQiOjE3NjcyMjU2MDAsImp0aSI6IjE2NWJhZjkwMTA0YjQxYmI5NmU2ODNlMzBhMmU4MmFhIiwidXNlcl9pZCI6IjU3NDdhMDAwLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMSJ9." +
		"_E9g_ae0Srgg-OeSr3K56aD-q9hF_fxGUhJ6FuGhSPE"

	goldenRefresh = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9." +
		"eyJ0b2tlbl90eXBlIjoicmVmcmVzaCIsImV4cCI6MTc2OTgxNzYwMCwiaWF0IjoxNzY3MjI1NjAwLCJqdGkiOiIwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZiIsInVzZXJfaWQiOiI1NzQ3YTAwMC0wMDAwLTQwMDAtODAwMC0wMDAwMDAwMDAwMDEiLCJzaWQiOiJmZWRjYmE5ODc2NTQzMjEwZmVkY2JhOTg3NjU0MzIxMCIsImdlbiI6NywiaXNzIjoiaHR0cHM6Ly96ZWl0bWHDny5leGFtcGxlIiwiYXVkIjpbImpvYnMiLCJsw7ZobmUiXX0." +
		"Jk_ncLl3AnC73mqyxZXP8FyGTx8Bz30BZPX9iL6QJt0"

	// Signed by the Ed25519 key of RFC 8037, A.1.
	goldenEdDSA = "eyJhbGciOiJFZERTQSIsImtpZCI6ImtQcktfcW14VldhWVZBOXd3QkY2SXVvM3ZWeno3VHhIQ1R3WEJ5Z3JTNGsiLCJ0eXAiOiJKV1QifQ." +
		"eyJ0b2tlbl90eXBlIjoiYWNjZXNzIiwiZXhwIjoxNzY3MjI2NTAwLCJpYXQiOjE3NjcyMjU2MDAsImp0aSI6IjE2NWJhZjkwMTA0YjQxYmI5NmU2ODNlMzBhMmU4MmFhIiwidXNlcl9pZCI6IjU3NDdhMDAwLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMSJ9." +
		"snCr8ue6pf7q1RLgjJFLVGLF6LvYvkFmCl4JwLhjr3BXdUD0rbUgfUfXBSvX01mLv_CWKiT1DB49Jb1-y9p6AA"
)

func accessClaims() domain.Claims {
	return domain.Claims{
		Type:      domain.AccessToken,
		ExpiresAt: time.Unix(1767226500, 0).UTC(),
		IssuedAt:  time.Unix(1767225600, 0).UTC(),
		ID:        "165baf90104b41bb96e683e30a2e82aa",
		UserID:    "5747a000-0000-4000-8000-000000000001",
	}
}

func refreshClaims() domain.Claims {
	return domain.Claims{
		Type:       domain.RefreshToken,
		ExpiresAt:  time.Unix(1769817600, 0).UTC(),
		IssuedAt:   time.Unix(1767225600, 0).UTC(),
		ID:         "0123456789abcdef0123456789abcdef",
		UserID:     "5747a000-0000-4000-8000-000000000001",
		Session:    "fedcba9876543210fedcba9876543210",
		Generation: 7,
		Issuer:     "https://zeitmaß.example",
		Audience:   []string{"jobs", "löhne"},
	}
}

func TestSignGivesTheGoldenBytes(t *testing.T) {
	secret := newTokens(t, secretKey(t, goldenSecret))
	rfc8037 := newTokens(t, privateKey(t, ed25519.NewKeyFromSeed(unb64(t, rfc8037Seed))))
	for _, test := range []struct {
		name   string
		tokens *jwtsigner.Tokens
		claims domain.Claims
		want   string
	}{
		{"access", secret, accessClaims(), goldenAccess},
		{"refresh", secret, refreshClaims(), goldenRefresh},
		{"EdDSA", rfc8037, accessClaims(), goldenEdDSA},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := mustSign(t, test.tokens, test.claims); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if got := mustParse(t, test.tokens, test.want); !reflect.DeepEqual(got, test.claims) {
				t.Errorf("parsed %+v\nwant   %+v", got, test.claims)
			}
		})
	}
}

func TestSignWritesHeaderAndPayload(t *testing.T) {
	es256 := newES256(t)
	for _, test := range []struct {
		name            string
		key             jwtsigner.Key
		claims          domain.Claims
		header, payload string
	}{
		{"nothing", newKey(t, jwtsigner.HS256), domain.Claims{}, `{"alg":"HS256","typ":"JWT"}`, `{}`},
		{"ES256", privateKey(t, es256), domain.Claims{ID: "x"}, `{"alg":"ES256","kid":"` + keyID(t, es256) + `","typ":"JWT"}`, `{"jti":"x"}`},
		{"one audience", newKey(t, jwtsigner.HS256), domain.Claims{Audience: []string{"a"}}, `{"alg":"HS256","typ":"JWT"}`, `{"aud":"a"}`},
		{"an empty audience", newKey(t, jwtsigner.HS256), domain.Claims{Audience: []string{""}}, `{"alg":"HS256","typ":"JWT"}`, `{"aud":[""]}`},
		{"not before", newKey(t, jwtsigner.HS256), domain.Claims{NotBefore: time.Unix(1, 0)}, `{"alg":"HS256","typ":"JWT"}`, `{"nbf":1}`},
		{"1970", newKey(t, jwtsigner.HS256), domain.Claims{ExpiresAt: time.Unix(0, 0)}, `{"alg":"HS256","typ":"JWT"}`, `{"exp":0}`},
		{"fraction", newKey(t, jwtsigner.HS256), domain.Claims{IssuedAt: time.Unix(5, 999999999)}, `{"alg":"HS256","typ":"JWT"}`, `{"iat":5}`},
		{
			"escapes", newKey(t, jwtsigner.HS256), domain.Claims{Issuer: "\"\\/<&>\x00\n\x1f\x7f\u2028€😀"},
			`{"alg":"HS256","typ":"JWT"}`, `{"iss":"\"\\/<&>\u0000\u000a\u001f` + "\x7f\u2028€😀" + `"}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			parts := strings.Split(mustSign(t, newTokens(t, test.key), test.claims), ".")
			if got := string(unb64(t, parts[0])); got != test.header {
				t.Errorf("header %s, want %s", got, test.header)
			}
			if got := string(unb64(t, parts[1])); got != test.payload {
				t.Errorf("payload %s, want %s", got, test.payload)
			}
		})
	}
}

func TestSignAndParseRoundTrip(t *testing.T) {
	for _, algorithm := range algorithms {
		tokens := newTokens(t, newKey(t, algorithm))
		for name, claims := range map[string]domain.Claims{
			"access":  accessClaims(),
			"refresh": refreshClaims(),
			"nothing": {},
			"escapes": {Issuer: "\"\\/\x00\n\x1f€😀", Audience: []string{"", "\t\\"}},
			"bounds": {
				ExpiresAt:  time.Unix(253402300799, 0).UTC(),
				IssuedAt:   time.Unix(0, 0).UTC(),
				Generation: 1<<63 - 1,
			},
		} {
			t.Run(string(algorithm)+"/"+name, func(t *testing.T) {
				if got := mustParse(t, tokens, mustSign(t, tokens, claims)); !reflect.DeepEqual(got, claims) {
					t.Errorf("got  %+v\nwant %+v", got, claims)
				}
			})
		}
	}
}

func TestSignRefusesWhatParseWould(t *testing.T) {
	tokens := newTokens(t, newKey(t, jwtsigner.HS256))
	for name, claims := range map[string]domain.Claims{
		"before 1970":      {ExpiresAt: time.Unix(-1, 0)},
		"after 9999":       {IssuedAt: time.Unix(253402300800, 0)},
		"bad UTF-8":        {UserID: "oops\xff"},
		"bad audience":     {Audience: []string{"good", "oops\xff"}},
		"short session":    {Session: "oops"},
		"session in upper": {Session: "FEDCBA9876543210FEDCBA9876543210"},
		"generation":       {Generation: -1},
		"too long":         {Issuer: strings.Repeat("oops", domain.MaxTokenLength/4)},
	} {
		t.Run(name, func(t *testing.T) {
			token, err := tokens.Sign(t.Context(), claims)
			if err == nil {
				t.Fatal("no error")
			}
			if !token.Empty() {
				t.Error("an error and a token")
			}
			if strings.Contains(err.Error(), "oops") {
				t.Errorf("the error quotes the claim: %v", err)
			}
		})
	}
}

func TestCancelledContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	tokens := newTokens(t, secretKey(t, goldenSecret))
	if token, err := tokens.Sign(ctx, accessClaims()); !errors.Is(err, context.Canceled) || !token.Empty() {
		t.Errorf("Sign: %v, want %v and no token", err, context.Canceled)
	}
	if claims, err := tokens.Parse(ctx, domain.NewToken(goldenAccess)); !errors.Is(err, context.Canceled) || claims.ID != "" {
		t.Errorf("Parse: %v, want %v and no claims", err, context.Canceled)
	}
}

// Every algorithm fulfils the contract of the port: equal claims give equal tokens, too.
func TestTokensFulfilTheContract(t *testing.T) {
	for _, algorithm := range algorithms {
		t.Run(string(algorithm), func(t *testing.T) {
			tokens := newTokens(t, newKey(t, algorithm))
			porttest.Tokens(t, tokens, tokens)
		})
	}
}
