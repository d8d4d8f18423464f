package acceptance

import (
	"crypto/x509"
	"encoding/pem"
	"strings"
)

// Attacks on a token's header. Where the signature is not the point, it is right.
var headerAttacks = []tokenAttack{
	{id: "A02", forge: func(f forger) []string {
		return f.withHeader("alg", `"None"`, `"NONE"`, `"nOnE"`, `"hs256"`, `"es256"`, `"eddsa"`, `"EDDSA"`, `"HS256 "`, `" ES256"`, `"EdDSA\u0000"`,
			`"ＨＳ256"`, `"Hſ256"`, `"Eſ256"`, `"HS256,ES256"`)
	}},
	{id: "A03", forge: func(f forger) []string {
		return f.withHeader("alg", ``, `null`, `0`, `[]`, `{}`, `""`, `true`, `["HS256"]`, `["ES256"]`, `{"HS256":1}`,
			`"`+strings.Repeat("A", 4000)+`"`, `"`+strings.Repeat("A", 50_000)+`"`)
	}},
	{id: "A04", forge: publicKeysAsSecrets},
	{id: "A05", forge: func(f forger) []string {
		own := strings.Split(strings.SplitN(f.header, `"alg":"`, 2)[1], `"`)[0]
		siblings := []string{hs512(f)}
		for _, alg := range []string{"HS256", "HS384", "HS512", "ES256", "ES256K", "ES384", "ES512", "EdDSA", "Ed25519", "Ed448", "RS256", "RS512", "PS256"} {
			if alg != own {
				siblings = append(siblings, f.withHeader("alg", `"`+alg+`"`)...)
			}
		}
		return siblings
	}},
	{id: "A06", forge: func(f forger) (all []string) {
		for _, alg := range []string{"HS256", "ES256", "EdDSA"} {
			header := member(f.header, "alg", `"`+alg+`"`)
			all = append(all, byOther(header, f.claims), (&target{secret: "another one, which is long enough"}).sign(b64([]byte(header))+"."+f.part(1)))
		}
		return all
	}},
	{id: "A12", forge: func(f forger) []string {
		key := `{"kty":"EC","crv":"P-256","x":"KSexBRK64-3c_kZ4KBKLrSkDJpkZ9whgacjE32xzKDg","y":"x3h5ZOqsAOWSH7FJimD0YGdms9loUAFVjRqXTnNBUT4"}`
		return append(f.withHeader("jwk", key, `null`, `{"kty":"oct","k":"AAAA"}`), append(f.withHeader("JWK", `{}`), byOther(member(f.header, "jwk", key), f.claims))...)
	}},
	{id: "A13", forge: func(f forger) []string {
		addresses := []string{`"http://127.0.0.1:9/"`, `"file:///etc/passwd"`, `"http://169.254.169.254/"`, `"//host"`, `null`, `""`}
		return append(f.withHeader("jku", addresses...), f.withHeader("x5u", addresses...)...)
	}},
	{id: "A14", forge: func(f forger) []string {
		return append(f.withHeader("x5c", `["AAAA"]`, `[]`, `null`), append(f.withHeader("x5t", `"AAAA"`), f.withHeader("x5t#S256", `"AAAA"`, `""`)...)...)
	}},
	{id: "A15", forge: func(f forger) (all []string) {
		for _, kid := range []string{`"../../../../dev/null"`, `"/proc/self/environ"`, `"file.pem\u0000"`, `"signing-key-es256.pem"`} {
			header := `{"alg":"HS256","typ":"JWT","kid":` + kid + `}`
			for _, secret := range []string{"", "\x00", kid} {
				signed := b64([]byte(header)) + "." + f.part(1)
				all = append(all, signed+"."+b64(macOf(secret, signed)))
			}
		}
		return all
	}},
	{id: "A16", forge: func(f forger) []string {
		return f.foreignKeyIDs(`"' UNION SELECT 'k' --"`, `"1;DROP TABLE staff"`, `"{{.}}"`, `"%s%n"`)
	}},
	{id: "A17", forge: func(f forger) []string {
		return append(f.foreignKeyIDs(``, `""`, `"unknown"`, `"\u0000"`, `"`+strings.Repeat("k", 3000)+`"`),
			append(f.withHeader("kid", `7`, `["a"]`, `null`, `{}`, `true`, `"`+strings.Repeat("k", 50_000)+`"`), f.withHeader("Kid", `"a"`)...)...)
	}},
	{id: "A18", forge: func(f forger) []string {
		return append(f.withHeader("crit", `["x"]`, `[]`, `["alg"]`, `"alg"`, `null`, `{}`, `["b64"]`, `["exp"]`),
			append(f.withHeader("b64", `false`, `true`, `null`), append(f.withHeader("Crit", `["x"]`),
				f.signed(member(member(f.header, "b64", `false`), "crit", `["b64"]`), f.claims))...)...)
	}},
}

// foreignKeyIDs are tokens with such a kid. A secret has none, so that a token of the shop's
// Django may have any: then the signature is another one's.
func (f forger) foreignKeyIDs(kids ...string) []string {
	if f.secret != "" {
		f.target = &target{secret: "another one, which is long enough"}
	}
	return f.withHeader("kid", kids...)
}

// publicKeysAsSecrets are tokens that are signed with what everybody knows of the key.
func publicKeysAsSecrets(f forger) (all []string) {
	secrets := []string{"", f.jwks(f.t), f.header, "https://gate.test", "shop"}
	if f.key != nil {
		der, err := x509.MarshalPKIXPublicKey(f.key.Public())
		if err != nil {
			f.t.Fatal(err)
		}
		text := string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
		secrets = append(secrets, string(der), string(der[len(der)-32:]), string(der[len(der)-min(64, len(der)):]), text, strings.TrimSpace(text))
	}
	for _, secret := range secrets {
		for _, header := range []string{f.header, member(f.header, "alg", `"HS256"`), `{"alg":"HS256","typ":"JWT"}`} {
			signed := b64([]byte(header)) + "." + f.part(1)
			all = append(all, signed+"."+b64(macOf(secret, signed)))
		}
	}
	return all
}
