package signin_test

import (
	"slices"
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

func TestRefreshAccess(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	pair := s.SignIn(1)
	before := s.SessionOf(pair.Refresh)
	done := domain.AuditEvent{Kind: domain.EventTokenRefresh, Outcome: domain.OutcomeSuccess, StaffID: apptest.Id(1), Session: before.ID}
	s.SkipAudit()
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh)) // at once
	s.MustAudit(done)
	s.Clock.Advance(time.Hour)

	got := apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh))
	claims := s.Claims(got.Access)
	if claims.Type != domain.AccessToken || claims.Session != before.ID || claims.UserID != string(apptest.Id(1)) || claims.ID == s.Claims(pair.Access).ID {
		t.Errorf("the access token says %+v, want a new one of the session", claims)
	}
	if !claims.IssuedAt.Equal(s.Clock.Now()) || got.AccessLifetime != 15*time.Minute {
		t.Errorf("the access token was issued at %v for %v, want now for 15m", claims.IssuedAt, got.AccessLifetime)
	}
	s.MustAudit(done)

	after := before
	after.LastUsedAt = s.Clock.Now()
	if got := s.SessionOf(pair.Refresh); got != after {
		t.Errorf("the session is %+v, want %+v", got, after)
	}
	s.MustAccess(got.Access, nil)
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh)) // the refresh token stays good
	s.MustHaveSessions(1)
}

// However often a session is refreshed, it ends when it was to end.
func TestRefreshAccessUntilTheEnd(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	pair := s.SignIn(1)
	end := porttest.Noon.Add(s.Policy.SessionLifetime)
	s.Clock.Advance(s.Policy.SessionLifetime - time.Minute)
	got := apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh))
	if got.AccessLifetime != time.Minute || !s.Claims(got.Access).ExpiresAt.Equal(end) {
		t.Errorf("a minute before the end, access lasts %v, until %v", got.AccessLifetime, s.Claims(got.Access).ExpiresAt)
	}
	s.Clock.Advance(time.Minute)
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh), domain.ErrTokenExpired)
	s.MustAccess(got.Access, domain.ErrTokenExpired)
}

// An access token is not good before the refresh token that it comes from.
func TestRefreshAccessKeepsNotBefore(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	from := porttest.Noon.Add(2 * time.Second)
	s.Policy.Leeway = 5 * time.Second
	for _, token := range []domain.Token{s.SignIn(1).Refresh, s.Django(domain.RefreshToken, 1)} {
		later := s.Alter(token, func(c *domain.Claims) { c.NotBefore = from })
		got := apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(later))
		if claims := s.Claims(got.Access); !claims.NotBefore.Equal(from) {
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
			s := apptest.Open(t, apptest.Person(1))
			s.Policy.Issuer, s.Policy.Audience = "https://shop.example.test", "shop"
			good := s.SignIn(1).Refresh
			session := s.SessionOf(good)
			s.SkipAudit()
			apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(s.Alter(good, test.change)), test.want)
			s.MustAudit(domain.AuditEvent{Kind: domain.EventTokenRefresh, Outcome: domain.OutcomeFailure, Reason: test.reason, Session: session.ID})
			if got := s.SessionOf(good); got != session {
				t.Errorf("the session has become %+v", got)
			}
			apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(good))
		})
	}
}

// What is no token of ours is not in the trail: anybody could fill it.
func TestRefreshAccessRefusesGarbage(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	good := s.SignIn(1).Refresh.Reveal()
	s.SkipAudit()
	for _, text := range []string{"", "x", good + "x", good[1:]} {
		apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(domain.NewToken(text)), domain.ErrTokenInvalid)
		s.MustAudit()
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
			session.StaffID = apptest.Id(2)
			return r.Sessions().Save(session)
		}, domain.ErrSessionNotFound, domain.ReasonSessionEnded},
		{"gone, and its owner is back", func(r ports.Records, session domain.Session) error {
			if err := r.Staff().Delete(apptest.Id(1)); err != nil {
				return err
			}
			return r.Staff().Save(apptest.Person(1))
		}, domain.ErrSessionNotFound, domain.ReasonSessionEnded},
		{"gone with its owner", func(r ports.Records, session domain.Session) error {
			return r.Staff().Delete(apptest.Id(1))
		}, domain.ErrStaffNotFound, domain.ReasonAccountDeleted},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
			token := s.SignIn(1).Refresh
			session := s.SessionOf(token)
			s.SkipAudit()
			s.Update(func(r ports.Records) error { return test.change(r, session) })
			before := s.Contents()
			s.Clock.Advance(time.Millisecond)
			refused := domain.AuditEvent{Kind: domain.EventTokenRefresh, Outcome: domain.OutcomeFailure, Reason: test.reason, StaffID: apptest.Id(1), Session: session.ID}
			apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(token), test.want)
			apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(token), test.want)
			s.MustAudit(refused) // the second one within a minute is left out
			if after := s.Contents(); !slices.Equal(after.Sessions, before.Sessions) {
				t.Errorf("the sessions have become %+v", after.Sessions)
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
		{"inactive", apptest.Inactive, domain.ErrAccountInactive, domain.ReasonInactive, domain.EndAccountDeactivated},
		{"left", apptest.Left, domain.ErrAccountInactive, domain.ReasonLeft, domain.EndAccountLeft},
		{"reset due", apptest.ResetDue, domain.ErrPasswordResetRequired, domain.ReasonPasswordResetRequired, domain.EndPasswordResetDue},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := apptest.Open(t, apptest.Person(1))
			used, other := s.SignIn(1).Refresh, s.SignIn(1).Refresh
			before, session := s.Staff(1), s.SessionOf(used)
			s.SkipAudit()
			s.Change(1, test.change)
			s.Clock.Advance(time.Minute)
			apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(used), test.want)
			s.MustAudit(domain.AuditEvent{Kind: domain.EventTokenRefresh, Outcome: domain.OutcomeBlocked, Reason: test.reason, StaffID: apptest.Id(1), Session: session.ID})

			session.End(test.end, s.Clock.Now())
			if got := s.SessionOf(used); got != session {
				t.Errorf("the session is %+v, want %+v", got, session)
			}
			s.Save(before)
			apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(used), domain.ErrSessionEnded)
			apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(other)) // nobody has asked in the meantime
		})
	}
}

func TestRefreshAccessWhileAResetIsOnlyAnnounced(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1, apptest.ResetDue))
	s.Policy.EnforcePasswordReset = false
	token := s.SignIn(1).Refresh
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(token))
	s.MustHaveEnded(token, "")
}
