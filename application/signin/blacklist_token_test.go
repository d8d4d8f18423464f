package signin_test

import (
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/domain"
	"gatehouse/ports"
)

func TestBlacklistToken(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	pair, other, django := s.SignIn(1), s.SignIn(1), s.Django(domain.RefreshToken, 1)
	for _, token := range []domain.Token{pair.Refresh, django} {
		s.SkipAudit()
		apptest.Execute(s, s.BlacklistToken(), apptest.Blacklist(token))
		session := s.SessionOf(token)
		s.MustHaveEnded(token, domain.EndBlacklisted)
		done := domain.AuditEvent{Kind: domain.EventTokenBlacklist, Outcome: domain.OutcomeSuccess, StaffID: apptest.Id(1), Session: session.ID}
		s.MustAudit(done)

		apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(token), domain.ErrSessionEnded)
		s.Clock.Advance(time.Minute)
		s.SkipAudit()
		apptest.Refuse(s, s.BlacklistToken(), apptest.Blacklist(token), domain.ErrSessionEnded)
		s.MustAudit(done.Decided(domain.ErrSessionEnded))
		if got := s.SessionOf(token); got.EndReason != domain.EndBlacklisted {
			t.Errorf("after the second time the session is %+v", got)
		}
	}
	s.MustAccess(pair.Access, domain.ErrSessionEnded)
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(other.Refresh))
}

// Anybody with the token may end its session, even if the owner's account is closed.
func TestBlacklistTokenOfAShutAccount(t *testing.T) {
	for _, shut := range []func(*domain.Staff){apptest.Inactive, apptest.Left, apptest.ResetDue} {
		s := apptest.Open(t, apptest.Person(1))
		ours, django := s.SignIn(1).Refresh, s.Django(domain.RefreshToken, 1)
		s.Change(1, shut)
		for _, token := range []domain.Token{ours, django} {
			apptest.Execute(s, s.BlacklistToken(), apptest.Blacklist(token))
			s.MustHaveEnded(token, domain.EndBlacklisted)
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
		s := apptest.Open(t, apptest.Person(1))
		good := s.SignIn(1).Refresh
		s.SkipAudit()
		apptest.Refuse(s, s.BlacklistToken(), apptest.Blacklist(s.Alter(good, test.change)), test.want)
		s.MustAudit(domain.AuditEvent{Kind: domain.EventTokenBlacklist, Outcome: domain.OutcomeFailure, Reason: test.reason, Session: s.SessionOf(good).ID})
		s.MustHaveEnded(good, "")
	}
}

func TestBlacklistTokenWithoutASession(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	token := s.SignIn(1).Refresh
	session := s.SessionOf(token).ID
	event := domain.AuditEvent{Kind: domain.EventTokenBlacklist, Session: session}
	unknown, stranger, deleted := event, event, event
	unknown.StaffID, unknown.Session = apptest.Id(1), "0123"
	stranger.StaffID, deleted.StaffID = apptest.Id(2), apptest.Id(1)
	s.SkipAudit()

	apptest.Refuse(s, s.BlacklistToken(), apptest.Blacklist(s.Alter(token, func(c *domain.Claims) { c.Session = "0123" })), domain.ErrSessionNotFound)
	s.MustAudit(unknown.Decided(domain.ErrSessionNotFound))
	apptest.Refuse(s, s.BlacklistToken(), apptest.Blacklist(s.Alter(token, func(c *domain.Claims) { c.UserID = string(apptest.Id(2)) })), domain.ErrSessionNotFound)
	s.MustAudit(stranger.Decided(domain.ErrSessionNotFound))
	s.MustHaveEnded(token, "")

	s.Update(func(r ports.Records) error { return r.Staff().Delete(apptest.Id(1)) })
	apptest.Refuse(s, s.BlacklistToken(), apptest.Blacklist(token), domain.ErrStaffNotFound)
	s.MustAudit(deleted.Decided(domain.ErrStaffNotFound))
}

// What is no token of ours is not in the trail: anybody could fill it.
func TestBlacklistTokenGarbage(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	apptest.Refuse(s, s.BlacklistToken(), apptest.Blacklist(domain.NewToken("garbage")), domain.ErrTokenInvalid)
	s.MustAudit()
}
