package roster_test

import (
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/roster"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func leave(on string) roster.LeaveStaffCommand {
	return roster.LeaveStaffCommand{Email: apptest.Address(1), On: apptest.Date(on), Client: porttest.Operator()}
}

func TestLeaveStaffAtOnce(t *testing.T) {
	for _, on := range []string{"2026-03-03", "2026-03-02", "2025-12-31"} {
		s := apptest.Open(t, apptest.Person(1))
		pair, django := s.SignIn(1), s.Django(domain.RefreshToken, 1)
		s.SkipAudit()
		got := apptest.Execute(s, s.LeaveStaff(), leave(on))
		if !got.Changed || got.Staff != s.Staff(1) || got.Staff.DateLeft != apptest.Date(on) {
			t.Errorf("%s: the result is %+v", on, got)
		}
		s.MustAudit(domain.AuditEvent{Kind: domain.EventStaffLeave, Outcome: domain.OutcomeSuccess, StaffID: apptest.Id(1)})
		s.MustHaveEnded(pair.Refresh, domain.EndAccountLeft)
		for _, token := range []domain.Token{pair.Refresh, django} {
			apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(token), domain.ErrAccountInactive)
		}
		apptest.Refuse(s, s.ObtainTokens(), apptest.SignInAs(1, apptest.Password), domain.ErrInvalidCredentials)
	}
}

func TestLeaveStaffLater(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	pair := s.SignIn(1)
	s.SkipAudit()
	if got := apptest.Execute(s, s.LeaveStaff(), leave("2026-03-04")); !got.Changed || got.Staff != s.Staff(1) {
		t.Errorf("the result is %+v, want a change", got)
	}
	s.MustAudit(domain.AuditEvent{Kind: domain.EventStaffLeave, Outcome: domain.OutcomeSuccess, StaffID: apptest.Id(1)})
	if got := apptest.Execute(s, s.LeaveStaff(), leave("2026-03-04")); got.Changed {
		t.Errorf("the second time the result is %+v, want no change", got)
	}
	s.MustAudit()

	s.Clock.Advance(23*time.Hour - time.Millisecond) // to midnight in the shop, nearly
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh))
	s.Clock.Advance(time.Millisecond)
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh), domain.ErrAccountInactive)
	s.MustHaveEnded(pair.Refresh, domain.EndAccountLeft)
}

// A day may be moved while it has not come.
func TestLeaveStaffOnAnotherDay(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	pair := s.SignIn(1)
	apptest.Execute(s, s.LeaveStaff(), leave("2026-03-04"))
	apptest.Execute(s, s.LeaveStaff(), leave("2026-03-05"))
	s.Clock.Advance(24 * time.Hour)
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh))
	apptest.Execute(s, s.LeaveStaff(), leave("2026-03-04"))
	s.MustHaveEnded(pair.Refresh, domain.EndAccountLeft)
}
