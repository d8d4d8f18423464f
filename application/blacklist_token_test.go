package application_test

import (
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

func TestBlacklistToken(t *testing.T) {
	s := open(t, person(1))
	pair, other, django := s.signIn(1), s.signIn(1), s.django(domain.RefreshToken, 1)
	for _, token := range []domain.Token{pair.Refresh, django} {
		s.skipAudit()
		execute(s, s.blacklistToken(), blacklist(token))
		session := s.sessionOf(token)
		s.mustHaveEnded(token, domain.EndBlacklisted)
		done := domain.AuditEvent{Kind: domain.EventTokenBlacklist, Outcome: domain.OutcomeSuccess, StaffID: id(1), Session: session.ID}
		s.mustAudit(done)

		refuse(s, s.refreshAccess(), refreshWith(token), domain.ErrSessionEnded)
		s.clock.Advance(time.Minute)
		s.skipAudit()
		refuse(s, s.blacklistToken(), blacklist(token), domain.ErrSessionEnded)
		s.mustAudit(done.Decided(domain.ErrSessionEnded))
		if got := s.sessionOf(token); got.EndReason != domain.EndBlacklisted {
			t.Errorf("after the second time the session is %+v", got)
		}
	}
	s.mustAccess(pair.Access, domain.ErrSessionEnded)
	execute(s, s.refreshAccess(), refreshWith(other.Refresh))
}

// Whoever presents the token may end it, also when its owner's account is shut.
func TestBlacklistTokenOfAShutAccount(t *testing.T) {
	for _, shut := range []func(*domain.Staff){inactive, left, resetDue} {
		s := open(t, person(1))
		ours, django := s.signIn(1).Refresh, s.django(domain.RefreshToken, 1)
		s.change(1, shut)
		for _, token := range []domain.Token{ours, django} {
			execute(s, s.blacklistToken(), blacklist(token))
			s.mustHaveEnded(token, domain.EndBlacklisted)
		}
	}
}

func TestBlacklistTokenRefuses(t *testing.T) {
	type claims = domain.Claims
	for _, test := range []struct {
		name   string
		change func(*claims)
		want   error
		reason domain.Reason
		known  bool // whether the trail says whose token it was
	}{
		{"expired", func(c *claims) { c.ExpiresAt = c.IssuedAt }, domain.ErrTokenExpired, domain.ReasonTokenExpired, false},
		{"access token", func(c *claims) { c.Type = domain.AccessToken }, domain.ErrTokenWrongType, domain.ReasonTokenWrongType, false},
		{"no id", func(c *claims) { c.ID = "" }, domain.ErrTokenNoID, domain.ReasonTokenIncomplete, false},
		{"no owner", func(c *claims) { c.UserID = "x" }, domain.ErrTokenNoStaff, domain.ReasonTokenIncomplete, false},
	} {
		s := open(t, person(1))
		good := s.signIn(1).Refresh
		s.skipAudit()
		refuse(s, s.blacklistToken(), blacklist(s.alter(good, test.change)), test.want)
		s.mustAudit(domain.AuditEvent{Kind: domain.EventTokenBlacklist, Outcome: domain.OutcomeFailure, Reason: test.reason, Session: s.sessionOf(good).ID})
		s.mustHaveEnded(good, "")
	}
}

func TestBlacklistTokenWithoutASession(t *testing.T) {
	s := open(t, person(1), person(2))
	token := s.signIn(1).Refresh
	session := s.sessionOf(token).ID
	event := domain.AuditEvent{Kind: domain.EventTokenBlacklist, Session: session}
	unknown, stranger, deleted := event, event, event
	unknown.StaffID, unknown.Session = id(1), "0123"
	stranger.StaffID, deleted.StaffID = id(2), id(1)
	s.skipAudit()

	refuse(s, s.blacklistToken(), blacklist(s.alter(token, func(c *domain.Claims) { c.Session = "0123" })), domain.ErrSessionNotFound)
	s.mustAudit(unknown.Decided(domain.ErrSessionNotFound))
	refuse(s, s.blacklistToken(), blacklist(s.alter(token, func(c *domain.Claims) { c.UserID = string(id(2)) })), domain.ErrSessionNotFound)
	s.mustAudit(stranger.Decided(domain.ErrSessionNotFound))
	s.mustHaveEnded(token, "")

	s.update(func(r ports.Records) error { return r.Staff().Delete(id(1)) })
	refuse(s, s.blacklistToken(), blacklist(token), domain.ErrStaffNotFound)
	s.mustAudit(deleted.Decided(domain.ErrStaffNotFound))
}

// What is no token of ours is not in the trail: anybody could fill it.
func TestBlacklistTokenGarbage(t *testing.T) {
	s := open(t, person(1))
	refuse(s, s.blacklistToken(), blacklist(domain.NewToken("garbage")), domain.ErrTokenInvalid)
	s.mustAudit()
}
