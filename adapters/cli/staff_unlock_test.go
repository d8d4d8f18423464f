package cli_test

import (
	"strings"
	"testing"

	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

func (s *shop) guess(t *testing.T, failures int) {
	t.Helper()
	s.update(t, func(r ports.Records) error {
		account := domain.AccountKey(porttest.Person(1).ID)
		place := domain.CounterKey{Kind: domain.PlaceCounter, Account: account, Place: "192.0.2.0/24"}
		if err := r.Throttle().Save(domain.Counter{CounterKey: place, Failures: 9}); err != nil {
			return err
		}
		return r.Throttle().Save(domain.Counter{
			CounterKey: domain.CounterKey{Kind: domain.AccountCounter, Account: account},
			Failures:   failures, LastAt: porttest.Noon,
		})
	})
}

func TestUnlock(t *testing.T) {
	for _, command := range []string{"unlock", "activate"} {
		s := newShop()
		s.save(t, porttest.Person(1))
		for failures, held := range map[int]string{99: "no", 100: "yes"} {
			s.guess(t, failures)
			shown := s.do(t, "staff", "show", "person1@example.test")
			for _, line := range []string{"held:                  " + held + "\n"} {
				if !strings.Contains(shown, line) {
					t.Errorf("after %d wrong passwords there is no line %q in\n%s", failures, line, shown)
				}
			}
		}
		s.do(t, "staff", command, "PERSON1@example.test")
		if shown := s.do(t, "staff", "show", "person1@example.test"); !strings.Contains(shown, "wrong_passwords:       0\nheld:                  no\n") {
			t.Errorf("after %s:\n%s", command, shown)
		}
	}
}

func TestUnlockSays(t *testing.T) {
	s := newShop()
	s.save(t, porttest.Person(1))
	s.guess(t, 100)
	same(t, s.do(t, "staff", "unlock", "person1@example.test"), "Person1@example.test can sign in again\n")
	same(t, s.do(t, "staff", "unlock", "person1@example.test"), "Person1@example.test had no wrong passwords against it\n")
	if out := s.do(t, "audit", "list", "--kind", "staff_unlock"); strings.Count(out, " staff_unlock ") != 1 {
		t.Errorf("the trail says\n%s", out)
	}
}
