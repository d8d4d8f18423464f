package application_test

import (
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func activate() application.ActivateStaffCommand {
	return application.ActivateStaffCommand{Email: address(1), Client: porttest.Client()}
}

func TestActivateStaff(t *testing.T) {
	tomorrow := func(s *domain.Staff) { s.DateLeft = date("2026-03-04") }
	for name, test := range map[string]struct {
		who     domain.Staff
		changed bool
	}{
		"inactive":          {person(1, inactive), true},
		"left":              {person(1, left), true},
		"inactive and left": {person(1, inactive, left), true},
		"active":            {person(1), false},
		"leaves tomorrow":   {person(1, tomorrow), false},
	} {
		s := open(t, test.who)
		s.clock.Advance(time.Minute)
		got := execute(s, s.activateStaff(), activate())
		if got.Changed != test.changed || got.Staff != s.staff(1) {
			t.Errorf("%s: the result is %+v, want changed %t and what is stored", name, got, test.changed)
		}
		if test.changed {
			s.mustAudit(domain.AuditEvent{Kind: domain.EventStaffActivate, Outcome: domain.OutcomeSuccess, StaffID: id(1)})
		} else if s.mustAudit(); s.staff(1) != test.who {
			t.Errorf("%s: the account has become %+v", name, s.staff(1))
		}
		s.signIn(1)
	}
}

// Being back is no reason for old sessions to run again.
func TestActivateStaffLeavesSessionsOver(t *testing.T) {
	s := open(t, person(1))
	pair := s.signIn(1)
	execute(s, s.deactivateStaff(), application.DeactivateStaffCommand{Email: address(1)})
	execute(s, s.activateStaff(), activate())
	refuse(s, s.refreshAccess(), refreshWith(pair.Refresh), domain.ErrSessionEnded)
}

// The day of leaving has come and gone, and nobody has used the session on it: it is over
// all the same, whichever way the person comes back.
func TestSessionsOfSomebodyWhoHadLeftStayOver(t *testing.T) {
	for name, comeBack := range map[string]func(*shop){
		"activated":             func(s *shop) { execute(s, s.activateStaff(), activate()) },
		"leaves on a later day": func(s *shop) { execute(s, s.leaveStaff(), leave("2026-12-24")) },
		"imported": func(s *shop) {
			left := row(1, func(r *domain.ImportRow) { r.DateLeft = domain.Says(date("2026-03-04")) })
			execute(s, s.importStaff(), importOf(left))
			execute(s, s.importStaff(), importOf(row(1)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			execute(s, s.importStaff(), importOf(row(1)))
			pair, django := s.signIn(1), s.django(domain.RefreshToken, 1)
			execute(s, s.leaveStaff(), leave("2026-03-04"))
			s.clock.Advance(24 * time.Hour)
			comeBack(s)
			if err := s.staff(1).CheckStanding(s.policy.Today(s.clock.Now())); err != nil {
				t.Fatalf("the person is not back: %v", err)
			}
			refuse(s, s.refreshAccess(), refreshWith(pair.Refresh), domain.ErrSessionEnded)
			django = s.alter(django, func(c *domain.Claims) { c.ExpiresAt = s.clock.Now().Add(time.Hour) })
			refuse(s, s.refreshAccess(), refreshWith(django), domain.ErrSessionEnded)
		})
	}
}
