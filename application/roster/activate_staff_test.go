package roster_test

import (
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/roster"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func activate() roster.ActivateStaffCommand {
	return roster.ActivateStaffCommand{Email: apptest.Address(1), Client: porttest.Operator()}
}

func TestActivateStaff(t *testing.T) {
	tomorrow := func(s *domain.Staff) { s.DateLeft = apptest.Date("2026-03-04") }
	for name, test := range map[string]struct {
		who     domain.Staff
		changed bool
	}{
		"inactive":          {apptest.Person(1, apptest.Inactive), true},
		"left":              {apptest.Person(1, apptest.Left), true},
		"inactive and left": {apptest.Person(1, apptest.Inactive, apptest.Left), true},
		"active":            {apptest.Person(1), false},
		"leaves tomorrow":   {apptest.Person(1, tomorrow), false},
	} {
		s := apptest.Open(t, test.who)
		s.Clock.Advance(time.Minute)
		got := apptest.Execute(s, s.ActivateStaff(), activate())
		if got.Changed != test.changed || got.Staff != s.Staff(1) {
			t.Errorf("%s: the result is %+v, want changed %t and what is stored", name, got, test.changed)
		}
		if test.changed {
			s.MustAudit(domain.AuditEvent{Kind: domain.EventStaffActivate, Outcome: domain.OutcomeSuccess, StaffID: apptest.Id(1)})
		} else if s.MustAudit(); s.Staff(1) != test.who {
			t.Errorf("%s: the account has become %+v", name, s.Staff(1))
		}
		s.SignIn(1)
	}
}

// Being back is no reason for old sessions to run again.
func TestActivateStaffLeavesSessionsOver(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	pair := s.SignIn(1)
	apptest.Execute(s, s.DeactivateStaff(), roster.DeactivateStaffCommand{Email: apptest.Address(1), Client: porttest.Operator()})
	apptest.Execute(s, s.ActivateStaff(), activate())
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh), domain.ErrSessionEnded)
}

// The day of leaving is past, and the session was not used since. It is over even if the person comes
// back, in whichever way.
func TestSessionsOfSomebodyWhoHadLeftStayOver(t *testing.T) {
	for name, comeBack := range map[string]func(*apptest.Shop){
		"activated":             func(s *apptest.Shop) { apptest.Execute(s, s.ActivateStaff(), activate()) },
		"leaves on a later day": func(s *apptest.Shop) { apptest.Execute(s, s.LeaveStaff(), leave("2026-12-24")) },
		"imported": func(s *apptest.Shop) {
			left := apptest.Row(1, func(r *domain.ImportRow) { r.DateLeft = domain.Says(apptest.Date("2026-03-04")) })
			apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(left))
			apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(apptest.Row(1)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := apptest.Open(t)
			apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(apptest.Row(1)))
			pair, django := s.SignIn(1), s.Django(domain.RefreshToken, 1)
			apptest.Execute(s, s.LeaveStaff(), leave("2026-03-04"))
			s.Clock.Advance(24 * time.Hour)
			comeBack(s)
			if err := s.Staff(1).CheckStanding(s.Policy.Today(s.Clock.Now())); err != nil {
				t.Fatalf("the person is not back: %v", err)
			}
			apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh), domain.ErrSessionEnded)
			django = s.Alter(django, func(c *domain.Claims) { c.ExpiresAt = s.Clock.Now().Add(time.Hour) })
			apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(django), domain.ErrSessionEnded)
		})
	}
}
