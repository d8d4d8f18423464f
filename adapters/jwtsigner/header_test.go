package jwtsigner_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"gatehouse/adapters/jwtsigner"
)

// The subtests A01 to A22 are attacks on the structure of tokens. Where the point is not
// the signature, the token is signed by the right key.

// TestHeaderAttacks bends the header of a token that is signed by the right secret.
func TestHeaderAttacks(t *testing.T) {
	tokens := newTokens(t, newKey(t, jwtsigner.HS256))
	long := strings.Repeat("A", 5000)
	for id, headers := range map[string][]string{
		"A01": {`{"alg":"none","typ":"JWT"}`, `{"alg":"none"}`},
		"A02": {
			`{"alg":"None"}`, `{"alg":"NONE"}`, `{"alg":"nOnE"}`, `{"alg":"hs256"}`, `{"alg":"HS256 "}`, `{"alg":" HS256"}`,
			`{"alg":"HS256\u0000"}`, `{"alg":"ＨＳ256"}`, `{"alg":"Hſ256"}`,
		},
		"A03": {
			`{"typ":"JWT"}`, `{}`, `{"alg":null}`, `{"alg":0}`, `{"alg":[]}`, `{"alg":{}}`, `{"alg":""}`, `{"alg":true}`,
			`{"alg":["HS256"]}`, `{"alg":"` + long + `"}`,
		},
		"A05": {`{"alg":"HS384"}`, `{"alg":"HS512"}`, `{"alg":"ES256"}`, `{"alg":"EdDSA"}`, `{"alg":"RS256"}`},
		"A12": {`{"alg":"HS256","jwk":{"kty":"oct","k":"AAAA"}}`, `{"alg":"HS256","jwk":null}`, `{"alg":"HS256","JWK":{}}`},
		"A13": {
			`{"alg":"HS256","jku":"http://canary.example/"}`, `{"alg":"HS256","jku":"file:///etc/passwd"}`,
			`{"alg":"HS256","x5u":"http://169.254.169.254/"}`, `{"alg":"HS256","x5u":"//host"}`, `{"alg":"HS256","x5u":null}`,
		},
		"A14": {
			`{"alg":"HS256","x5c":["AAAA"]}`, `{"alg":"HS256","x5c":[]}`, `{"alg":"HS256","x5t":"AAAA"}`,
			`{"alg":"HS256","x5t#S256":"AAAA"}`,
		},
		"A17": {`{"alg":"HS256","kid":7}`, `{"alg":"HS256","kid":["a"]}`, `{"alg":"HS256","kid":null}`, `{"alg":"HS256","kid":{}}`},
		"A18": {
			`{"alg":"HS256","crit":["x"],"x":1}`, `{"alg":"HS256","crit":[]}`, `{"alg":"HS256","crit":["alg"]}`,
			`{"alg":"HS256","crit":"alg"}`, `{"alg":"HS256","crit":null}`, `{"alg":"HS256","Crit":["x"]}`,
			`{"alg":"HS256","b64":false}`, `{"alg":"HS256","b64":true}`, `{"alg":"HS256","b64":false,"crit":["b64"]}`,
		},
		"A20": {
			`{"alg":"HS256","zip":"DEF"}`, `{"alg":"HS256","cty":"JWT"}`, `{"alg":"HS256","enc":"A128GCM"}`,
			`{"alg":"PBES2-HS256+A128KW","p2c":1000000000,"enc":"A128GCM"}`,
		},
		"A21": {
			`{"alg":"HS256","alg":"HS256"}`, `{"alg":"none","alg":"HS256"}`, `{"Alg":"none","alg":"HS256"}`,
			`{"alg":"HS256","ALG":"HS256"}`, `{"alg":"HS256","\u0061lg":"none"}`, `{"alg":"HS256","Kid":"a"}`,
			"{\"alg\":\"HS256\",\"\u212aid\":\"a\"}", `{"alg":"HS256","TYP":"JWT"}`, `{"alg":"HS256","x":1,"x":1}`,
			`{"alg":"HS256","x":{"y":1,"\u0079":1}}`, `{"alg":"HS256","x":[{"y":1,"z":0,"y":1}]}`,
		},
		"A22": malformedObjects(`"alg":"HS256"`),
		"B09": {
			`{"alg":"HS256","typ":"at+jwt"}`, `{"alg":"HS256","typ":"application/at+jwt"}`, `{"alg":"HS256","typ":"JWE"}`,
			`{"alg":"HS256","typ":""}`, `{"alg":"HS256","typ":null}`, `{"alg":"HS256","typ":["JWT"]}`,
		},
	} {
		for i, header := range headers {
			t.Run(fmt.Sprintf("%s/%d", id, i), func(t *testing.T) { refuses(t, tokens, mint(header, payload())) })
		}
	}
}

