package domain_test

import (
	"strings"
	"testing"

	"gatehouse/domain"
)

func TestEmailKey(t *testing.T) {
	for _, test := range []struct{ email, want string }{
		{"USER@EXAMPLE.COM", "user@example.com"},
		{"uSeR+Tag@Example.com", "user+tag@example.com"},
		{"az@[`{.AZ", "az@[`{.az"}, // the neighbours of the letters stay
		{"ÉVA@EXAMPLE.COM", "Éva@example.com"},
		{"", ""},
	} {
		if got := domain.Email(test.email).Key(); got != domain.EmailKey(test.want) {
			t.Errorf("the key of %q is %q, want %q", test.email, got, test.want)
		}
	}
}

// What looks like an address, or folds to it in some table of Unicode, is not that address.
func TestEmailKeyTellsApart(t *testing.T) {
	for name, test := range map[string]struct{ a, b string }{
		"Kelvin sign":          {"\u212Aim@example.com", "kim@example.com"},
		"dotless i":            {"k\u0131m@example.com", "kim@example.com"},
		"dotted capital I":     {"K\u0130M@example.com", "kim@example.com"},
		"long s":               {"\u017Fam@example.com", "sam@example.com"},
		"sharp s":              {"stra\u00DFe@example.com", "strasse@example.com"},
		"capital sharp s":      {"stra\u1E9Ee@example.com", "stra\u00DFe@example.com"},
		"É and é":              {"\u00C9va@example.com", "\u00E9va@example.com"},
		"fullwidth letter":     {"\uFF4Bim@example.com", "kim@example.com"},
		"ligature":             {"\uFB01ona@example.com", "fiona@example.com"},
		"circled letter":       {"\u24DAim@example.com", "kim@example.com"},
		"Cyrillic a":           {"p\u0430t@example.com", "pat@example.com"},
		"Greek omicron":        {"b\u03BFb@example.com", "bob@example.com"},
		"Kelvin sign, in host": {"kim@\u212Aea.example", "kim@kea.example"},
		"trailing space":       {"kim@example.com ", "kim@example.com"},
		"zero-width space":     {"k\u200Bim@example.com", "kim@example.com"},
		"decomposed é":         {"e\u0301va@example.com", "\u00E9va@example.com"},
	} {
		a, b := domain.Email(test.a).Key(), domain.Email(test.b).Key()
		if a == b {
			t.Errorf("%s: %q and %q have one key", name, test.a, test.b)
		}
	}
}

func TestParseEmail(t *testing.T) {
	for _, text := range []string{
		"kim@example.com", "Kim.O'Hara+shop@Example.COM", "k@h", "kim@localhost",
		"\u00E9va@example.com", "kim@b\u00FCcher.example", "kim@xn--bcher-kva.example",
		"密码@例え.jp", "\U0001F511@example.com", "%s%n@example.com", "{{7*7}}@example.com", "=1+1@example.com", "'or'1'='1@h",
		"\u10FF\u1200\uA95F@h", // beside the parts of Korean syllables
		strings.Repeat("a", 64) + "@example.com",
		strings.Repeat("a", 242) + "@example.com",
		strings.Repeat("\u00E9", 242) + "@example.com", // characters count, not bytes
	} {
		got, err := domain.ParseEmail(text)
		if err != nil || string(got) != text {
			t.Errorf("ParseEmail(%q) is %q, %v; want it as it is", text, got, err)
		}
	}
}

func TestParseEmailRefuses(t *testing.T) {
	for name, addresses := range map[string][]string{
		"form":                   {"", "@", "kim", "kim@", "@example.com", "kim@@example.com", "kim@example.com@evil.example"},
		"white space":            {" kim@example.com", "kim@example.com ", "ki m@example.com", "\tkim@example.com", "kim@example.com\r\nBcc: all@example.com", "kim\u00A0@example.com", "kim\u2003@example.com", "kim\u3000@example.com", "kim\u2028@example.com"},
		"control":                {"kim\x00@example.com", "kim\x1b[31m@example.com", "kim\x7f@example.com", "kim\u0085@example.com"},
		"invisible":              {"k\u200Bim@example.com", "k\u200Dim@example.com", "k\u00ADim@example.com", "\uFEFFkim@example.com", "k\u2060im@example.com", "k\u180Eim@example.com", "k\U000E0041im@example.com"},
		"invisible yet a letter": {"k\u3164im@example.com", "k\u115Fim@example.com", "k\uFFA0im@example.com"},
		"direction":              {"k\u202Eim@example.com", "k\u200Fim@example.com", "k\u2066im@example.com"},
		"variation":              {"k\uFE0Fim@example.com"},
		"private use":            {"k\uE000im@example.com"},
		"decomposed Korean":      {"\u1112\u1161\u11ABna@example.com", "\u1100@h", "\u11FF@h", "\uA960@h", "\uA97C@h", "\uD7B0@h", "\uD7FB@h"},
		"decomposed":             {"e\u0301va@example.com", "kim@bu\u0308cher.example"},
		"quotes":                 {`"kim"@example.com`, `kim(comment)@example.com`, `Kim <kim@example.com>`, `kim,sam@example.com`, `kim;sam@example.com`, `a:kim@example.com`, `kim\@example.com`},
		"address as host":        {"kim@[127.0.0.1]", "kim@[IPv6:::1]"},
		"template":               {"${jndi:ldap://x}@example.com", "$(id)@example.com", `";DROP@example.com`},
		"not UTF-8":              {"k\xffim@example.com", "kim@example\xc3.com", "k\xed\xa0\x80im@example.com"},
		"too long":               {strings.Repeat("a", 243) + "@example.com", strings.Repeat("\u00E9", 243) + "@example.com", strings.Repeat("a", 1<<20), strings.Repeat("@", 1<<20)},
	} {
		t.Run(name, func(t *testing.T) {
			for _, text := range addresses {
				got, err := domain.ParseEmail(text)
				if err == nil || got != "" {
					t.Errorf("ParseEmail(%.40q) is %q, %v; want an error and no address", text, got, err)
				}
			}
		})
	}
}
