package domain_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"gatehouse/adapters/blocklist"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

// ranks are the real list: whether people's passphrases get through depends on it.
var ranks = blocklist.New(blocklist.Config{})

var mere = domain.Profile{
	Email: "mere.tipene@kauri-joinery.example", FirstName: "Mere", LastName: "Tīpene", PreferredName: "Mez", HasPreferredName: true,
}

func choice(password string) domain.PasswordChoice {
	return domain.PasswordChoice{
		Password: domain.NewPassword(password), Current: domain.NewPassword("kea open every bin"),
		Owner: mere, Rank: ranks.Rank, Words: []string{"gatehouse", "Kauri Joinery", "joinery", "tui"},
	}
}

func checkNew(password string) error { return porttest.Policy().CheckNewPassword(choice(password)) }

// Lengths are counted in code points, and the greatest one in bytes.
func TestCheckNewPassword(t *testing.T) {
	long := strings.Repeat("Twelve wētā sleep under a log; ", 40)[:1024]
	keys := "🔑🚪🪟🧰🪚🔨🪛🧲🪜🧱🪵🛠🔩🗜⚙"
	for _, test := range []struct {
		name, password string
		rules          []domain.PasswordRule
	}{
		{"empty", "", rules(domain.PasswordTooShort)},
		{"14 letters", "wqhmzkrtvbnpcx", rules(domain.PasswordTooShort)},
		{"15 letters", "wqhmzkrtvbnpcxd", nil},
		{"14 spaces", strings.Repeat(" ", 14), rules(domain.PasswordTooShort, domain.PasswordBlank)},
		{"15 spaces", strings.Repeat(" ", 15), rules(domain.PasswordBlank)},
		{"15 times white space", "\t\n \u00a0\u2028\u3000\x1c\x1d\x1e\x1f\u0085     ", rules(domain.PasswordBlank)},
		{"14 emoji", strings.TrimSuffix(keys, "⚙"), rules(domain.PasswordTooShort)},
		{"15 emoji", keys, nil},
		{"8 letters with accents of their own", "e\u0301a\u0300o\u0302u\u0308i\u0303n\u030cc\u0327z\u030a", nil},
		{"15 bytes that are not UTF-8", "\xff\xfe\xfdwqh\xf0zk\xc3rtvbn", nil},
		{"with NUL", "wqhm\x00zkrtvbnpcxd", nil},
		{"1024 bytes", long, nil},
		{"1025 bytes", long + "x", rules(domain.PasswordTooLong)},
		{"a megabyte", strings.Repeat("a", 1<<20), rules(domain.PasswordTooLong)},
		{"the present one", "kea open every bin", rules(domain.PasswordUnchanged)},
		{"the present one in other case", "Kea open every bin", nil},
		{"the present one and a space", "kea open every bin ", nil},
	} {
		mustBreak(t, test.name, checkNew(test.password), test.rules...)
	}
}

// Every broken rule is told at once.
func TestEveryBrokenRuleIsTold(t *testing.T) {
	for password, want := range map[string][]domain.PasswordRule{
		"password":                          rules(domain.PasswordTooShort, domain.PasswordCommon),
		"mere":                              rules(domain.PasswordTooShort, domain.PasswordPersonal),
		"aaaaaaaa":                          rules(domain.PasswordTooShort, domain.PasswordPattern),
		"gatehouse":                         rules(domain.PasswordTooShort, domain.PasswordCommon, domain.PasswordLocal),
		"mere.tipene@kauri-joinery.example": rules(domain.PasswordPersonal),
	} {
		mustBreak(t, password, checkNew(password), want...)
	}
}

