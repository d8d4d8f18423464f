package application_test

import (
	"testing"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestRequirePasswordReset(t *testing.T) {
	s := open(t, person(1))
	pair := s.signIn(1)
	s.skipAudit()
	cmd := application.RequirePasswordResetCommand{Email: address(1), Client: porttest.Client()}
	want := s.staff(1)
	want.RequirePasswordReset(s.clock.Now())

	if got := execute(s, s.requirePasswordReset(), cmd); got != (application.StaffChange{Staff: want, Changed: true}) || s.staff(1) != want {
		t.Errorf("the result is %+v, want %+v", got, want)
	}
	s.mustAudit(domain.AuditEvent{Kind: domain.EventStaffReset, Outcome: domain.OutcomeSuccess, StaffID: id(1)})
	s.mustAccess(pair.Access, domain.ErrPasswordResetRequired)
	refuse(s, s.refreshAccess(), refreshWith(pair.Refresh), domain.ErrPasswordResetRequired)
	if got := execute(s, s.obtainTokens(), signInAs(1, password)); got != (application.ObtainTokensResult{PasswordNeedsReset: true}) {
		t.Errorf("the sign-in gives %+v, want that a reset is due", got)
	}
	s.skipAudit()

	if got := execute(s, s.requirePasswordReset(), cmd); got.Changed {
		t.Errorf("the second time the result is %+v, want no change", got)
	}
	s.mustAudit()
}

// Somebody who has no password is not told to change it.
func TestRequirePasswordResetOfNoPassword(t *testing.T) {
	s := open(t, person(1, unusable))
	s.policy.Links.Mail = true
	cmd := application.RequirePasswordResetCommand{Email: address(1), Client: porttest.Client()}
	if got := execute(s, s.requirePasswordReset(), cmd); !got.Changed || !s.staff(1).Credentials.NeedsReset {
		t.Errorf("the result is %+v, want that a reset is due", got)
	}
	if letters := s.letters(1); len(letters) > 0 {
		t.Errorf("the person is sent %v", letters)
	}
}
