package jwtsigner_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/adapters/jwtsigner"
	"gatehouse/domain"
)

// TestClaimsOfTheWrongType bends the claims of a token that is signed by the right secret.
// The names are those of the attacks on a token's meaning.
func TestClaimsOfTheWrongType(t *testing.T) {
	tokens := newTokens(t, newKey(t, jwtsigner.HS256))
	noTimes := []string{
		`"1767225600"`, `"tomorrow"`, `""`, `true`, `null`, `[]`, `{}`, `[1767225600]`, `-1`, `-0.5`, `-1e10`,
		`253402300800`, `253402300799.5`, `9223372036854775807`, `9223372036854775808`, `18446744073709551616`, `1e308`, `1e400`,
	}
	noTexts := []string{`null`, `7`, `true`, `["a"]`, `{}`}
	for _, test := range []struct {
		id, claim string
		values    []string
	}{
		{"A22", "exp", noTimes},
		{"B03", "exp", noTimes},
		{"B04", "nbf", noTimes},
		{"B05", "iat", noTimes},
		{"B06", "iss", noTexts},
		{"B07", "aud", []string{`null`, `7`, `true`, `{}`, `[null]`, `[7]`, `["a",7]`, `[["a"]]`, `[{}]`, `{"a":"b"}`}},
		{"B08", "sub", noTexts},
		{"B09", "token_type", noTexts},
		{"jti", "jti", noTexts},
		{"sid", "sid", []string{
			`null`, `7`, `""`, `"short"`, `"FEDCBA9876543210FEDCBA9876543210"`, `"fedcba9876543210fedcba987654321g"`,
			`"fedcba9876543210fedcba98765432100"`, `["fedcba9876543210fedcba9876543210"]`, `12345678901234567890123456789012`, `" edcba9876543210fedcba9876543210"`,
		}},
		{"gen", "gen", []string{`null`, `"1"`, `0`, `-1`, `1.5`, `1.0`, `1e0`, `9223372036854775808`, `true`, `[1]`}},
	} {
		for i, value := range test.values {
			t.Run(fmt.Sprintf("%s/%s/%d", test.id, test.claim, i), func(t *testing.T) {
				refuses(t, tokens, mint(plainHeader, payload(test.claim, value)))
			})
		}
	}
}

func TestMalformedPayloads(t *testing.T) {
	tokens := newTokens(t, newKey(t, jwtsigner.HS256))
	members := payload()[1 : len(payload())-1]
	for id, payloads := range map[string][]string{
		"A21": {
			payload("x", `1,"exp":1769817600`), payload("sub", `"a","sub":"a"`), payload("x", `1,"x":1`),
			payload("x", `1,"\u0065xp":1769817600`), payload("Exp", `1769817600`), payload("EXP", `1`), payload("Sub", `"a"`),
			payload("\u017fub", `"a"`), payload("Token_Type", `"access"`), payload("USER_ID", `"a"`), payload("x", `{"y":1,"y":1}`),
			payload("x", `[{"y":{"z":1,"a":2,"\u007a":3}}]`),
		},
		"A22": malformedObjects(members),
	} {
		for i, text := range payloads {
			t.Run(fmt.Sprintf("%s/%d", id, i), func(t *testing.T) { refuses(t, tokens, mint(plainHeader, text)) })
		}
	}
}

