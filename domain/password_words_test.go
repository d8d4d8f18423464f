package domain_test

import (
	"errors"
	"strings"
	"testing"

	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

var hannah = domain.Profile{
	Email: "ann.h_mannering@anna.example", FirstName: "Ann", LastName: "Hannah-Mannering", PreferredName: "Rangihīroa", HasPreferredName: true,
}

// A short word inside a longer one does not hide it, however often it is asked.
func TestOverlappingWords(t *testing.T) {
	for _, test := range []struct {
		password string
		want     []domain.PasswordRule
	}{
		{"HannahHannah77xkwqvz", rules(domain.PasswordPersonal)},
		{"rangihiroarangihiroa", rules(domain.PasswordPersonal)},
		{"wqzRANGIHĪROA77xkwqv", rules(domain.PasswordPersonal)},
		{"rangihi\u0304roa xkwqvz", rules(domain.PasswordPersonal)},
		{"xkwq mannering vzbt", rules(domain.PasswordPersonal)},
		{"bananaxkwq7banana", rules(domain.PasswordLocal)},
		{"vzbt ann xkwq pdrj gfht", nil},
	} {
		for range 20 {
			asked := choice(test.password)
			asked.Owner, asked.Words = hannah, []string{"ana", "banana", "nan"}
			mustBreak(t, test.password, porttest.Policy().CheckNewPassword(asked), test.want...)
		}
	}
}

// Django's rule is about letters in any order, and a long address has many: the advice is for
// who has chosen good words already.
func TestAdviceForLongAddresses(t *testing.T) {
	asked := choice("pastel hinder gramophone ticket")
	asked.Owner = domain.Profile{Email: "margaret.hotere-pickering@southland.example"}
	err := porttest.Policy().CheckNewPassword(asked)
	mustBreak(t, "four good words", err, domain.PasswordPersonal)
	if refusal, ok := errors.AsType[*domain.PasswordRefusal](err); !ok || !strings.HasSuffix(refusal.Sentences()[0], "choose different ones.") {
		t.Errorf("the advice is %v", err)
	}
}

// Words of several parts are found in whatever way they are written.
func TestWordsOfSeveralParts(t *testing.T) {
	for _, password := range []string{
		"TeWhareKauri2026", "te-whare-kauri-2026", "te whare kauri 2026", "te!whare!kauri!2026", "t3 wh@re k@ur! 2026", "TE_WHARE_KAURI_202",
		"kaurijoinery2026", "kauri joinery 2026", "Kauri-Joinery-2026", "k.a.u.r.i.j.o.i.n.e.r.y.", "kōwhai kōwhai 77", "kowhaikowhai 2026",
		"ko\u0304whai-ko\u0304whai-7", "Kowhai 839572048511", "cafe rene cafe rene", "CaféRené-CaféRené",
	} {
		asked := choice(password)
		asked.Owner, asked.Words = domain.Profile{}, []string{"Te Whare Kauri", "kauri-joinery", "Ko\u0304whai", "Café René", "- / -", "té"}
		if got := brokenBy(porttest.Policy().CheckNewPassword(asked)); len(got) == 0 || got[len(got)-1] != domain.PasswordLocal {
			t.Errorf("%q breaks %q, want %s", password, got, domain.PasswordLocal)
		}
	}
	for _, password := range []string{"the whole kauri fell beside wet moss", "kowhai blossom under frosty windows"} {
		asked := choice(password)
		asked.Words = []string{"Te Whare Kauri", "Kōwhai"}
		mustBreak(t, password, porttest.Policy().CheckNewPassword(asked))
	}
}

// A common password is found with marks on its letters.
func TestMarksDoNotHideWords(t *testing.T) {
	for _, password := range []string{"pässwördpässwörd", "pa\u0308sswordpassword", "drágönmönkéy2026", "p\u0301a\u0301s\u0301s\u0301w\u0301o\u0301r\u0301d\u0301 2024"} {
		mustBreakAmong(t, password, domain.PasswordCommon)
	}
	mustBreak(t, "marks alone", checkNew("\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030a\u030b\u030c\u030d\u030e\u030f"), domain.PasswordPattern)
}

// Common ones again and again, and few of them, whatever they are made of.
func TestWhatIsMadeOfCommonOnes(t *testing.T) {
	for _, password := range []string{
		"theycanttakethatawayfrommetheycanttakethatawayfromme", "theycanttakethatawayfromme1theycanttakethatawayfromme2",
		"kitchenk1tchenkitch3n", "k1tchenkitchenkitch3n!", "190619871906198719061987", "19061987-19061987-19061987", "123321159753159753", "123321 159753 123321",
		"696969131313159753", "test123ranger1232323q", "test123-ranger-1232323q",
	} {
		mustBreakAmong(t, password, domain.PasswordCommon)
	}
	for _, password := range []string{"kitchen window kitchen orange silver", "839572048511294", "8395720485112946", "40283 95720 48511"} {
		mustBreak(t, password, checkNew(password))
	}
}

// nonsense are words of no list, so that each test can say how common they are.
var nonsense = []string{"bravolun", "tiskemor", "wodapexi", "hulgifen", "cozmerab"}

// ranked is a password of the first nonsense words, with ranks in their order.
func ranked(separator string, ranks ...int) domain.PasswordChoice {
	known := map[string]int{}
	for i, rank := range ranks {
		known[nonsense[i]] = rank
	}
	return knowing(strings.Join(nonsense[:len(ranks)], separator), known)
}

func knowing(password string, known map[string]int) domain.PasswordChoice {
	return domain.PasswordChoice{Password: domain.NewPassword(password), Rank: func(text string) int { return known[text] }}
}

// Two words of any kind are refused, three of the first thousand, any number of the first
// hundred, and what costs as much together. One rank or one word beyond that is taken.
func TestHowManyCommonWordsAreRefused(t *testing.T) {
	const veryCommon, common, other = 100, 1000, 1001
	for _, test := range []struct {
		ranks   []int
		refused bool
	}{
		{[]int{other, 200_000}, true},
		{[]int{other, other, other}, false},
		{[]int{veryCommon + 1, common, common}, true},
		{[]int{common, common, other}, false},
		{[]int{common, common, common, veryCommon + 1}, false},
		{[]int{veryCommon, veryCommon, other}, true},
		{[]int{veryCommon, veryCommon + 1, other}, false},
		{[]int{veryCommon, veryCommon, veryCommon, other}, false},
		{[]int{veryCommon, common, common}, true},
		{[]int{veryCommon, veryCommon, common}, true},
		{[]int{veryCommon, veryCommon, veryCommon, veryCommon + 1}, false},
		{[]int{veryCommon, veryCommon, veryCommon, veryCommon}, true},
		{[]int{veryCommon, 1, veryCommon, 1, veryCommon}, true},
	} {
		for _, separator := range []string{"", " ", "7-"} {
			mustBeCommon(t, ranked(separator, test.ranks...), test.refused)
		}
	}
}

// Beside one word, or two of the first hundred, two letters do not help and three do.
func TestLooseLetters(t *testing.T) {
	for password, refused := range map[string]bool{
		"bravolun-x-7395-y": true, "bravolun-x-7395-yz": false,
		"tiskemor-wodapexi-x-y": true, "tiskemor-wodapexi-x-yz": false,
		"hulgifen-wodapexi-x": false,
	} {
		mustBeCommon(t, knowing(password, map[string]int{"bravolun": 1001, "tiskemor": 100, "wodapexi": 100, "hulgifen": 101}), refused)
	}
}

// A common password counts as a part of another from four characters on, three of them
// letters as they stand, and up to sixty-four.
func TestHowLongCommonWordsAre(t *testing.T) {
	longest, tooLong := strings.Repeat("bravoluntiskemo", 5)[:64], strings.Repeat("wodapexihulgife", 5)[:65]
	known := map[string]int{
		"wopx": 1, "wop": 1, "wo7p": 1, "w97p": 1, longest: 1, tooLong: 1,
		"x482957y": 1, "x48295y": 1, // two letters: these count as the whole between digits alone
	}
	for password, refused := range map[string]bool{
		"wopx-83957204851": true, "wop-839572048511": false,
		"wo7p-83957204851": true, "w97p-83957204851": false,
		longest + "8395-wopx": true, tooLong + "8395-wopx": false,
		"730816x482957y4051": true, "730816x48295y4051": false,
	} {
		mustBeCommon(t, knowing(password, known), refused)
	}
}

func mustBeCommon(t *testing.T, choice domain.PasswordChoice, refused bool) {
	t.Helper()
	var want []domain.PasswordRule
	if refused {
		want = rules(domain.PasswordCommon)
	}
	mustBreak(t, choice.Password.Reveal(), porttest.Policy().CheckNewPassword(choice), want...)
}
