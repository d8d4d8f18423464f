package roster_test

import (
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/roster"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestDeactivateStaff(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	pair, django := s.SignIn(1), s.Django(domain.RefreshToken, 1)
	s.SkipAudit()
	s.Clock.Advance(time.Minute)
	cmd := roster.DeactivateStaffCommand{Email: apptest.Address(1), Client: porttest.Operator()}
	want := s.Staff(1)
	want.Deactivate(s.Clock.Now())

	if got := apptest.Execute(s, s.DeactivateStaff(), cmd); got != (domain.StaffChange{Staff: want, Changed: true}) || s.Staff(1) != want {
		t.Errorf("the result is %+v, want %+v", got, want)
	}
	s.MustAudit(domain.AuditEvent{Kind: domain.EventStaffDeactivate, Outcome: domain.OutcomeSuccess, StaffID: apptest.Id(1)})
	s.MustHaveEnded(pair.Refresh, domain.EndAccountDeactivated)
	s.MustAccess(pair.Access, domain.ErrAccountInactive)
	for _, token := range []domain.Token{pair.Refresh, django} {
		apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(token), domain.ErrAccountInactive)
	}
	apptest.Refuse(s, s.ObtainTokens(), apptest.SignInAs(1, apptest.Password), domain.ErrInvalidCredentials)
	s.SkipAudit()

	s.Clock.Advance(time.Minute)
	if got := apptest.Execute(s, s.DeactivateStaff(), cmd); got != (domain.StaffChange{Staff: want}) || s.Staff(1) != want {
		t.Errorf("the second time the result is %+v, want no change", got)
	}
	s.MustAudit()
}
