package jwtsigner_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"gatehouse/adapters/jwtsigner"
	"gatehouse/domain"
)

func TestSpellingAttacks(t *testing.T) {
	tokens := newTokens(t, newKey(t, jwtsigner.HS256))
	header, body := b64([]byte(`{"alg":"HS256","typ":"JWT" }`)), b64([]byte(payload("x", `"12"`)))
	if len(header)%4 == 0 || len(body)%4 == 0 {
		t.Fatal("no part may end with the bits of a whole byte")
	}
	good := hmacSigned(sharedSecret, header+"."+body)
	signature := good[strings.LastIndexByte(good, '.')+1:]
	mustParse(t, tokens, good)
	if len(b64([]byte(plainHeader)))%4 != 0 || len(b64([]byte(payload("x", `"1"`))))%4 != 0 {
		t.Fatal("a character more is not one too many")
	}
	standard := base64.RawStdEncoding.EncodeToString([]byte(payload("x", `"???>>>???>>>"`)))
	if !strings.ContainsAny(standard, "+/") {
		t.Fatal("the standard alphabet looks like base64url")
	}
	tests := map[string][]string{
		"A08": {
			"", ".", "..", "...", header, header + "." + body, good + ".", "." + good, good + "." + signature,
			header + ".." + signature, "." + body + "." + signature, header + "." + body + ".", header + "." + good,
			hmacSigned(sharedSecret, header+"."), hmacSigned(sharedSecret, "."+body), hmacSigned(sharedSecret, "."),
			strings.Repeat(".", 100_000), strings.Repeat("a.b.c", 3000), "a.b.c", header + "." + strings.Repeat("A", 8192) + "." + signature,
		},
		"A09": {
			good + "=", hmacSigned(sharedSecret, header+"=="+"."+body), hmacSigned(sharedSecret, header+"."+body+"="),
			hmacSigned(sharedSecret, header+"."+strays(body)), hmacSigned(sharedSecret, strays(header)+"."+body),
			header + "." + body + "." + strays(signature), hmacSigned(sharedSecret, header+"."+standard),
			hmacSigned(sharedSecret, header+"."+body+"A"), hmacSigned(sharedSecret, header+"A."+body), good + "A",
			hmacSigned(sharedSecret, b64([]byte(plainHeader))+"A."+body), hmacSigned(sharedSecret, header+"."+b64([]byte(payload("x", `"1"`)))+"A"),
		},
		"A11": {
			`"` + good + `"`, "Bearer " + good, " " + good, good + " ", good + "\n", "\x00" + good, good + "\x00", "%65" + good[1:],
			good + "\u00a0", good + "é", good + "\xff",
		},
		"A19": {
			`{"protected":"` + header + `","payload":"` + body + `","signature":"` + signature + `"}`,
			`{"payload":"` + body + `","signatures":[{"protected":"` + header + `","signature":"` + signature + `"}]}`, `["` + good + `"]`,
		},
		"A20": {header + ".." + body + "." + body + "." + signature, good + "." + body + "." + signature},
	}
	for _, inside := range []string{"\r", "\n", "\r\n", "\t", " "} {
		for at := range good {
			tests["A10"] = append(tests["A10"], good[:at]+inside+good[at:])
		}
		tests["A10"] = append(tests["A10"], hmacSigned(sharedSecret, header+inside+"."+body), hmacSigned(sharedSecret, header+"."+body+inside))
	}
	for id, spellings := range tests {
		t.Run(id, func(t *testing.T) {
			for _, spelling := range spellings {
				refuses(t, tokens, spelling)
			}
		})
	}
}

// strays sets a bit of the last character that no byte uses.
func strays(part string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := len(part) - 1
	return part[:last] + string(alphabet[strings.IndexByte(alphabet, part[last])|1])
}

func TestLongestToken(t *testing.T) {
	tokens := newTokens(t, newKey(t, jwtsigner.HS256))
	tokenOf := func(payloadBytes int) string {
		filler := strings.Repeat("x", payloadBytes-len(payload("x", `""`)))
		return mint(plainHeader, payload("x", `"`+filler+`"`))
	}
	longest, longer := tokenOf(6083), tokenOf(6084)
	if len(longest) != domain.MaxTokenLength || len(longer) != domain.MaxTokenLength+1 {
		t.Fatalf("the tokens have %d and %d bytes", len(longest), len(longer))
	}
	mustParse(t, tokens, longest)
	refuses(t, tokens, longer)
}
