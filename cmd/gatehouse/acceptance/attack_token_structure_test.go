package acceptance

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha512"
	"encoding/asn1"
	"encoding/base64"
	"math/big"
	"strings"
)

// Attacks on how a token is written.
var spellingAttacks = []tokenAttack{
	{id: "A01", forge: func(f forger) []string {
		none := b64([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + f.part(1)
		return []string{none + ".", none, none + "." + f.part(2), none + "." + b64(nil) + "."}
	}},
	{id: "A07", forge: badSignatures},
	{id: "A08", forge: func(f forger) []string {
		h, p, s := f.part(0), f.part(1), f.part(2)
		return []string{
			"", ".", "..", "...", h, h + "." + p, f.good + ".", "." + f.good, f.good + "." + s, f.good + "..", h + ".." + s, "." + p + "." + s,
			h + "." + p + ".", f.sign(h + "."), f.sign("." + p), f.sign("."), strings.Repeat(".", 8000), strings.Repeat(".", 100_000), strings.Repeat("a.b.c", 1500),
		}
	}},
	{id: "A09", forge: func(f forger) []string {
		h, p, s := b64([]byte(padTo(f.header, 1))), b64([]byte(padTo(f.claims, 1))), f.part(2)
		standard := base64.RawStdEncoding.EncodeToString([]byte(member(f.claims, "x", `"???>>>???>>>"`)))
		return []string{
			f.good + "=", f.good + "==", f.sign(h + "==." + p), f.sign(h + "." + p + "=="), f.sign(h + "." + standard), f.sign(h + "." + p + "A"),
			f.sign(h + "A." + p), f.good + "A", f.sign(h + "." + strayBits(p)), f.sign(strayBits(h) + "." + p), f.part(0) + "." + f.part(1) + "." + strayBits(s),
		}
	}},
	{id: "A10", forge: func(f forger) (all []string) {
		for _, inside := range []string{"\r", "\n", "\r\n", "\t", " ", "\v", "\f", "\u00a0"} {
			for _, at := range []int{1, len(f.part(0)), len(f.part(0)) + 1, len(f.part(0)) + 5, len(f.good) - 1} {
				all = append(all, f.good[:at]+inside+f.good[at:])
			}
			all = append(all, f.sign(f.part(0)+inside+"."+f.part(1)), f.sign(f.part(0)+"."+f.part(1)+inside))
		}
		return all
	}},
	{id: "A11", forge: func(f forger) []string {
		return []string{
			`"` + f.good + `"`, "'" + f.good + "'", "Bearer " + f.good, "bearer " + f.good, "Bearer%20" + f.good, "%65" + f.good[1:],
			strings.ReplaceAll(f.good, ".", "%2E"), "\x00" + f.good, f.good + "\x00", f.good + "é", "\ufeff" + f.good, f.good + ",", "<" + f.good + ">",
		}
	}},
	{id: "A19", forge: func(f forger) []string {
		one := `"protected":"` + f.part(0) + `","signature":"` + f.part(2) + `"`
		return []string{
			`{"payload":"` + f.part(1) + `",` + one + `}`, `{"payload":"` + f.part(1) + `","signatures":[{` + one + `}]}`,
			`{"payload":"` + f.part(1) + `","signatures":[{` + one + `},{` + one + `}]}`, `["` + f.good + `"]`, f.good + "," + f.good, f.good + f.good,
		}
	}},
	{id: "A20", forge: func(f forger) []string {
		h, p, s := f.part(0), f.part(1), f.part(2)
		jwe := b64([]byte(`{"alg":"dir","enc":"A256GCM","zip":"DEF"}`)) + ".." + b64([]byte("twelve bytes")) + "." + p + "." + s
		return append(f.withHeader("zip", `"DEF"`), append(f.withHeader("cty", `"JWT"`, `"jwt"`), append(f.withHeader("enc", `"A128GCM"`),
			jwe, h+".."+p+"."+p+"."+s, f.good+"."+p+"."+s, f.signed(`{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2c":1000000000}`, f.claims),
			f.signed(member(f.header, "cty", `"JWT"`), f.good), f.signed(f.header, f.good))...)...)
	}},
}

// part is one of the three parts of the good token.
func (f forger) part(n int) string { return strings.Split(f.good, ".")[n] }

// padTo adds spaces to a JSON text until its length leaves the rest when divided by 3: then
// the last character of its base64 has bits to spare.
func padTo(text string, rest int) string {
	for len(text)%3 != rest {
		text += " "
	}
	return text
}

// strayBits sets a bit of the last character that no byte uses.
func strayBits(part string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := len(part) - 1
	return part[:last] + string(alphabet[strings.IndexByte(alphabet, part[last])|1])
}

func badSignatures(f forger) (all []string) {
	good := []byte(unb64(f.part(2)))
	flipped := func(i int) []byte {
		bad := append([]byte(nil), good...)
		bad[i] ^= 1
		return bad
	}
	signatures := [][]byte{
		flipped(0), flipped(len(good) / 2), flipped(len(good) - 1), good[:len(good)-1], good[1:], append(good[:len(good):len(good)], 0),
		append(good[:len(good):len(good)], good...), make([]byte, len(good)), good[:16], {0}, macOf("", f.part(0)+"."+f.part(1)), inHex(good),
	}
	if len(good) == 64 {
		r, s, n := new(big.Int).SetBytes(good[:32]), new(big.Int).SetBytes(good[32:]), elliptic.P256().Params().N
		der, _ := asn1.Marshal(struct{ R, S *big.Int }{r, s})
		raw := func(r, s *big.Int) []byte {
			return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
		}
		zero := new(big.Int)
		signatures = append(signatures, der, raw(zero, s), raw(r, zero), raw(zero, zero), raw(n, s), raw(r, n), raw(s, r))
	}
	for _, signature := range signatures {
		all = append(all, f.part(0)+"."+f.part(1)+"."+b64(signature))
	}
	other := f.signed(f.header, member(f.claims, "x", "2"))
	return append(all, f.part(0)+"."+f.part(1)+other[strings.LastIndexByte(other, '.'):])
}

func inHex(bytes []byte) []byte {
	const digits = "0123456789abcdef"
	var text []byte
	for _, b := range bytes {
		text = append(text, digits[b>>4], digits[b&15])
	}
	return text
}

// byOther signs with a key that is not the server's.
func byOther(header, claims string) string {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err) // it never fails
	}
	return (&target{key: private}).sign(b64([]byte(header)) + "." + b64([]byte(claims)))
}

// hs512 is a token by the sibling of HS256.
func hs512(f forger) string {
	signed := b64([]byte(`{"alg":"HS512","typ":"JWT"}`)) + "." + f.part(1)
	mac := hmac.New(sha512.New, []byte(f.secret))
	mac.Write([]byte(signed))
	return signed + "." + b64(mac.Sum(nil))
}
