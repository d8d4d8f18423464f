package application_test

import (
	"slices"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

func TestRefreshAccess(t *testing.T) {
	s := open(t, person(1))
	pair := s.signIn(1)
	before := s.sessionOf(pair.Refresh)
	done := domain.AuditEvent{Kind: domain.EventTokenRefresh, Outcome: domain.OutcomeSuccess, StaffID: id(1), Session: before.ID}
	s.skipAudit()
	execute(s, s.refreshAccess(), refreshWith(pair.Refresh)) // at once
	s.mustAudit(done)
	s.clock.Advance(time.Hour)

	got := execute(s, s.refreshAccess(), refreshWith(pair.Refresh))
	claims := s.claims(got.Access)
	if claims.Type != domain.AccessToken || claims.Session != before.ID || claims.UserID != string(id(1)) || claims.ID == s.claims(pair.Access).ID {
		t.Errorf("the access token says %+v, want a new one of the session", claims)
	}
	if !claims.IssuedAt.Equal(s.clock.Now()) || got.AccessLifetime != 15*time.Minute {
		t.Errorf("the access token was issued at %v for %v, want now for 15m", claims.IssuedAt, got.AccessLifetime)
	}
	s.mustAudit(done)

	after := before
	after.LastUsedAt = s.clock.Now()
	if got := s.sessionOf(pair.Refresh); got != after {
		t.Errorf("the session is %+v, want %+v", got, after)
	}
	s.mustAccess(got.Access, nil)
	execute(s, s.refreshAccess(), refreshWith(pair.Refresh)) // the refresh token stays good
	s.mustHaveSessions(1)
}

// However often a session is refreshed, it ends when it was to end.
func TestRefreshAccessUntilTheEnd(t *testing.T) {
	s := open(t, person(1))
	pair := s.signIn(1)
	end := porttest.Noon.Add(s.policy.SessionLifetime)
	s.clock.Advance(s.policy.SessionLifetime - time.Minute)
	got := execute(s, s.refreshAccess(), refreshWith(pair.Refresh))
	if got.AccessLifetime != time.Minute || !s.claims(got.Access).ExpiresAt.Equal(end) {
		t.Errorf("a minute before the end, access lasts %v, until %v", got.AccessLifetime, s.claims(got.Access).ExpiresAt)
	}
	s.clock.Advance(time.Minute)
	refuse(s, s.refreshAccess(), refreshWith(pair.Refresh), domain.ErrTokenExpired)
	s.mustAccess(got.Access, domain.ErrTokenExpired)
}

// An access token is not good before the refresh token that it comes from.
func TestRefreshAccessKeepsNotBefore(t *testing.T) {
	s := open(t, person(1))
	from := porttest.Noon.Add(2 * time.Second)
	s.policy.Leeway = 5 * time.Second
	for _, token := range []domain.Token{s.signIn(1).Refresh, s.django(domain.RefreshToken, 1)} {
		later := s.alter(token, func(c *domain.Claims) { c.NotBefore = from })
		got := execute(s, s.refreshAccess(), refreshWith(later))
		if claims := s.claims(got.Access); !claims.NotBefore.Equal(from) {
			t.Errorf("the access token is good from %v on, want %v", claims.NotBefore, from)
		}
	}
}

// What is wrong with the token itself leaves its session alone.
func TestRefreshAccessRefusesTokens(t *testing.T) {
	type claims = domain.Claims
	invalid, incomplete := domain.ErrTokenInvalid, domain.ReasonTokenIncomplete
	for _, test := range []struct {
		name   string
		change func(*claims)
		want   error
		reason domain.Reason
	}{
		{"another issuer", func(c *claims) { c.Issuer = "https://other.example.test" }, invalid, domain.ReasonWrongIssuer},
		{"another audience", func(c *claims) { c.Audience = []string{"other"} }, invalid, domain.ReasonWrongAudience},
		{"issued in the future", func(c *claims) { c.IssuedAt = porttest.Noon.Add(time.Second) }, invalid, domain.ReasonIssuedInFuture},
		{"not valid yet", func(c *claims) { c.NotBefore = porttest.Noon.Add(time.Second) }, invalid, domain.ReasonNotValidYet},
		{"expired this second", func(c *claims) { c.ExpiresAt = porttest.Noon }, domain.ErrTokenExpired, domain.ReasonTokenExpired},
		{"access token", func(c *claims) { c.Type = domain.AccessToken }, domain.ErrTokenWrongType, domain.ReasonTokenWrongType},
		{"no type", func(c *claims) { c.Type = "" }, domain.ErrTokenNoType, incomplete},
		{"no id", func(c *claims) { c.ID = "" }, domain.ErrTokenNoID, incomplete},
		{"no expiry", func(c *claims) { c.ExpiresAt = time.Time{} }, domain.ErrTokenNoExpiry, incomplete},
		{"no owner", func(c *claims) { c.UserID = "" }, domain.ErrTokenNoStaff, incomplete},
		{"an owner that is no UUID", func(c *claims) { c.UserID = "1" }, domain.ErrTokenNoStaff, incomplete},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := open(t, person(1))
			s.policy.Issuer, s.policy.Audience = "https://shop.example.test", "shop"
			good := s.signIn(1).Refresh
			session := s.sessionOf(good)
			s.skipAudit()
			refuse(s, s.refreshAccess(), refreshWith(s.alter(good, test.change)), test.want)
			s.mustAudit(domain.AuditEvent{Kind: domain.EventTokenRefresh, Outcome: domain.OutcomeFailure, Reason: test.reason, Session: session.ID})
			if got := s.sessionOf(good); got != session {
				t.Errorf("the session has become %+v", got)
			}
			execute(s, s.refreshAccess(), refreshWith(good))
		})
	}
}

