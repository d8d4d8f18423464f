package credentials_test

import (
	"testing"

	"gatehouse/application/credentials"
	"gatehouse/application/internal/apptest"
	"gatehouse/application/signin"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestRequirePasswordReset(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	pair := s.SignIn(1)
	s.SkipAudit()
	cmd := credentials.RequirePasswordResetCommand{Email: apptest.Address(1), Client: porttest.Operator()}
	want := s.Staff(1)
	want.RequirePasswordReset(s.Clock.Now())

	if got := apptest.Execute(s, s.RequirePasswordReset(), cmd); got != (domain.StaffChange{Staff: want, Changed: true}) || s.Staff(1) != want {
		t.Errorf("the result is %+v, want %+v", got, want)
	}
	s.MustAudit(domain.AuditEvent{Kind: domain.EventStaffReset, Outcome: domain.OutcomeSuccess, StaffID: apptest.Id(1)})
	s.MustAccess(pair.Access, domain.ErrPasswordResetRequired)
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh), domain.ErrPasswordResetRequired)
	if got := apptest.Execute(s, s.ObtainTokens(), apptest.SignInAs(1, apptest.Password)); got != (signin.ObtainTokensResult{PasswordNeedsReset: true}) {
		t.Errorf("the sign-in gives %+v, want that a reset is due", got)
	}
	s.SkipAudit()

	if got := apptest.Execute(s, s.RequirePasswordReset(), cmd); got.Changed {
		t.Errorf("the second time the result is %+v, want no change", got)
	}
	s.MustAudit()
}

// Somebody who has no password is not told to change it.
func TestRequirePasswordResetOfNoPassword(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1, apptest.Unusable))
	s.Policy.Links.Mail = true
	cmd := credentials.RequirePasswordResetCommand{Email: apptest.Address(1), Client: porttest.Operator()}
	if got := apptest.Execute(s, s.RequirePasswordReset(), cmd); !got.Changed || !s.Staff(1).Credentials.NeedsReset {
		t.Errorf("the result is %+v, want that a reset is due", got)
	}
	if letters := s.Letters(1); len(letters) > 0 {
		t.Errorf("the person is sent %v", letters)
	}
}
