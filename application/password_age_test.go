package application_test

import (
	"testing"
	"time"

	"gatehouse/domain"
)

// A password is good until somebody changes it or says that it must be changed.
func TestPasswordsDoNotAge(t *testing.T) {
	s := open(t, person(1))
	execute(s, s.changePassword(), changeAs(1, password, newPassword))
	for range 10 {
		s.clock.Advance(366 * 24 * time.Hour)
		if got := execute(s, s.obtainTokens(), signInAs(1, newPassword)); got.PasswordNeedsReset || got.Tokens.Access.Empty() {
			t.Fatalf("at %v the sign-in gives %+v", s.clock.Now(), got)
		}
	}
	s.change(1, func(p *domain.Staff) { p.Credentials.NeedsReset = true })
	if got := execute(s, s.obtainTokens(), signInAs(1, newPassword)); !got.PasswordNeedsReset {
		t.Error("the change that somebody has asked for is not due")
	}
}
