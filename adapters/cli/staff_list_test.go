package cli_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestList(t *testing.T) {
	s := newShop()
	people := []domain.Staff{porttest.Person(1), porttest.Person(2), porttest.Person(3), porttest.Person(4)}
	people[0].Credentials.Hash = domain.NewPasswordHash("argon2$x")
	people[1].Credentials = domain.Credentials{Hash: domain.NewPasswordHash("argon2$x"), NeedsReset: true}
	people[1].IsActive = false
	people[2].DateLeft = date(t, "2026-03-03") // today in the shop, tomorrow in UTC
	people[2].FirstName, people[2].LastName = "", ""
	people[3].DateLeft = date(t, "2026-03-04")
	s.save(t, people...)
	same(t, s.do(t, "staff", "list"), `EMAIL                 NAME           STATUS             PASSWORD   ID
Person1@example.test  Tāne Number 1  active             ok         00000000-0000-4000-8000-000000000001
Person2@example.test  Tāne Number 2  inactive           reset due  00000000-0000-4000-8000-000000000002
Person3@example.test  -              left 2026-03-03    none       00000000-0000-4000-8000-000000000003
Person4@example.test  Tāne Number 4  leaves 2026-03-04  none       00000000-0000-4000-8000-000000000004
`)
	s.clock.Advance(24 * time.Hour)
	if out := s.do(t, "staff", "list"); !strings.Contains(out, " left 2026-03-04 ") {
		t.Errorf("a day later:\n%s", out)
	}
}

func TestListJSON(t *testing.T) {
	s := newShop()
	same(t, s.do(t, "staff", "list", "--json"), "[]\n")
	s.save(t, fullPerson(t), porttest.Person(2))
	all := parsed[[]staffJSON](t, s.do(t, "staff", "list", "--json"))
	if len(all) != 2 || all[0].Email != "Person1@example.test" || all[1].Status != "active" {
		t.Fatalf("list is %+v", all)
	}
	one, _, _ := strings.Cut(s.do(t, "staff", "show", "--json", "person1@example.test"), ",\n  \"wrong_passwords\"")
	if !strings.Contains(strings.ReplaceAll(s.do(t, "staff", "list", "--json"), "\n  ", "\n"), one) {
		t.Error("list and show differ")
	}
}

// hostile is a name that clears the screen, turns the writing direction round, hides
// characters, breaks the table and is no UTF-8.
const (
	hostile      = "a\x1b[2J\u202eb\u200b\tc\nd\u009be\x7ff\U000e0041g\xffh"
	hostileShown = `a\x1b[2J\u202eb\u200b\tc\nd\u009be\x7ff\U000e0041g\xffh`
)

func TestTerminalIsSafe(t *testing.T) {
	s := newShop()
	person := porttest.Person(1)
	person.FirstName, person.LastName = hostile, "密码 ô \ufffd"
	s.save(t, person)
	for _, words := range []string{"staff list", "staff show person1@example.test"} {
		if out := s.do(t, strings.Fields(words)...); !strings.Contains(out, hostileShown+" 密码 ô \ufffd") {
			t.Errorf("%s prints %q", words, out)
		}
	}
	safeJSON(t, s.do(t, "staff", "list", "--json"))
}

func safeJSON(t *testing.T, out string) {
	t.Helper()
	for _, r := range out {
		if r != '\n' && (r < ' ' || r == 0x7f || r == 0x9b || r == 0x202e || r == 0x200b || r == 0xe0041) {
			t.Errorf("JSON holds %U", r)
		}
	}
	want := strings.ReplaceAll(hostile, "\xff", "\ufffd")
	if got := parsed[[]staffJSON](t, out)[0].FirstName; got != want {
		t.Errorf("JSON gives back %q, want %q", got, want)
	}
}

// TestAddressIsSafe is about addresses that got past the domain's check, or never met it.
func TestAddressIsSafe(t *testing.T) {
	s := newShop()
	person := porttest.Person(1)
	person.Email = "a\x1b[2J@example.test"
	s.save(t, person)
	same(t, s.do(t, "staff", "deactivate", "a\x1b[2J@example.test"), `a\x1b[2J@example.test is inactive: every session is over`+"\n")
	result := s.run(t, strings.NewReader("2 b\x1b[2J"), "staff", "import", "-")
	if out := result.out.String(); !strings.Contains(out, `refused      row 1     b\x1b[2J  the e-mail`) {
		t.Errorf("import prints %q", out)
	}
}