// What is no token of ours is not in the trail: anybody could fill it.
func TestRefreshAccessRefusesGarbage(t *testing.T) {
	s := open(t, person(1))
	good := s.signIn(1).Refresh.Reveal()
	s.skipAudit()
	for _, text := range []string{"", "x", good + "x", good[1:]} {
		refuse(s, s.refreshAccess(), refreshWith(domain.NewToken(text)), domain.ErrTokenInvalid)
		s.mustAudit()
	}
}

// The token is good; its session is not.
func TestRefreshAccessRefusesSessions(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(ports.Records, domain.Session) error
		want   error
		reason domain.Reason
	}{
		{"ended", func(r ports.Records, session domain.Session) error {
			session.End(domain.EndSignedOut, porttest.Noon)
			return r.Sessions().Save(session)
		}, domain.ErrSessionEnded, domain.ReasonSessionEnded},
		{"expired before its token", func(r ports.Records, session domain.Session) error {
			session.ExpiresAt = porttest.Noon
			return r.Sessions().Save(session)
		}, domain.ErrTokenExpired, domain.ReasonSessionExpired},
		{"of another person", func(r ports.Records, session domain.Session) error {
			session.StaffID = id(2)
			return r.Sessions().Save(session)
		}, domain.ErrSessionNotFound, domain.ReasonSessionEnded},
		{"gone, and its owner is back", func(r ports.Records, session domain.Session) error {
			if err := r.Staff().Delete(id(1)); err != nil {
				return err
			}
			return r.Staff().Save(person(1))
		}, domain.ErrSessionNotFound, domain.ReasonSessionEnded},
		{"gone with its owner", func(r ports.Records, session domain.Session) error {
			return r.Staff().Delete(id(1))
		}, domain.ErrStaffNotFound, domain.ReasonAccountDeleted},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := open(t, person(1), person(2))
			token := s.signIn(1).Refresh
			session := s.sessionOf(token)
			s.skipAudit()
			s.update(func(r ports.Records) error { return test.change(r, session) })
			before := s.contents()
			s.clock.Advance(time.Millisecond)
			refused := domain.AuditEvent{Kind: domain.EventTokenRefresh, Outcome: domain.OutcomeFailure, Reason: test.reason, StaffID: id(1), Session: session.ID}
			refuse(s, s.refreshAccess(), refreshWith(token), test.want)
			refuse(s, s.refreshAccess(), refreshWith(token), test.want)
			s.mustAudit(refused) // the second one within a minute is left out
			if after := s.contents(); !slices.Equal(after.sessions, before.sessions) {
				t.Errorf("the sessions have become %+v", after.sessions)
			}
		})
	}
}

// A refusal that lies with the account ends the session, so it stays refused when the
// account is as before.
func TestRefreshAccessEndsTheSession(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*domain.Staff)
		want   error
		reason domain.Reason
		end    domain.EndReason
	}{
		{"inactive", inactive, domain.ErrAccountInactive, domain.ReasonInactive, domain.EndAccountDeactivated},
		{"left", left, domain.ErrAccountInactive, domain.ReasonLeft, domain.EndAccountLeft},
		{"reset due", resetDue, domain.ErrPasswordResetRequired, domain.ReasonPasswordResetRequired, domain.EndPasswordResetDue},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := open(t, person(1))
			used, other := s.signIn(1).Refresh, s.signIn(1).Refresh
			before, session := s.staff(1), s.sessionOf(used)
			s.skipAudit()
			s.change(1, test.change)
			s.clock.Advance(time.Minute)
			refuse(s, s.refreshAccess(), refreshWith(used), test.want)
			s.mustAudit(domain.AuditEvent{Kind: domain.EventTokenRefresh, Outcome: domain.OutcomeBlocked, Reason: test.reason, StaffID: id(1), Session: session.ID})

			session.End(test.end, s.clock.Now())
			if got := s.sessionOf(used); got != session {
				t.Errorf("the session is %+v, want %+v", got, session)
			}
			s.save(before)
			refuse(s, s.refreshAccess(), refreshWith(used), domain.ErrSessionEnded)
			execute(s, s.refreshAccess(), refreshWith(other)) // nobody has asked in the meantime
		})
	}
}

func TestRefreshAccessWhileAResetIsOnlyAnnounced(t *testing.T) {
	s := open(t, person(1, resetDue))
	s.policy.EnforcePasswordReset = false
	token := s.signIn(1).Refresh
	execute(s, s.refreshAccess(), refreshWith(token))
	s.mustHaveEnded(token, "")
}
