package credentials_test

import (
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/domain"
)

// A password is good until somebody changes it or says that it must be changed.
func TestPasswordsDoNotAge(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	apptest.Execute(s, s.ChangePassword(), apptest.ChangeAs(1, apptest.Password, apptest.NewPassword))
	for range 10 {
		s.Clock.Advance(366 * 24 * time.Hour)
		if got := apptest.Execute(s, s.ObtainTokens(), apptest.SignInAs(1, apptest.NewPassword)); got.PasswordNeedsReset || got.Tokens.Access.Empty() {
			t.Fatalf("at %v the sign-in gives %+v", s.Clock.Now(), got)
		}
	}
	s.Change(1, func(p *domain.Staff) { p.Credentials.NeedsReset = true })
	if got := apptest.Execute(s, s.ObtainTokens(), apptest.SignInAs(1, apptest.NewPassword)); !got.PasswordNeedsReset {
		t.Error("the change that somebody has asked for is not due")
	}
}
