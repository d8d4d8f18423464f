package passwords

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"gatehouse/domain"
)

const (
	salt16   = "c29tZXNhbHRzb21lc2FsdA"
	tag16    = "AAAAAAAAAAAAAAAAAAAAAA"
	key32    = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	key20    = "AAAAAAAAAAAAAAAAAAAAAAAAAAA="
	blowfish = "hRCqXEXON5MqG2wE99yyDe67WUgGjqq8Io6ef8VSiBhtucooVFiC."
)

var key64 = strings.Repeat("A", 86) + "=="

func TestParseHoldsCostsToTheCeilings(t *testing.T) {
	argon2 := func(numbers string) string {
		return "argon2$argon2id$v=19$" + numbers + "$" + salt16 + "$" + tag16
	}
	for _, test := range []struct {
		encoded string
		want    bool
	}{
		{"pbkdf2_sha256$10000000$salt$" + key32, true},
		{"pbkdf2_sha256$10000001$salt$" + key32, false},
		{"pbkdf2_sha256$99999999999999999999$salt$" + key32, false},
		{"pbkdf2_sha256$0$salt$" + key32, false},
		{"pbkdf2_sha256$-1$salt$" + key32, false},
		{"pbkdf2_sha1$10000000$salt$" + key20, true},
		{"pbkdf2_sha1$10000001$salt$" + key20, false},
		{argon2("m=262144,t=16,p=1"), true},
		{argon2("m=262145,t=1,p=1"), false},
		{argon2("m=4294967295,t=1,p=1"), false},
		{argon2("m=262144,t=17,p=1"), false},
		{argon2("m=65536,t=64,p=1"), true},
		{argon2("m=65536,t=65,p=1"), false},
		{argon2("m=64,t=4294967295,p=1"), false},
		{argon2("m=2040,t=1,p=255"), true},
		{argon2("m=2039,t=1,p=255"), false},
		{argon2("m=2048,t=1,p=256"), false},
		{argon2("m=4096,t=1,p=536870913"), false},
		{argon2("m=7,t=1,p=1"), false},
		{"bcrypt$$2b$16$" + blowfish, true},
		{"bcrypt$$2b$17$" + blowfish, false},
		{"bcrypt$$2b$31$" + blowfish, false},
		{"bcrypt_sha256$$2b$17$" + blowfish, false},
		{"scrypt$262144$salt$8$4$" + key64, true},
		{"scrypt$262144$salt$8$5$" + key64, false},
		{"scrypt$262144$salt$9$1$" + key64, false},
		{"scrypt$524288$salt$8$1$" + key64, false},
		{"scrypt$8388608$salt$8$1$" + key64, false},
		{"scrypt$32768$salt$1$255$" + key64, true},
		{"scrypt$32768$salt$1$256$" + key64, false},
		{"scrypt$65536$salt$1$1$" + key64, false},
		{"scrypt$2048$salt$1024$4$" + key64, true},
		{"scrypt$4096$salt$1024$1$" + key64, false},
		{"scrypt$2$salt$1025$1$" + key64, false},
		{"scrypt$4294967296$salt$8$1$" + key64, false},
		{"pbkdf2_sha256$1$" + strings.Repeat("s", 4096-62) + "$" + key32, true},
		{"pbkdf2_sha256$1$" + strings.Repeat("s", 4096-60) + "$" + key32, false},
	} {
		if _, ok := parse(test.encoded); ok != test.want {
			t.Errorf("parse(%.60q) = %t, want %t", test.encoded, ok, test.want)
		}
	}
}

// These would not match in the end either, but must not pass for hashes that cost what they
// say.
func TestParseRefusesWhatCanMatchNothing(t *testing.T) {
	for _, encoded := range []string{
		"argon2$argon2id$v=0$m=64,t=1,p=1$" + salt16 + "$" + tag16,
		"argon2$argon2id$v=17$m=64,t=1,p=1$" + salt16 + "$" + tag16,
		"argon2$argon2id$v=20$m=64,t=1,p=1$" + salt16 + "$" + tag16,
		"argon2$argon2id$v=19$m=64,t=1,p=1$$" + tag16,
		"scrypt$3$salt$8$1$" + key64,
		"scrypt$1$salt$8$1$" + key64,
		"bcrypt$$2b$04$" + blowfish[:52] + "/",
		"bcrypt$$2c$04$" + blowfish,
	} {
		if _, ok := parse(encoded); ok {
			t.Errorf("parse(%q) accepts it", encoded)
		}
	}
}

// Whatever is accepted must be within the ceilings, or checking it could take for ever.
func FuzzParse(f *testing.F) {
	text, err := os.ReadFile("testdata/django_hashes.json")
	if err != nil {
		f.Fatal(err)
	}
	var rows []struct{ Encoded string }
	if err := json.Unmarshal(text, &rows); err != nil {
		f.Fatal(err)
	}
	for _, row := range rows {
		f.Add(row.Encoded)
	}
	f.Fuzz(func(t *testing.T, encoded string) {
		hash, ok := parse(encoded)
		if ok && (len(encoded) > maxEncodedLength || !affordable(hash)) {
			t.Errorf("parse(%q) accepts %+v", encoded, hash)
		}
	})
}

func affordable(hash stored) bool {
	switch h := hash.(type) {
	case pbkdf2Hash:
		return h.iterations >= 1 && h.iterations <= 10_000_000 && len(h.key) >= 20
	case scryptHash:
		memory := 128 * h.work * h.block
		return h.work > 1 && h.block > 0 && h.block <= 1024 && h.lanes > 0 && memory <= 256<<20 && memory*h.lanes <= 1<<30
	case argon2Hash:
		return h.memory >= 8 && h.memory <= 256<<10 && h.time >= 1 && h.lanes >= 1 && h.lanes <= 255 &&
			uint64(h.memory)*uint64(h.time) <= 4<<20 && len(h.tag) >= 4
	case bcryptHash:
		cost := string(h.encoded[4:6])
		return len(h.encoded) == 60 && cost >= "04" && cost <= "16"
	}
	return false
}

// Each algorithm whose hashes an import keeps can be checked, and is told of.
func TestEveryAlgorithmHasAParser(t *testing.T) {
	known := domain.HashAlgorithms()
	for _, algorithm := range known {
		if parsers[algorithm] == nil {
			t.Errorf("no password matches hashes of %s: add their parser to parsers", algorithm)
		}
	}
	for algorithm := range parsers {
		if !slices.Contains(known, algorithm) {
			t.Errorf("the import makes hashes of %s unusable: add it to domain.HashAlgorithms", algorithm)
		}
	}
	doc, err := os.ReadFile("doc.go")
	for _, algorithm := range known {
		if !strings.Contains(string(doc), algorithm) {
			t.Errorf("doc.go does not name %s (%v)", algorithm, err)
		}
	}
}