// malformedObjects returns texts that hold members but are not strict JSON objects.
func malformedObjects(members string) []string {
	object := "{" + members + "}"
	deep := strings.Repeat("[", 16) + strings.Repeat("]", 16)
	return []string{
		``, ` `, `[]`, `null`, `"x"`, `7`, `{`, `}`, `{` + members, members, `[` + object + `]`,
		object + `x`, object + object, object + `,`, `{` + members + `,}`, `{,` + members + `}`, `{` + members + ` "x":1}`,
		`{` + members + `,"x"}`, `{` + members + `,"x":}`, `{` + members + `,x:1}`, `{` + members + `,'x':1}`, `{` + members + `,1:1}`,
		"\ufeff" + object, "\xff" + object, "{" + members + ",\"x\":\"\xc3\"}", "{" + members + ",\"\xff\":1}",
		"{" + members + ",\"x\":\"\xed\xa0\x80\"}", object + "\x00", "\x0b" + object, object + "\u00a0",
		`{` + members + `,"x":"\ud800"}`, `{` + members + `,"x":"\udc00"}`, `{` + members + `,"x":"\ud800\ud800"}`,
		`{` + members + `,"x":"\ud800x"}`, `{` + members + `,"x":"\ud83dxude00"}`, `{` + members + `,"\ud800":1}`, `{` + members + `,"x":"\ud800\n"}`,
		`{` + members + `,"x":"\u12"}`, `{` + members + `,"x":"\u+123"}`, `{` + members + `,"x":"\x41"}`, `{` + members + `,"x":"\`,
		`{` + members + `,"x":"\u00`, `{` + members + `,"x":"`, `{` + members + `,"x":"a\"}`, `{` + members + `,"x":"\U0041"}`,
		"{" + members + ",\"x\":\"\n\"}", "{" + members + ",\"x\":\"\\\"\x1f\"}",
		`{` + members + `,"x":01}`, `{` + members + `,"x":-}`, `{` + members + `,"x":1.}`, `{` + members + `,"x":.5}`,
		`{` + members + `,"x":1e}`, `{` + members + `,"x":1e+}`, `{` + members + `,"x":+1}`, `{` + members + `,"x":0x10}`,
		`{` + members + `,"x":NaN}`, `{` + members + `,"x":Infinity}`, `{` + members + `,"x":-Infinity}`, `{` + members + `,"x":1_0}`,
		`{` + members + `,"x":tru}`, `{` + members + `,"x":True}`, `{` + members + `,"x":nul}`, `{` + members + `,"x":falsey}`,
		`{` + members + `,"x":[1,]}`, `{` + members + `,"x":[,1]}`, `{` + members + `,"x":[1 2]}`, `{` + members + `,"x":[1}`,
		`{` + members + `,"x":[1}}`, `{` + members + `,"x":{]}`, `{` + members + `/**/}`, `{` + members + `,"x":` + deep + `}`,
		`{` + members + `,"x":` + strings.Repeat(`{"a":`, 16) + `1` + strings.Repeat(`}`, 16) + `}`,
		`{` + members + `,"x":` + strings.Repeat("[", 2000) + strings.Repeat("]", 2000) + `}`, strings.Repeat("[", 5000),
		strings.Repeat(`{"a":`, 1000),
	}
}

// TestHarmlessHeaders is the other side of TestHeaderAttacks.
func TestHarmlessHeaders(t *testing.T) {
	tokens := newTokens(t, newKey(t, jwtsigner.HS256))
	want := mustParse(t, tokens, mint(plainHeader, payload()))
	for name, header := range map[string]string{
		"no typ":                       `{"alg":"HS256"}`,
		"PyJWT before 2.5":             `{"typ":"JWT","alg":"HS256"}`,
		"typ in lower case":            `{"alg":"HS256","typ":"jwt"}`,
		"white space":                  " {\t\"alg\" :\r\n\"HS256\" , \"typ\": \"JWT\" } \n",
		"escapes":                      `{"\u0061lg":"HS\u003256"}`,
		"a kid is ignored for secrets": `{"alg":"HS256","kid":"whatever"}`,
		"even a kid like a path":       `{"alg":"HS256","kid":"../../../../dev/null\u0000"}`,
		"foreign members":              `{"alg":"HS256","tenant":{"a":[1,-2.5e3,true,false,null,"😀\ud83d\ude00",[],{}]},"p2c":1}`,
		"as deep as may be":            `{"alg":"HS256","x":` + strings.Repeat("[", 15) + strings.Repeat("]", 15) + `}`,
	} {
		t.Run(name, func(t *testing.T) {
			if got := mustParse(t, tokens, mint(header, payload())); !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v", got)
			}
		})
	}
}
