package application_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

func TestVerifyToken(t *testing.T) {
	s := open(t, person(1))
	pair := s.signIn(1)
	s.skipAudit()
	for _, token := range []domain.Token{pair.Access, pair.Refresh, s.django(domain.AccessToken, 1), s.django(domain.RefreshToken, 1)} {
		execute(s, s.verifyToken(), verify(token))
	}
	s.mustAudit() // a question changes nothing
	s.mustHaveSessions(1)
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
		{"another owner", func(c *claims) { c.UserID = string(id(2)) }, domain.ErrSessionNotFound},
		{"unknown session", func(c *claims) { c.Session = "0123" }, domain.ErrSessionNotFound},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := open(t, person(1), person(2))
			pair := s.signIn(1)
			refuse(s, s.verifyToken(), verify(s.alter(pair.Access, test.change)), test.want)
			refuse(s, s.verifyToken(), verify(s.alter(pair.Refresh, test.change)), test.want)
		})
	}
	s := open(t)
	refuse(s, s.verifyToken(), verify(domain.NewToken("garbage")), domain.ErrTokenInvalid)
}

// What takes a token back is seen at once, and so is what shuts its owner's account.
func TestVerifyTokenAfterwards(t *testing.T) {
	over, shut, due, gone := domain.ErrSessionEnded, domain.ErrAccountInactive, domain.ErrPasswordResetRequired, domain.ErrStaffNotFound
	operator := porttest.Client()
	deactivate := func(s *shop) {
		execute(s, s.deactivateStaff(), application.DeactivateStaffCommand{Email: address(1), Client: operator})
	}
	setPassword := func(s *shop) {
		s.clock.Advance(time.Second)
		execute(s, s.setPassword(), application.SetPasswordCommand{Email: address(1), Password: domain.NewPassword(newPassword), Client: operator})
	}
	for _, test := range []struct {
		name         string
		happens      func(s *shop, ours, django domain.Token)
		ours, django error // nil if the token still verifies
	}{
		{"signed out", func(s *shop, ours, django domain.Token) { execute(s, s.signOut(), signOutWith(ours, django)) }, over, over},
		{"blacklisted", func(s *shop, ours, django domain.Token) {
			execute(s, s.blacklistToken(), blacklist(ours))
			execute(s, s.blacklistToken(), blacklist(django))
		}, over, over},
		{"password changed", func(s *shop, _, _ domain.Token) { execute(s, s.changePassword(), changeAs(1, password, newPassword)) }, over, over},
		{"password set", func(s *shop, _, _ domain.Token) { setPassword(s) }, due, due},
		{"deactivated", func(s *shop, _, _ domain.Token) { deactivate(s) }, shut, shut},
		{"deactivated, and asked for access", func(s *shop, ours, _ domain.Token) {
			deactivate(s)
			refuse(s, s.refreshAccess(), refreshWith(ours), shut)
		}, shut, shut},
		{"deactivated, and activated again", func(s *shop, _, _ domain.Token) {
			deactivate(s)
			s.change(1, func(p *domain.Staff) { p.IsActive = true })
		}, over, over},
		{"deactivated, then the password set", func(s *shop, _, _ domain.Token) { deactivate(s); setPassword(s) }, shut, shut},
		{"left", func(s *shop, _, _ domain.Token) { s.change(1, left) }, shut, shut},
		{"reset due", func(s *shop, _, _ domain.Token) { s.change(1, resetDue) }, due, due},
		{"reset announced", func(s *shop, _, _ domain.Token) { s.policy.EnforcePasswordReset = false; s.change(1, resetDue) }, nil, nil},
		{"deleted", func(s *shop, _, _ domain.Token) {
			s.update(func(r ports.Records) error { return r.Staff().Delete(id(1)) })
		}, gone, gone},
		{"Django's time is over", func(s *shop, _, _ domain.Token) { s.policy.AcceptDjangoTokensUntil = porttest.Noon }, nil, domain.ErrTokenInvalid},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := open(t, person(1))
			ours, django := s.signIn(1).Refresh, s.django(domain.RefreshToken, 1)
			test.happens(s, ours, django)
			refuse(s, s.verifyToken(), verify(ours), test.ours)
			refuse(s, s.verifyToken(), verify(django), test.django)
		})
	}
}

// A user_id in capitals names the same person everywhere.
func TestVerifyTokenOfAnIDInCapitals(t *testing.T) {
	s := open(t, person(1, func(p *domain.Staff) { p.ID = "00000000-0000-4000-8000-0000000000ab" }))
	pair := execute(s, s.obtainTokens(), signInAs(1, password)).Tokens
	loud := s.alter(pair.Access, func(c *domain.Claims) { c.UserID = strings.ToUpper(c.UserID) })
	s.mustAccess(loud, nil)
	execute(s, s.verifyToken(), application.VerifyTokenQuery{Token: loud})
}

// A token whose session has been idle for too long is of no more use.
func TestVerifyTokenOfAnIdleSession(t *testing.T) {
	s := open(t, person(1))
	s.policy.IdleLifetime, s.policy.AccessLifetime = time.Minute, time.Hour
	pair := s.signIn(1)
	execute(s, s.verifyToken(), application.VerifyTokenQuery{Token: pair.Access})
	s.clock.Advance(time.Minute)
	for _, token := range []domain.Token{pair.Access, pair.Refresh} {
		refuse(s, s.verifyToken(), application.VerifyTokenQuery{Token: token}, domain.ErrTokenExpired)
	}
}
