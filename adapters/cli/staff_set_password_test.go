package cli_test

import (
	"fmt"
	"strings"
	"testing"

	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

const goodPassword = "  correct horse \t battery 密码 "

func TestSetPassword(t *testing.T) {
	for name, input := range map[string]string{
		"LF":   goodPassword + "\n",
		"CRLF": goodPassword + "\r\n",
		"none": goodPassword,
	} {
		t.Run(name, func(t *testing.T) { setsPassword(t, input, goodPassword) })
	}
	t.Run("one CRLF only", func(t *testing.T) { setsPassword(t, goodPassword+"\n\r\n", goodPassword+"\n") })
	t.Run("one LF only", func(t *testing.T) { setsPassword(t, goodPassword+"\n\n", goodPassword+"\n") })
	t.Run("CR is no line break", func(t *testing.T) { setsPassword(t, goodPassword+"\r", goodPassword+"\r") })
}

func setsPassword(t *testing.T, input, want string) {
	s := newShop()
	s.save(t, porttest.Person(1))
	result := s.run(t, strings.NewReader(input), "staff", "set-password", "person1@example.test")
	if result.failure != nil {
		t.Fatal(result.failure)
	}
	same(t, result.out.String(), "the password of Person1@example.test is set: every session is over, "+
		"and the person must change it at the next sign-in\n")
	if result.err.Len() > 0 {
		t.Errorf("remark %q", &result.err)
	}
	s.hasPassword(t, want)
}

// hasPassword checks the password of person 1.
func (s *shop) hasPassword(t *testing.T, want string) {
	t.Helper()
	staff, _ := s.account(t, "person1@example.test")
	matches, err := s.hasher.Matches(t.Context(), domain.NewPassword(want), staff.Credentials.Hash)
	if err != nil || !matches || !staff.Credentials.NeedsReset {
		t.Errorf("the password is not the one that was given, or no change of it is due (%v)", err)
	}
}

func TestSetPasswordRefused(t *testing.T) {
	for _, test := range []struct {
		input, sentence string
		usage           bool
	}{
		{"short password", "the password is refused. This password is too short. It must contain at least 15 characters", false},
		{strings.Repeat("x", domain.MaxPasswordLength+1), "the password is refused. This password is too long. It must contain at most 1024 bytes", false},
		{strings.Repeat("密", 1<<20), "the password is refused. This password is too long. It must contain at most 1024 bytes", false},
		{"gatehouse 2026!", "the password is refused. This password is mainly a word that belongs to this place, such as the name of the service. " +
			"Choose four or more words that have nothing to do with each other", false},
		{"correct horse \xff battery", "the password is not UTF-8 text without NUL characters: nobody could sign in with it", false},
		{"c\x00o\x00r\x00r\x00e\x00c\x00t\x00h\x00", "the password is not UTF-8 text without NUL characters: nobody could sign in with it", false},
		{"", "no password was given: type it on the terminal, or hand it in on standard input", true},
		{"\r\n", "no password was given: type it on the terminal, or hand it in on standard input", true},
	} {
		s := newShop()
		s.save(t, porttest.Person(1))
		result := s.run(t, strings.NewReader(test.input), "staff", "set-password", "person1@example.test")
		result.refused(t, test.usage, test.sentence)
		if staff, _ := s.account(t, "person1@example.test"); staff.Credentials.Hash.Usable() {
			t.Error("a password is set")
		}
	}
}

func TestSetPasswordReadsNoMoreThanItNeeds(t *testing.T) {
	s := newShop()
	s.save(t, porttest.Person(1))
	input := strings.NewReader(strings.Repeat("x", 1<<20))
	s.run(t, input, "staff", "set-password", "person1@example.test")
	if read := 1<<20 - input.Len(); read > 5000 {
		t.Errorf("%d bytes were read", read)
	}
}

func TestSetPasswordOfNobodyReadsNothing(t *testing.T) {
	input := strings.NewReader(goodPassword)
	result := newShop().run(t, input, "staff", "set-password", "x@y.test")
	result.refused(t, false, "nobody has the address x@y.test: see gatehouse staff list")
	if input.Len() != len(goodPassword) {
		t.Error("the password was read")
	}
}

func TestSetPasswordWhenOverloaded(t *testing.T) {
	s := newShop()
	s.save(t, porttest.Person(1))
	s.hasher.Full = true
	result := s.run(t, strings.NewReader(goodPassword), "staff", "set-password", "person1@example.test")
	result.refused(t, false, "too many passwords are being hashed at once: nothing has been changed, try again")
}

// A list that cannot be read is not the fault of the database.
func TestSetPasswordThatCannotBeChecked(t *testing.T) {
	s := newShop()
	s.save(t, porttest.Person(1))
	s.breached.Err = fmt.Errorf("%w: a range is missing", domain.ErrBreachesUnknown)
	result := s.run(t, strings.NewReader(goodPassword), "staff", "set-password", "person1@example.test")
	result.refused(t, false, "the list of breached passwords cannot be used: a range is missing: nothing has been changed, see PASSWORD_BREACHED_FILE")
}
