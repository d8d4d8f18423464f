package acceptance

import (
	"strconv"
	"strings"
	"time"
)

// Attacks on the JSON in a token, and on what it says.
var payloadAttacks = []tokenAttack{
	{id: "A21", forge: func(f forger) []string {
		doubled := func(object string, members ...string) (all []string) {
			for _, m := range members {
				all = append(all, strings.TrimSuffix(object, "}")+","+m+"}")
			}
			return all
		}
		headers := f.headers(doubled(f.header, `"alg":"none"`, `"alg":"HS256"`, `"Alg":"none"`, `"\u0061lg":"none"`, `"typ":"JWT"`, `"TYP":"JWT"`,
			`"x":1,"x":1`, `"x":{"y":1,"y":2}`)...)
		var all []string
		for _, claims := range doubled(f.claims, `"exp":9999999999`, `"Exp":9999999999`, `"\u0065xp":9999999999`, `"user_id":"x"`, `"USER_ID":"x"`,
			`"token_type":"access"`, `"token_type":"refresh"`, `"Token_Type":"access"`, `"sub":"a","sub":"b"`, `"x":[{"y":1,"y":2}]`) {
			all = append(all, f.signed(f.header, claims))
		}
		return append(all, headers...)
	}},
	{id: "A22", forge: func(f forger) (all []string) {
		for _, bend := range badObjects {
			all = append(all, f.signed(bend(f.header), f.claims), f.signed(f.header, bend(f.claims)))
		}
		return append(all, f.withClaim("exp", `"9999999999"`, `1e308`, `1e400`, `-1`, `9223372036854775807`, `9223372036854775808`, `18446744073709551616`,
			`253402300800`, `NaN`, `Infinity`, `null`, `true`, `[]`, `{}`, `""`, `+1`, `0x7fffffff`, `1_000`)...)
	}},
}

// badObjects are ways to make a JSON object something else.
var badObjects = []func(object string) string{
	func(object string) string { return "\ufeff" + object },
	func(object string) string { return object[:len(object)-1] + ",\"x\":\"\xff\"}" },
	func(object string) string { return object[:len(object)-1] + ",\"x\":\"\xed\xa0\x80\"}" },
	func(object string) string { return object[:len(object)-1] + `,"x":"\ud800"}` },
	func(object string) string { return object[:len(object)-1] + ",\"x\":\"\x00\"}" },
	func(object string) string { return object + "\x00" },
	func(object string) string { return object + object },
	func(object string) string { return object[:len(object)-1] },
	func(object string) string { return object[:len(object)-1] + ",}" },
	func(object string) string { return "[" + object + "]" },
	func(object string) string { return object[:len(object)-1] + `/**/}` },
	func(object string) string { return strings.ReplaceAll(object, `"`, `'`) },
	func(object string) string {
		return object[:len(object)-1] + `,"x":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + "}"
	},
	func(string) string { return "[]" }, func(string) string { return "null" }, func(string) string { return `"x"` },
	func(string) string { return "1" }, func(string) string { return " " }, func(string) string { return strings.Repeat("[", 5000) },
	func(string) string { return strings.Repeat("[", 30_000) },
}

const (
	wasExpired   = "Token is expired"
	wasWrongType = "Token has wrong type"
	wasNobodys   = "Token contained no recognizable user identification"
)

// in is a time from now on, as a claim.
func in(d time.Duration) string { return strconv.FormatInt(time.Now().Add(d).Unix(), 10) }

// Attacks with tokens that are signed well and say what they must not.
var meaningAttacks = []tokenAttack{
	{id: "B03 expired", detail: wasExpired, forge: func(f forger) []string {
		return f.withClaim("exp", in(0), in(-time.Second), in(-time.Hour), `0`, `-0`, `0.9`, `1`)
	}},
	{id: "B03 missing", detail: "Token has no 'exp' claim", forge: func(f forger) []string { return f.withClaim("exp", ``) }},
	{id: "B04", forge: func(f forger) []string {
		return f.withClaim("nbf", in(time.Hour), in(100*365*24*time.Hour), `null`, `"1"`, `-1`, `1e308`)
	}},
	{id: "B05", forge: func(f forger) []string {
		return f.withClaim("iat", in(time.Hour), in(100*365*24*time.Hour), `null`, `"1"`, `-1`, `1e308`)
	}},
	{id: "B06", forge: func(f forger) []string {
		return f.withClaim("iss", ``, `"other"`, `"https://gate.test/"`, `"HTTPS://GATE.TEST"`, `"https://gate.tes"`, `["https://gate.test"]`, `""`, `null`, `7`)
	}},
	{id: "B07", forge: func(f forger) []string {
		return f.withClaim("aud", ``, `""`, `[]`, `[""]`, `"other"`, `["other"]`, `"sho"`, `"shop "`, `"SHOP"`, `"shop2"`, `7`, `null`, `[7,"shop"]`, `{"shop":1}`, `[["shop"]]`)
	}},
	{id: "B08 no id", detail: wasNobodys, forge: func(f forger) []string {
		// A claim that goes first is the one that member replaces.
		return f.withClaim("user_id", ``, `null`, `1`, `"1"`, `"01"`, `"1 "`, `""`, `["`+hanaID+`"]`, `"`+hanaID+` "`, `"{`+hanaID+`}"`, `"`+strings.ReplaceAll(hanaID, "-", "")+`0"`)
	}},
	{id: "B08 sub", forge: func(f forger) []string { return f.withClaim("sub", `7`, `null`, `["a"]`, `{}`) }},
	{id: "B08 session of another", detail: "Token is blacklisted", forge: func(f forger) []string {
		return append(f.withClaim("sid", `"00000000000000000000000000000000"`), f.withClaim("user_id", `"0b5c1e00-0000-4000-8000-000000000005"`)...)
	}},
	{id: "B09 header", forge: func(f forger) []string {
		return f.withHeader("typ", `"at+jwt"`, `"AT+JWT"`, `"application/at+jwt"`, `"refresh+jwt"`, `"JWE"`, `""`, `null`, `["JWT"]`, `7`)
	}},
	{id: "B09 type", detail: wasWrongType, forge: func(f forger) []string {
		return f.withClaim("token_type", `"ACCESS"`, `"Refresh"`, `"access "`, `" refresh"`, `"sliding"`, `"reset"`, `"access\u0000"`, `"ａccess"`, `"acceſſ"`)
	}},
	{id: "B09 no type", detail: "Token has no type", forge: func(f forger) []string { return f.withClaim("token_type", ``, `""`) }},
	{id: "B09 odd type", forge: func(f forger) []string {
		return f.withClaim("token_type", `null`, `7`, `["access"]`, `["refresh"]`, `{}`)
	}},
	{id: "B12", forge: func(f forger) []string {
		return []string{byOther(f.header, f.claims), byOther(member(f.header, "kid", `"other"`), f.claims),
			(&target{secret: "django-insecure-key-of-somebody's-tutorial"}).sign(f.part(0) + "." + f.part(1))}
	}},
	{id: "no session", forge: func(f forger) []string { return f.withClaim("sid", ``, `null`, `""`, `7`, `"short"`) }},
	{id: "no generation", kinds: "refresh", forge: func(f forger) []string { return f.withClaim("gen", `0`, `-1`, `1.5`, `"1"`, `null`) }},
}
