package application_test

import (
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

// The access token is new, and the refresh token is as good as before, however often.
func TestRenewAccess(t *testing.T) {
	s := rotating(t)
	s.policy.IdleLifetime = 2 * time.Hour
	refresh := s.signIn(1).Refresh
	before := s.sessionOf(refresh)
	s.skipAudit()
	for range 3 {
		s.clock.Advance(time.Hour) // longer, together, than a session may be idle
		renewed := execute(s, s.renewAccess(), renewWith(refresh))
		if renewed.Lifetime != s.policy.AccessLifetime || s.idOf(renewed.Access) != before.ID {
			t.Errorf("the access token is %+v and lasts %v", s.claims(renewed.Access), renewed.Lifetime)
		}
		s.mustAccess(renewed.Access, nil)
		s.mustAudit(domain.AuditEvent{Kind: domain.EventTokenRenew, Outcome: domain.OutcomeSuccess, StaffID: id(1), Session: before.ID})
	}
	before.Use(porttest.Client(), s.clock.Now())
	if after := s.sessionOf(refresh); after != before {
		t.Errorf("the session is %+v, want %+v", after, before)
	}
	if s.refresh(refresh).Refresh.Empty() {
		t.Error("a refresh does not replace the token any more")
	}
}

// A lost answer to a refresh is one thing; within its grace a page is answered, too.
func TestRenewAccessWithinTheGrace(t *testing.T) {
	s := rotating(t)
	first := s.signIn(1).Refresh
	s.refresh(first)
	execute(s, s.renewAccess(), renewWith(first))
}

// What a refresh would refuse, and even punish, is refused without a trace.
func TestRenewAccessRefuses(t *testing.T) {
	for _, refused := range []struct {
		name  string
		token func(*shop) domain.Token
		want  error
	}{
		{"nothing", func(*shop) domain.Token { return domain.Token{} }, domain.ErrTokenInvalid},
		{"an access token", func(s *shop) domain.Token { return s.signIn(1).Access }, domain.ErrTokenWrongType},
		{"a replaced token", func(s *shop) domain.Token {
			first := s.signIn(1).Refresh
			s.refresh(first)
			s.clock.Advance(s.policy.RefreshGrace)
			return first
		}, domain.ErrSessionEnded},
		{"a token that is not issued yet", func(s *shop) domain.Token {
			return s.alter(s.signIn(1).Refresh, func(c *domain.Claims) { c.Generation++ })
		}, domain.ErrSessionEnded},
		{"expired", func(s *shop) domain.Token {
			refresh := s.signIn(1).Refresh
			s.clock.Advance(s.policy.SessionLifetime)
			return refresh
		}, domain.ErrTokenExpired},
		{"signed out", func(s *shop) domain.Token {
			pair := s.signIn(1)
			execute(s, s.signOut(), signOutWith(pair.Access))
			return pair.Refresh
		}, domain.ErrSessionEnded},
		{"left", func(s *shop) domain.Token { refresh := s.signIn(1).Refresh; s.change(1, left); return refresh }, domain.ErrAccountInactive},
		{"reset due", func(s *shop) domain.Token { refresh := s.signIn(1).Refresh; s.change(1, resetDue); return refresh }, domain.ErrPasswordResetRequired},
		{"of the shop's Django", func(s *shop) domain.Token { return s.django(domain.RefreshToken, 1) }, domain.ErrSessionNotFound},
	} {
		t.Run(refused.name, func(t *testing.T) {
			s := rotating(t)
			token := refused.token(s)
			before := s.contents()
			refuse(s, s.renewAccess(), renewWith(token), refused.want)
			s.mustStillBe(before)
		})
	}
}

// A token of the shop's Django that has become a session is like any other.
func TestRenewAccessAfterAdoption(t *testing.T) {
	s := open(t, person(1))
	django := s.django(domain.RefreshToken, 1)
	s.refresh(django)
	execute(s, s.renewAccess(), renewWith(django))
}
