package cli_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"gatehouse/adapters/cli"
	"gatehouse/adapters/memory"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

// workshop has a person with an old hash, one with a new hash, one without a password, and
// one whose reset is due already.
func workshop(t *testing.T) *shop {
	t.Helper()
	s := newShop()
	old, new, none, due := porttest.Person(1), porttest.Person(2), porttest.Person(3), porttest.Person(4)
	hash, err := s.hasher.Hash(t.Context(), domain.NewPassword("weka steal the lunch"))
	if err != nil {
		t.Fatal(err)
	}
	old.Credentials.Hash = memory.OutdatedHash("kea open every bin")
	new.ChangePassword(hash, porttest.Noon)
	due.SetPassword(memory.OutdatedHash("kea open every bin"), porttest.Noon)
	s.save(t, old, new, none, due)
	return s
}

func (s *shop) due(t *testing.T) (numbers string) {
	t.Helper()
	for n := 1; n <= 4; n++ {
		if staff, _ := s.account(t, string(porttest.Person(n).Email)); staff.Credentials.NeedsReset {
			numbers += string(rune('0' + n))
		}
	}
	return numbers
}

func TestRequireResets(t *testing.T) {
	const also, would = " must change the password at the next sign-in\n", " would have to change the password; nothing has been changed\n"
	for _, test := range []struct{ flags, who, count, due string }{
		{"--weaker-than memory", "Person1@example.test\n", "1 person", "14"},
		{"--older-than 1d", "Person1@example.test\n", "1 person", "14"},
		{"--all", "Person1@example.test\nPerson2@example.test\n", "2 people", "124"},
	} {
		s := workshop(t)
		words := append([]string{"staff", "require-reset"}, strings.Fields(test.flags)...)
		same(t, s.do(t, append(words, "--dry-run")...), test.who+test.count+would)
		if got := s.due(t); got != "4" {
			t.Errorf("after the dry run of %s a reset is due for %s", test.flags, got)
		}
		same(t, s.do(t, words...), test.count+also)
		if got := s.due(t); got != test.due {
			t.Errorf("after %s a reset is due for %s, want %s", test.flags, got, test.due)
		}
		same(t, s.do(t, words...), "0 people"+also)
	}
}

func TestRequireResetsByAge(t *testing.T) {
	s := workshop(t)
	s.clock.Advance(48 * 60 * 60 * 1e9)
	same(t, s.do(t, "staff", "require-reset", "--older-than", "49h", "--dry-run"),
		"Person1@example.test\n1 person would have to change the password; nothing has been changed\n")
	same(t, s.do(t, "staff", "require-reset", "--older-than", "2d"), "2 people must change the password at the next sign-in\n")
}

func TestRequireResetsOfAnUnknownKind(t *testing.T) {
	result := workshop(t).run(t, strings.NewReader(""), "staff", "require-reset", "--weaker-than", "rot13")
	result.refused(t, true, "--weaker-than: no such kind of password hash")
}

// Who has been flagged before something broke is told.
func TestRequireResetsBreakOff(t *testing.T) {
	s := workshop(t)
	calls := 0
	s.store.Broken = func() error {
		if calls++; calls > 2 { // to look, and to flag the first
			return domain.ErrUnavailable
		}
		return nil
	}
	result := s.run(t, strings.NewReader(""), "staff", "require-reset", "--all")
	result.refused(t, false, "it was not finished: ask again")
	same(t, result.out.String(), "1 person must change the password at the next sign-in; the others not yet\n")
	if !errors.Is(result.failure, domain.ErrUnavailable) {
		t.Error("the error has lost its cause")
	}
}

// The manual names every kind of hash that there can be.
func TestManualNamesEveryHashAlgorithm(t *testing.T) {
	for _, command := range cli.Commands() {
		for _, algorithm := range domain.HashAlgorithms() {
			if command.Name == "staff require-reset" && !regexp.MustCompile(`[ \n]`+algorithm+`[ ,]`).MatchString(command.Description) {
				t.Errorf("the manual of %s does not name %s", command.Name, algorithm)
			}
		}
	}
}
