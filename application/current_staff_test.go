package application_test

import (
	"errors"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

func TestCurrentStaff(t *testing.T) {
	s := open(t, person(1), person(2))
	pair := s.signIn(1)
	s.skipAudit()
	for _, token := range []domain.Token{pair.Access, s.django(domain.AccessToken, 1)} {
		if got := execute(s, s.currentStaff(), me(token)); got != s.staff(1) {
			t.Errorf("the token is of %+v, want person 1", got)
		}
	}
	s.mustAudit() // a question changes nothing
	s.mustHaveSessions(1)
	if got := s.sessionOf(pair.Access); !got.LastUsedAt.Equal(porttest.Noon) {
		t.Errorf("the session was used at %v", got.LastUsedAt)
	}
}

func TestCurrentStaffRefusesTokens(t *testing.T) {
	type claims = domain.Claims
	for _, test := range []struct {
		name   string
		change func(*claims)
		want   error
	}{
		{"expired", func(c *claims) { c.ExpiresAt = porttest.Noon }, domain.ErrTokenExpired},
		{"issued in the future", func(c *claims) { c.IssuedAt = porttest.Noon.Add(time.Second) }, domain.ErrTokenInvalid},
		{"refresh token", func(c *claims) { c.Type = domain.RefreshToken }, domain.ErrTokenWrongType},
		{"no owner", func(c *claims) { c.UserID = "" }, domain.ErrTokenNoStaff},
		{"another owner", func(c *claims) { c.UserID = string(id(2)) }, domain.ErrSessionNotFound},
		{"unknown owner", func(c *claims) { c.UserID = string(id(9)) }, domain.ErrStaffNotFound},
		{"unknown session", func(c *claims) { c.Session = "0123" }, domain.ErrSessionNotFound},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := open(t, person(1), person(2))
			s.mustAccess(s.alter(s.signIn(1).Access, test.change), test.want)
		})
	}
	s := open(t, person(1))
	for _, text := range []string{"", "garbage"} {
		s.mustAccess(domain.NewToken(text), domain.ErrTokenInvalid)
	}
}

// What happens to the person or the session is seen at once.
func TestCurrentStaffAfterwards(t *testing.T) {
	for _, test := range []struct {
		name    string
		happens func(s *shop, ours, django domain.Token)
		want    error
		django  error
	}{
		{"inactive", func(s *shop, _, _ domain.Token) { s.change(1, inactive) }, domain.ErrAccountInactive, domain.ErrAccountInactive},
		{"left", func(s *shop, _, _ domain.Token) { s.change(1, left) }, domain.ErrAccountInactive, domain.ErrAccountInactive},
		{"reset due", func(s *shop, _, _ domain.Token) { s.change(1, resetDue) }, domain.ErrPasswordResetRequired, domain.ErrPasswordResetRequired},
		{"reset announced only", func(s *shop, _, _ domain.Token) { s.change(1, resetDue); s.policy.EnforcePasswordReset = false }, nil, nil},
		{"signed out", func(s *shop, ours, django domain.Token) { execute(s, s.signOut(), signOutWith(ours, django)) }, domain.ErrSessionEnded, domain.ErrSessionEnded},
		{"password changed", func(s *shop, _, _ domain.Token) { execute(s, s.changePassword(), changeAs(1, password, newPassword)) }, domain.ErrSessionEnded, domain.ErrSessionEnded},
		{"deleted", func(s *shop, _, _ domain.Token) {
			s.update(func(r ports.Records) error { return r.Staff().Delete(id(1)) })
		}, domain.ErrStaffNotFound, domain.ErrStaffNotFound},
		{"Django's time is over", func(s *shop, _, _ domain.Token) { s.policy.AcceptDjangoTokensUntil = porttest.Noon }, nil, domain.ErrTokenInvalid},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := open(t, person(1))
			ours, django := s.signIn(1).Access, s.django(domain.AccessToken, 1)
			test.happens(s, ours, django)
			s.mustAccess(ours, test.want)
			s.mustAccess(django, test.django)
		})
	}
}

// The leaving day begins at midnight where the shop is.
func TestCurrentStaffAtMidnight(t *testing.T) {
	s := open(t, person(1, func(p *domain.Staff) { p.DateLeft = date("2026-03-04") }))
	s.policy.AccessLifetime = 24 * time.Hour
	token := s.signIn(1).Access
	s.clock.Advance(23*time.Hour - time.Millisecond)
	s.mustAccess(token, nil)
	s.clock.Advance(time.Millisecond)
	s.mustAccess(token, domain.ErrAccountInactive)
}

// Whoever has to change the password is told who it is for; nobody else is who is refused.
func TestCurrentStaffTellsOfWhoHasToChangeThePassword(t *testing.T) {
	s := open(t, person(1, resetDue), person(2))
	s.policy.EnforcePasswordReset = false
	token := s.signIn(1).Access
	s.policy.EnforcePasswordReset = true
	got, err := s.currentStaff().Execute(t.Context(), me(token))
	if !errors.Is(err, domain.ErrPasswordResetRequired) || got.ID != id(1) {
		t.Errorf("the result is %+v, %v", got, err)
	}
	s.change(1, inactive)
	refuse(s, s.currentStaff(), me(token), domain.ErrAccountInactive)
}
