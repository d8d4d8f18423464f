package signin_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/application/credentials"
	"gatehouse/application/internal/apptest"
	"gatehouse/application/roster"
	"gatehouse/application/signin"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

func TestVerifyToken(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	pair := s.SignIn(1)
	s.SkipAudit()
	for _, token := range []domain.Token{pair.Access, pair.Refresh, s.Django(domain.AccessToken, 1), s.Django(domain.RefreshToken, 1)} {
		apptest.Execute(s, s.VerifyToken(), apptest.Verify(token))
	}
	s.MustAudit() // a question changes nothing
	s.MustHaveSessions(1)
}

func TestVerifyTokenRefuses(t *testing.T) {
	type claims = domain.Claims
	for _, test := range []struct {
		name   string
		change func(*claims)
		want   error
	}{
		{"expired", func(c *claims) { c.ExpiresAt = porttest.Noon }, domain.ErrTokenExpired},
		{"issued in the future", func(c *claims) { c.IssuedAt = porttest.Noon.Add(time.Second) }, domain.ErrTokenInvalid},
		{"no type", func(c *claims) { c.Type = "" }, domain.ErrTokenNoType},
		{"another type", func(c *claims) { c.Type = "sliding" }, domain.ErrTokenWrongType},
		{"no owner", func(c *claims) { c.UserID = "" }, domain.ErrTokenNoStaff},
		{"another owner", func(c *claims) { c.UserID = string(apptest.Id(2)) }, domain.ErrSessionNotFound},
		{"unknown session", func(c *claims) { c.Session = "0123" }, domain.ErrSessionNotFound},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
			pair := s.SignIn(1)
			apptest.Refuse(s, s.VerifyToken(), apptest.Verify(s.Alter(pair.Access, test.change)), test.want)
			apptest.Refuse(s, s.VerifyToken(), apptest.Verify(s.Alter(pair.Refresh, test.change)), test.want)
		})
	}
	s := apptest.Open(t)
	apptest.Refuse(s, s.VerifyToken(), apptest.Verify(domain.NewToken("garbage")), domain.ErrTokenInvalid)
}

// What takes a token back is seen at once, and so is what shuts its owner's account.
func TestVerifyTokenAfterwards(t *testing.T) {
	over, shut, due, gone := domain.ErrSessionEnded, domain.ErrAccountInactive, domain.ErrPasswordResetRequired, domain.ErrStaffNotFound
	operator := porttest.Operator()
	deactivate := func(s *apptest.Shop) {
		apptest.Execute(s, s.DeactivateStaff(), roster.DeactivateStaffCommand{Email: apptest.Address(1), Client: operator})
	}
	setPassword := func(s *apptest.Shop) {
		s.Clock.Advance(time.Second)
		apptest.Execute(s, s.SetPassword(), credentials.SetPasswordCommand{Email: apptest.Address(1), Password: domain.NewPassword(apptest.NewPassword), Client: operator})
	}
	for _, test := range []struct {
		name         string
		happens      func(s *apptest.Shop, ours, django domain.Token)
		ours, django error // nil if the token still verifies
	}{
		{"signed out", func(s *apptest.Shop, ours, django domain.Token) {
			apptest.Execute(s, s.SignOut(), apptest.SignOutWith(ours, django))
		}, over, over},
		{"blacklisted", func(s *apptest.Shop, ours, django domain.Token) {
			apptest.Execute(s, s.BlacklistToken(), apptest.Blacklist(ours))
			apptest.Execute(s, s.BlacklistToken(), apptest.Blacklist(django))
		}, over, over},
		{"password changed", func(s *apptest.Shop, _, _ domain.Token) {
			apptest.Execute(s, s.ChangePassword(), apptest.ChangeAs(1, apptest.Password, apptest.NewPassword))
		}, over, over},
		{"password set", func(s *apptest.Shop, _, _ domain.Token) { setPassword(s) }, due, due},
		{"deactivated", func(s *apptest.Shop, _, _ domain.Token) { deactivate(s) }, shut, shut},
		{"deactivated, and asked for access", func(s *apptest.Shop, ours, _ domain.Token) {
			deactivate(s)
			apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(ours), shut)
		}, shut, shut},
		{"deactivated, and activated again", func(s *apptest.Shop, _, _ domain.Token) {
			deactivate(s)
			s.Change(1, func(p *domain.Staff) { p.IsActive = true })
		}, over, over},
		{"deactivated, then the password set", func(s *apptest.Shop, _, _ domain.Token) { deactivate(s); setPassword(s) }, shut, shut},
		{"left", func(s *apptest.Shop, _, _ domain.Token) { s.Change(1, apptest.Left) }, shut, shut},
		{"reset due", func(s *apptest.Shop, _, _ domain.Token) { s.Change(1, apptest.ResetDue) }, due, due},
		{"reset announced", func(s *apptest.Shop, _, _ domain.Token) {
			s.Policy.EnforcePasswordReset = false
			s.Change(1, apptest.ResetDue)
		}, nil, nil},
		{"deleted", func(s *apptest.Shop, _, _ domain.Token) {
			s.Update(func(r ports.Records) error { return r.Staff().Delete(apptest.Id(1)) })
		}, gone, gone},
		{"Django's time is over", func(s *apptest.Shop, _, _ domain.Token) { s.Policy.AcceptDjangoTokensUntil = porttest.Noon }, nil, domain.ErrTokenInvalid},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := apptest.Open(t, apptest.Person(1))
			ours, django := s.SignIn(1).Refresh, s.Django(domain.RefreshToken, 1)
			test.happens(s, ours, django)
			apptest.Refuse(s, s.VerifyToken(), apptest.Verify(ours), test.ours)
			apptest.Refuse(s, s.VerifyToken(), apptest.Verify(django), test.django)
		})
	}
}

// A user_id in capitals names the same person everywhere.
func TestVerifyTokenOfAnIDInCapitals(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1, func(p *domain.Staff) { p.ID = "00000000-0000-4000-8000-0000000000ab" }))
	pair := apptest.Execute(s, s.ObtainTokens(), apptest.SignInAs(1, apptest.Password)).Tokens
	loud := s.Alter(pair.Access, func(c *domain.Claims) { c.UserID = strings.ToUpper(c.UserID) })
	s.MustAccess(loud, nil)
	apptest.Execute(s, s.VerifyToken(), signin.VerifyTokenQuery{Token: loud})
}

// A token whose session has been idle for too long is of no more use.
func TestVerifyTokenOfAnIdleSession(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.Policy.IdleLifetime, s.Policy.AccessLifetime = time.Minute, time.Hour
	pair := s.SignIn(1)
	apptest.Execute(s, s.VerifyToken(), signin.VerifyTokenQuery{Token: pair.Access})
	s.Clock.Advance(time.Minute)
	for _, token := range []domain.Token{pair.Access, pair.Refresh} {
		apptest.Refuse(s, s.VerifyToken(), signin.VerifyTokenQuery{Token: token}, domain.ErrTokenExpired)
	}
}
