package application_test

import (
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestDeactivateStaff(t *testing.T) {
	s := open(t, person(1))
	pair, django := s.signIn(1), s.django(domain.RefreshToken, 1)
	s.skipAudit()
	s.clock.Advance(time.Minute)
	cmd := application.DeactivateStaffCommand{Email: address(1), Client: porttest.Client()}
	want := s.staff(1)
	want.Deactivate(s.clock.Now())

	if got := execute(s, s.deactivateStaff(), cmd); got != (application.StaffChange{Staff: want, Changed: true}) || s.staff(1) != want {
		t.Errorf("the result is %+v, want %+v", got, want)
	}
	s.mustAudit(domain.AuditEvent{Kind: domain.EventStaffDeactivate, Outcome: domain.OutcomeSuccess, StaffID: id(1)})
	s.mustHaveEnded(pair.Refresh, domain.EndAccountDeactivated)
	s.mustAccess(pair.Access, domain.ErrAccountInactive)
	for _, token := range []domain.Token{pair.Refresh, django} {
		refuse(s, s.refreshAccess(), refreshWith(token), domain.ErrAccountInactive)
	}
	refuse(s, s.obtainTokens(), signInAs(1, password), domain.ErrInvalidCredentials)
	s.skipAudit()

	s.clock.Advance(time.Minute)
	if got := execute(s, s.deactivateStaff(), cmd); got != (application.StaffChange{Staff: want}) || s.staff(1) != want {
		t.Errorf("the second time the result is %+v, want no change", got)
	}
	s.mustAudit()
}