func TestPatternsAreRefused(t *testing.T) {
	for _, password := range []string{
		"aaaaaaaaaaaaaaaa", "abcdefghijklmnop", "zyxwvutsrqponmlk", "123456789012345", "543210987654321", "qwertyuiopasdfgh",
		"QwertyUiopAsdfgh", "poiuytrewqlkjhgf", "1qaz2wsx3edc4rfv", "111222333444555", "abcabcabcabcabc", "xk3f9xk3f9xk3f9",
		"aaaaaaaabbbbbbbb", "ababababbababbab", "qwertzuiopasdfgh", "azertyuiopqsdfgh", "ａａａａａａａａａａａａａａａ", "🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑",
		"абвгдежзийклмно", "!@#$%^&*()_+!@#$", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "abcdefgh12345678x",
		"qqwweerrttyyuuii", "aabbccddeeffgghhii", "QQwwEErrTTyyUU77", "qwwertyyuioopaassdf", "11223344556677889", "246810121416182022",
		"24 68 10 12 14 16 18 20", "2468101214161820222", "100989694929088", "510152025303540", "100020003000400", "987654321098765",
	} {
		mustBreakAmong(t, password, domain.PasswordPattern)
	}
}

func TestCommonPasswordsAreRefused(t *testing.T) {
	for _, password := range []string{
		"passwordpassword", "Password1234567!!", "P@ssw0rdP@ssw0rd", "password 12345678", "passwordpassword1", "PASSWORDPASSWORD",
		"p455w0rd19841984", "!!!!!!password!!!!!!", "letmeinletmein99", "iloveyouforever", "iloveyou1iloveyou2", "monkeydragonshadow",
		"dragon-monkey-shadow-master", "qwerty123456password", "thisismypassword", "momsanaladventure", "1q2w3e4r5t6y7u8i",
		"trustno1trustno1", "Summer2024Summer!", "welcome2welcome2", "butterflychocolate", "b u t t e r f l y 1 2 3 4", "mypassword123456", "ｐａｓｓｗｏｒｄ１２３４５６７",
		"password839572048511", "qazwsxedcrfvtgb", "letmein letmein please", "l3tm31nl3tm31n!!", "footbal1f00tball",
	} {
		mustBreakAmong(t, password, domain.PasswordCommon)
	}
}

// What is hard to guess must not be refused, however it looks.
func TestPassphrasesAreTaken(t *testing.T) {
	for _, password := range []string{
		"correct horse battery staple", "correcthorsebatterystaple", "Correct-Horse-Battery-Staple-7", "purple guitar banana coffee",
		"weka steal the lunch", "orange kitchen window seven", "silver thunder coffee guitar", "a password of her own",
		"my dog eats blue socks on sundays", "nine copper elbows", "another one of her own",
		"He aha te mea nui o te ao? He tāngata!", "Kei te pēhea koe i tēnei rā ātaahua", "Übermorgen fährt der Zug nach Köln über Bonn",
		"Donaudampfschifffahrtsgesellschaft", "🐧🚀🍕📚🎸🌵🧊🐙🔔🎯🧭🪁🌋🛶🦜", "昨日の朝ごはんは納豆と味噌汁でした", "Я люблю пить чай с малиновым вареньем",
		"4jK#9pQ2!mX7$vB", "839572048511294", "xkqjzvbwmrtplhg", "T7-h2p-Qx9-mmV-4cz", "dragon boats leave harbour at dawn", "gatekeeper houses seven wet parrots",
		"winter rain on the tin roof", "clarinet mustard bicycle fog",
	} {
		if err := checkNew(password); err != nil {
			t.Errorf("%q: %v, want no refusal", password, err)
		}
	}
}

func TestPersonalPasswordsAreRefused(t *testing.T) {
	for _, password := range []string{
		"mere.tipene@kauri-joinery.example", "MERE.TIPENE@KAURI-JOINERY.EXAMPLE", "mere.tipene@kauri-joinery", "enepit.erem@kauri-joinery.example",
		"MereTīpene19900517", "tīpene-tīpene-1990", "mere1990mere1991", "m3r3m3r3m3r3m3r3", "Mere Tīpene 1", "mez-mere-tipene-mez", "mere-83957204851129",
	} {
		mustBreakAmong(t, password, domain.PasswordPersonal)
	}
}

