package application_test

import (
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func leave(on string) application.LeaveStaffCommand {
	return application.LeaveStaffCommand{Email: address(1), On: date(on), Client: porttest.Client()}
}

func TestLeaveStaffAtOnce(t *testing.T) {
	for _, on := range []string{"2026-03-03", "2026-03-02", "2025-12-31"} {
		s := open(t, person(1))
		pair, django := s.signIn(1), s.django(domain.RefreshToken, 1)
		s.skipAudit()
		got := execute(s, s.leaveStaff(), leave(on))
		if !got.Changed || got.Staff != s.staff(1) || got.Staff.DateLeft != date(on) {
			t.Errorf("%s: the result is %+v", on, got)
		}
		s.mustAudit(domain.AuditEvent{Kind: domain.EventStaffLeave, Outcome: domain.OutcomeSuccess, StaffID: id(1)})
		s.mustHaveEnded(pair.Refresh, domain.EndAccountLeft)
		for _, token := range []domain.Token{pair.Refresh, django} {
			refuse(s, s.refreshAccess(), refreshWith(token), domain.ErrAccountInactive)
		}
		refuse(s, s.obtainTokens(), signInAs(1, password), domain.ErrInvalidCredentials)
	}
}

func TestLeaveStaffLater(t *testing.T) {
	s := open(t, person(1))
	pair := s.signIn(1)
	s.skipAudit()
	if got := execute(s, s.leaveStaff(), leave("2026-03-04")); !got.Changed || got.Staff != s.staff(1) {
		t.Errorf("the result is %+v, want a change", got)
	}
	s.mustAudit(domain.AuditEvent{Kind: domain.EventStaffLeave, Outcome: domain.OutcomeSuccess, StaffID: id(1)})
	if got := execute(s, s.leaveStaff(), leave("2026-03-04")); got.Changed {
		t.Errorf("the second time the result is %+v, want no change", got)
	}
	s.mustAudit()

	s.clock.Advance(23*time.Hour - time.Millisecond) // to midnight in the shop, nearly
	execute(s, s.refreshAccess(), refreshWith(pair.Refresh))
	s.clock.Advance(time.Millisecond)
	refuse(s, s.refreshAccess(), refreshWith(pair.Refresh), domain.ErrAccountInactive)
	s.mustHaveEnded(pair.Refresh, domain.EndAccountLeft)
}

// A day may be moved while it has not come.
func TestLeaveStaffOnAnotherDay(t *testing.T) {
	s := open(t, person(1))
	pair := s.signIn(1)
	execute(s, s.leaveStaff(), leave("2026-03-04"))
	execute(s, s.leaveStaff(), leave("2026-03-05"))
	s.clock.Advance(24 * time.Hour)
	execute(s, s.refreshAccess(), refreshWith(pair.Refresh))
	execute(s, s.leaveStaff(), leave("2026-03-04"))
	s.mustHaveEnded(pair.Refresh, domain.EndAccountLeft)
}
