package cli_test

import (
	"testing"
	"time"
	_ "time/tzdata" // for machines that have no time zones

	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

func TestDeactivateAndActivate(t *testing.T) {
	s := newShop()
	s.save(t, porttest.Person(1))
	for _, step := range []struct {
		command, said string
		active        bool
	}{
		{"activate", "Person1@example.test was already active\n", true},
		{"deactivate", "Person1@example.test is inactive: every session is over\n", false},
		{"deactivate", "Person1@example.test was already inactive\n", false},
		{"activate", "Person1@example.test is active again\n", true},
	} {
		same(t, s.do(t, "staff", step.command, "person1@EXAMPLE.test"), step.said)
		if staff, _ := s.account(t, "person1@example.test"); staff.IsActive != step.active {
			t.Errorf("after %s active is %v", step.command, staff.IsActive)
		}
	}
}

func TestRequireReset(t *testing.T) {
	s := newShop()
	s.save(t, porttest.Person(1))
	same(t, s.do(t, "staff", "require-reset", "person1@example.test"), "Person1@example.test must change the password at the next sign-in\n")
	same(t, s.do(t, "staff", "require-reset", "person1@example.test"), "Person1@example.test had to change the password already\n")
	if staff, _ := s.account(t, "person1@example.test"); !staff.Credentials.NeedsReset {
		t.Error("no change is due")
	}
}

func TestLeave(t *testing.T) {
	s := newShop()
	s.save(t, porttest.Person(1))
	for _, step := range []struct{ on, said string }{
		{"2026-12-24", "leaves on 2026-12-24 and can sign in until then: 2026-12-24T00:00:00+13:00"},
		{"2026-12-24", "leaves on 2026-12-24 and can sign in until then: 2026-12-24T00:00:00+13:00 (that was set already)"},
		{"2026-03-04", "leaves on 2026-03-04 and can sign in until then: 2026-03-04T00:00:00+13:00"},
		{"2026-03-03", "left on 2026-03-03: nobody can sign in any more, and every session is over"},
		{"2020-01-31", "left on 2020-01-31: nobody can sign in any more, and every session is over"},
		{"2020-01-31", "left on 2020-01-31: nobody can sign in any more, and every session is over (that was set already)"},
	} {
		same(t, s.do(t, "staff", "leave", "person1@example.test", "--on", step.on), "Person1@example.test "+step.said+"\n")
		if staff, _ := s.account(t, "person1@example.test"); staff.DateLeft != date(t, step.on) {
			t.Errorf("the day is %s, want %s", staff.DateLeft, step.on)
		}
	}
	s.do(t, "staff", "deactivate", "person1@example.test")
	same(t, s.do(t, "staff", "leave", "person1@example.test", "--on", "2026-12-24"),
		"Person1@example.test leaves on 2026-12-24; the account is inactive already\n")
}

func TestLeaveWhereMidnightIsLeftOut(t *testing.T) {
	s := newShop()
	s.policy.TimeZone = zone(t, "America/Santiago")
	s.save(t, porttest.Person(1))
	same(t, s.do(t, "staff", "leave", "person1@example.test", "--on", "2024-09-08"),
		"Person1@example.test left on 2024-09-08: nobody can sign in any more, and every session is over\n")
	s.clock.Advance(-3 * 365 * 24 * time.Hour)
	same(t, s.do(t, "staff", "leave", "person1@example.test", "--on", "2024-09-08"),
		"Person1@example.test leaves on 2024-09-08 and can sign in until then: 2024-09-08T01:00:00-03:00 (that was set already)\n")
}

func TestDelete(t *testing.T) {
	s := newShop()
	s.save(t, porttest.Person(1))
	s.refuse(t, true, "deleting an account cannot be undone: confirm it with --yes", "staff", "delete", "person1@example.test")
	if _, found := s.account(t, "person1@example.test"); !found {
		t.Fatal("deleted without --yes")
	}
	same(t, s.do(t, "staff", "delete", "--yes", "person1@example.test"),
		"Person1@example.test is deleted with every session and link: the audit trail keeps the id 00000000-0000-4000-8000-000000000001\n")
	if _, found := s.account(t, "person1@example.test"); found {
		t.Error("the account is still there")
	}
}

func TestChangesOfNobody(t *testing.T) {
	for _, words := range [][]string{
		{"staff", "activate", "x@y.test"},
		{"staff", "unlock", "x@y.test"},
		{"staff", "deactivate", "x@y.test"},
		{"staff", "require-reset", "x@y.test"},
		{"staff", "leave", "x@y.test", "--on", "2026-12-24"},
		{"staff", "delete", "x@y.test", "--yes"},
		{"staff", "set-password", "x@y.test"},
		{"staff", "revoke-sessions", "x@y.test"},
		{"sessions", "list", "--staff", "x@y.test"},
		{"audit", "list", "--staff", "x@y.test"},
	} {
		newShop().refuse(t, false, "nobody has the address x@y.test: see gatehouse staff list", words...)
	}
}

func TestSessionsAreOverAsSaid(t *testing.T) {
	for name, words := range map[string][]string{
		"deactivate": {"staff", "deactivate", "person1@example.test"},
		"leave":      {"staff", "leave", "person1@example.test", "--on", "2026-03-03"},
	} {
		s := newShop()
		s.save(t, porttest.Person(1))
		s.update(t, func(r ports.Records) error { return r.Sessions().Save(porttest.Session(1, porttest.Person(1))) })
		s.do(t, words...)
		var session domain.Session
		s.update(t, func(r ports.Records) (err error) {
			session, err = r.Sessions().ByID(porttest.Session(1, porttest.Person(1)).ID)
			return err
		})
		if !session.Over() {
			t.Errorf("%s: the session is running", name)
		}
	}
}