func TestWordsOfThePlaceAreRefused(t *testing.T) {
	for _, password := range []string{
		"gatehousegatehouse", "Gatehouse2026!!", "g4teh0use g4teh0use", "kauri joinery 1987", "the joinery, joinery", "Tui!Tui!Tui!Tui!", "2026 gatehouse xx", "gatehouse 839572048511",
	} {
		mustBreakAmong(t, password, domain.PasswordLocal)
	}
	for _, password := range []string{"the joinery opens at half past six", "a tui sings to the wet gatehouse roof"} {
		mustBreak(t, password, checkNew(password))
	}
}

// Where no list is at hand, the rules that need none still hold.
func TestCheckNewPasswordWithoutLists(t *testing.T) {
	bare := domain.PasswordChoice{Password: domain.NewPassword("passwordiloveyou")}
	mustBreak(t, "no list", porttest.Policy().CheckNewPassword(bare))
	bare.Password = domain.NewPassword("aaaaaaaaaaaaaaaa")
	mustBreak(t, "no list, a pattern", porttest.Policy().CheckNewPassword(bare), domain.PasswordPattern)
}

// Each rule has a sentence of its own that says what to do, and none shows the password.
func TestSentencesOfRefusals(t *testing.T) {
	all := rules(domain.PasswordUnchanged, domain.PasswordTooLong, domain.PasswordTooShort, domain.PasswordBlank, domain.PasswordPattern,
		domain.PasswordCommon, domain.PasswordPersonal, domain.PasswordLocal, domain.PasswordBreached, "another")
	seen := map[string]bool{}
	for _, rule := range all {
		sentence := domain.RefusePassword(domain.BrokenRule{Rule: rule, Limit: 77}).Sentences()[0]
		if seen[sentence] || !strings.HasSuffix(sentence, ".") {
			t.Errorf("the sentence for %s is %q", rule, sentence)
		}
		seen[sentence] = true
	}
	err := porttest.Policy().CheckNewPassword(domain.PasswordChoice{Password: domain.NewPassword("zzzzzzzz")})
	refusal, ok := errors.AsType[*domain.PasswordRefusal](err)
	if !ok || len(refusal.Sentences()) != 2 || strings.Contains(strings.Join(refusal.Sentences(), " ")+err.Error(), "zzz") {
		t.Errorf("the refusal is %v", err)
	}
}

func rules(all ...domain.PasswordRule) []domain.PasswordRule { return all }

func brokenBy(err error) (all []domain.PasswordRule) {
	if refusal, ok := errors.AsType[*domain.PasswordRefusal](err); ok {
		for _, broken := range refusal.Broken {
			all = append(all, broken.Rule)
		}
	}
	return all
}

// mustBreak checks that err says that these rules are broken, and nothing of the password.
func mustBreak(t *testing.T, what string, err error, want ...domain.PasswordRule) {
	t.Helper()
	if len(want) == 0 {
		if err != nil {
			t.Errorf("%s: %v, want no refusal", what, err)
		}
		return
	}
	if got := brokenBy(err); !slices.Equal(got, want) {
		t.Errorf("%s breaks %q, want %q", what, got, want)
		return
	}
	mustRefuse(t, what, err, domain.ErrPasswordRefused, domain.ReasonPasswordRefused)
	limits := map[domain.PasswordRule]int{domain.PasswordTooShort: 15, domain.PasswordTooLong: 1024}
	refusal, _ := errors.AsType[*domain.PasswordRefusal](err)
	for _, broken := range refusal.Broken {
		if broken.Limit != limits[broken.Rule] {
			t.Errorf("%s: %s at %d", what, broken.Rule, broken.Limit)
		}
	}
}

// mustBreakAmong is for passwords that may break others as well.
func mustBreakAmong(t *testing.T, password string, want domain.PasswordRule) {
	t.Helper()
	if got := brokenBy(checkNew(password)); !slices.Contains(got, want) {
		t.Errorf("%q breaks %q, want %s among them", password, got, want)
	}
}