func TestClaimsAsTheyAreRead(t *testing.T) {
	tokens := newTokens(t, newKey(t, jwtsigner.HS256))
	plain := mustParse(t, tokens, mint(plainHeader, payload()))
	for _, test := range []struct {
		name, claim, value string
		want               func(c *domain.Claims)
	}{
		{"exp 0 is a time", "exp", `0`, func(c *domain.Claims) { c.ExpiresAt = time.Unix(0, 0).UTC() }},
		{"exp -0 too", "exp", `-0`, func(c *domain.Claims) { c.ExpiresAt = time.Unix(0, 0).UTC() }},
		{"no exp", "exp", ``, func(c *domain.Claims) { c.ExpiresAt = time.Time{} }},
		{"float exp", "exp", `4102444800.5`, func(c *domain.Claims) { c.ExpiresAt = time.Unix(4102444800, 0).UTC() }},
		{"exponent", "exp", `1.7672256E+9`, func(c *domain.Claims) { c.ExpiresAt = time.Unix(1767225600, 0).UTC() }},
		{"negative exponent", "exp", `17672256009e-1`, func(c *domain.Claims) { c.ExpiresAt = time.Unix(1767225600, 0).UTC() }},
		{"last exp", "exp", `253402300799`, func(c *domain.Claims) { c.ExpiresAt = time.Unix(253402300799, 0).UTC() }},
		{"nbf", "nbf", `1767225600`, func(c *domain.Claims) { c.NotBefore = time.Unix(1767225600, 0).UTC() }},
		{"no iat", "iat", ``, func(c *domain.Claims) { c.IssuedAt = time.Time{} }},
		{"no jti", "jti", ``, func(c *domain.Claims) { c.ID = "" }},
		{"any jti", "jti", `"\u0000\"\\\/\b\f\n\r\té😀\ud83d\uDE00"`, func(c *domain.Claims) { c.ID = "\x00\"\\/\b\f\n\r\té😀😀" }},
		{"no type", "token_type", ``, func(c *domain.Claims) { c.Type = "" }},
		{"any type", "token_type", `"sliding"`, func(c *domain.Claims) { c.Type = "sliding" }},
		{"no user_id", "user_id", ``, func(c *domain.Claims) { c.UserID = "" }},
		{"any user_id", "user_id", `"1 "`, func(c *domain.Claims) { c.UserID = "1 " }},
		{"user_id null", "user_id", `null`, func(c *domain.Claims) { c.UserID = "" }},
		{"user_id number", "user_id", `1`, func(c *domain.Claims) { c.UserID = "" }},
		{"user_id list", "user_id", `["x"]`, func(c *domain.Claims) { c.UserID = "" }},
		{"user_id object", "user_id", `{"x":1}`, func(c *domain.Claims) { c.UserID = "" }},
		{"user_id true", "user_id", `true`, func(c *domain.Claims) { c.UserID = "" }},
		{"sid", "sid", `"fedcba9876543210fedcba9876543210"`, func(c *domain.Claims) { c.Session = "fedcba9876543210fedcba9876543210" }},
		{"gen", "gen", `9223372036854775807`, func(c *domain.Claims) { c.Generation = 1<<63 - 1 }},
		{"iss", "iss", `"https://zeitmaß.example"`, func(c *domain.Claims) { c.Issuer = "https://zeitmaß.example" }},
		{"aud", "aud", `"a"`, func(c *domain.Claims) { c.Audience = []string{"a"} }},
		{"several aud", "aud", `[ "a" ,"\u0062", "" ]`, func(c *domain.Claims) { c.Audience = []string{"a", "b", ""} }},
		{"empty aud", "aud", `[]`, func(*domain.Claims) {}},
		{"sub is not ours", "sub", `"x"`, func(*domain.Claims) {}},
		{"foreign claims", "tenant", `{"roles":["a",{"exp":"x","Exp":1}],"n":-0.5e-3,"t":true,"f":false,"0":null}`, func(*domain.Claims) {}},
		{"twenty lists side by side", "x", `[` + strings.Repeat(`[],`, 19) + `[]]`, func(*domain.Claims) {}},
		{"nested names may recur", "x", `[{"y":1},{"y":1,"x":{"y":1}}]`, func(*domain.Claims) {}},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := plain
			test.want(&want)
			if got := mustParse(t, tokens, mint(plainHeader, payload(test.claim, test.value))); !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

// TestDjangosVerdicts: what a Django with SimpleJWT was seen to answer for its own tokens,
// bent, is what reading and checking them gives here. Where it crashed, a refusal will do.
func TestDjangosVerdicts(t *testing.T) {
	tokens := newTokens(t, newKey(t, jwtsigner.HS256))
	now := time.Unix(1767225600, 0)
	policy := domain.Policy{AcceptDjangoTokensUntil: now.Add(time.Hour)}
	for _, test := range []struct {
		name    string
		changes []string
		want    error
	}{
		{"as it is", nil, nil},
		{"exp float", []string{"exp", `4102444800.5`}, nil},
		{"exp numeric text", []string{"exp", `"4102444800"`}, domain.ErrTokenInvalid},
		{"exp text", []string{"exp", `"tomorrow"`}, domain.ErrTokenInvalid},
		{"exp now", []string{"exp", `1767225600`}, domain.ErrTokenExpired},
		{"exp a second ago", []string{"exp", `1767225599`}, domain.ErrTokenExpired},
		{"exp in a second", []string{"exp", `1767225601`}, nil},
		{"exp zero", []string{"exp", `0`}, domain.ErrTokenExpired},
		{"no exp", []string{"exp", ``}, domain.ErrTokenNoExpiry},
		{"no iat", []string{"iat", ``}, nil},
		{"iat in the future", []string{"iat", `1767225601`}, domain.ErrTokenInvalid},
		{"nbf in the past", []string{"nbf", `1767225540`}, nil},
		{"nbf in the future", []string{"nbf", `1767229200`}, domain.ErrTokenInvalid},
		{"no jti", []string{"jti", ``}, domain.ErrTokenNoID},
		{"jti null", []string{"jti", `null`}, domain.ErrTokenInvalid},
		{"jti number", []string{"jti", `7`}, domain.ErrTokenInvalid},
		{"sub number", []string{"sub", `5`}, domain.ErrTokenInvalid},
		{"no type", []string{"token_type", ``}, domain.ErrTokenNoType},
		{"access token", []string{"token_type", `"access"`}, domain.ErrTokenWrongType},
		{"user_id null", []string{"user_id", `null`}, domain.ErrTokenNoStaff},
		{"user_id number", []string{"user_id", `1`}, domain.ErrTokenNoStaff},
		{"user_id list", []string{"user_id", `["x"]`}, domain.ErrTokenNoStaff},
		{"no user_id", []string{"user_id", ``}, domain.ErrTokenNoStaff},
		{"custom claims", []string{"tenant", `"north"`, "roles", `["a","b"]`, "nested", `{"x":1}`}, nil},
		{"aud and iss", []string{"aud", `"shop"`, "iss", `"shop"`}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			claims, err := tokens.Parse(t.Context(), domain.NewToken(mint(plainHeader, payload(test.changes...))))
			if err == nil {
				err = claims.Check(policy, now, domain.RefreshToken)
			}
			if err == nil {
				_, err = claims.StaffID()
			}
			if !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

// The JWS of RFC 7515, A.1: line breaks in its header and its payload, and no typ first.
func TestRFC7515Example(t *testing.T) {
	secret := unb64(t, "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")
	tokens := newTokens(t, secretKey(t, string(secret)))
	got := mustParse(t, tokens, "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."+
		"eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."+
		"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
	want := domain.Claims{Issuer: "joe", ExpiresAt: time.Unix(1300819380, 0).UTC()}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestParsedClaimsAreTheCallersOwn(t *testing.T) {
	tokens := newTokens(t, secretKey(t, goldenSecret))
	first := mustParse(t, tokens, goldenRefresh)
	first.Audience[0] = "changed"
	if second := mustParse(t, tokens, goldenRefresh); slices.Contains(second.Audience, "changed") {
		t.Error("two calls share a slice")
	}
}
