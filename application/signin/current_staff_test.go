package signin_test

import (
	"errors"
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

func TestCurrentStaff(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	pair := s.SignIn(1)
	s.SkipAudit()
	for _, token := range []domain.Token{pair.Access, s.Django(domain.AccessToken, 1)} {
		if got := apptest.Execute(s, s.CurrentStaff(), apptest.Me(token)); got.Owner != s.Staff(1) {
			t.Errorf("the token is of %+v, want person 1", got)
		}
	}
	s.MustAudit() // a question changes nothing
	s.MustHaveSessions(1)
	if got := s.SessionOf(pair.Access); !got.LastUsedAt.Equal(porttest.Noon) {
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
		{"another owner", func(c *claims) { c.UserID = string(apptest.Id(2)) }, domain.ErrSessionNotFound},
		{"unknown owner", func(c *claims) { c.UserID = string(apptest.Id(9)) }, domain.ErrStaffNotFound},
		{"unknown session", func(c *claims) { c.Session = "0123" }, domain.ErrSessionNotFound},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
			s.MustAccess(s.Alter(s.SignIn(1).Access, test.change), test.want)
		})
	}
	s := apptest.Open(t, apptest.Person(1))
	for _, text := range []string{"", "garbage"} {
		s.MustAccess(domain.NewToken(text), domain.ErrTokenInvalid)
	}
}

// What happens to the person or the session is seen at once.
func TestCurrentStaffAfterwards(t *testing.T) {
	for _, test := range []struct {
		name    string
		happens func(s *apptest.Shop, ours, django domain.Token)
		want    error
		django  error
	}{
		{"inactive", func(s *apptest.Shop, _, _ domain.Token) { s.Change(1, apptest.Inactive) }, domain.ErrAccountInactive, domain.ErrAccountInactive},
		{"left", func(s *apptest.Shop, _, _ domain.Token) { s.Change(1, apptest.Left) }, domain.ErrAccountInactive, domain.ErrAccountInactive},
		{"reset due", func(s *apptest.Shop, _, _ domain.Token) { s.Change(1, apptest.ResetDue) }, domain.ErrPasswordResetRequired, domain.ErrPasswordResetRequired},
		{"reset announced only", func(s *apptest.Shop, _, _ domain.Token) {
			s.Change(1, apptest.ResetDue)
			s.Policy.EnforcePasswordReset = false
		}, nil, nil},
		{"signed out", func(s *apptest.Shop, ours, django domain.Token) {
			apptest.Execute(s, s.SignOut(), apptest.SignOutWith(ours, django))
		}, domain.ErrSessionEnded, domain.ErrSessionEnded},
		{"password changed", func(s *apptest.Shop, _, _ domain.Token) {
			apptest.Execute(s, s.ChangePassword(), apptest.ChangeAs(1, apptest.Password, apptest.NewPassword))
		}, domain.ErrSessionEnded, domain.ErrSessionEnded},
		{"deleted", func(s *apptest.Shop, _, _ domain.Token) {
			s.Update(func(r ports.Records) error { return r.Staff().Delete(apptest.Id(1)) })
		}, domain.ErrStaffNotFound, domain.ErrStaffNotFound},
		{"Django's time is over", func(s *apptest.Shop, _, _ domain.Token) { s.Policy.AcceptDjangoTokensUntil = porttest.Noon }, nil, domain.ErrTokenInvalid},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := apptest.Open(t, apptest.Person(1))
			ours, django := s.SignIn(1).Access, s.Django(domain.AccessToken, 1)
			test.happens(s, ours, django)
			s.MustAccess(ours, test.want)
			s.MustAccess(django, test.django)
		})
	}
}

// The leaving day begins at midnight where the shop is.
func TestCurrentStaffAtMidnight(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1, func(p *domain.Staff) { p.DateLeft = apptest.Date("2026-03-04") }))
	s.Policy.AccessLifetime = 24 * time.Hour
	token := s.SignIn(1).Access
	s.Clock.Advance(23*time.Hour - time.Millisecond)
	s.MustAccess(token, nil)
	s.Clock.Advance(time.Millisecond)
	s.MustAccess(token, domain.ErrAccountInactive)
}

// If a change of the password is due, the refusal names the person. No other refusal does.
func TestCurrentStaffTellsOfWhoHasToChangeThePassword(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1, apptest.ResetDue), apptest.Person(2))
	s.Policy.EnforcePasswordReset = false
	token := s.SignIn(1).Access
	s.Policy.EnforcePasswordReset = true
	got, err := s.CurrentStaff().Execute(t.Context(), apptest.Me(token))
	if !errors.Is(err, domain.ErrPasswordResetRequired) || got.Owner.ID != apptest.Id(1) {
		t.Errorf("the result is %+v, %v", got, err)
	}
	s.Change(1, apptest.Inactive)
	apptest.Refuse(s, s.CurrentStaff(), apptest.Me(token), domain.ErrAccountInactive)
}
