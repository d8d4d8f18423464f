package application_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
)

func TestSignOut(t *testing.T) {
	s := open(t, person(1))
	pair, other := s.signIn(1), s.signIn(1)
	session := s.sessionOf(pair.Access)
	s.skipAudit()
	s.clock.Advance(time.Minute)

	if got := execute(s, s.signOut(), signOutWith(pair.Access, pair.Refresh)).Ended; got != 1 {
		t.Errorf("%d sessions were ended, want 1", got)
	}
	s.mustAudit(domain.AuditEvent{Kind: domain.EventSignOut, Outcome: domain.OutcomeSuccess, StaffID: id(1), Session: session.ID})
	session.End(domain.EndSignedOut, s.clock.Now())
	if got := s.sessionOf(pair.Access); got != session {
		t.Errorf("the session is %+v, want %+v", got, session)
	}

	refuse(s, s.refreshAccess(), refreshWith(pair.Refresh), domain.ErrSessionEnded)
	s.mustAccess(pair.Access, domain.ErrSessionEnded)
	s.mustAccess(other.Access, nil) // the other device stays signed in
}

func TestSignOutOfOneToken(t *testing.T) {
	for name, choose := range map[string]func(application.TokenPair) domain.Token{
		"access":  func(p application.TokenPair) domain.Token { return p.Access },
		"refresh": func(p application.TokenPair) domain.Token { return p.Refresh },
	} {
		s := open(t, person(1))
		pair := s.signIn(1)
		execute(s, s.signOut(), signOutWith(choose(pair)))
		refuse(s, s.refreshAccess(), refreshWith(pair.Refresh), domain.ErrSessionEnded)
		if got := execute(s, s.signOut(), signOutWith(choose(pair))).Ended; got != 0 {
			t.Errorf("%s: signing out again has ended %d sessions", name, got)
		}
	}
}

func TestSignOutOfSeveralSessions(t *testing.T) {
	s := open(t, person(1), person(2))
	first, second := s.signIn(1), s.signIn(2)
	django := s.django(domain.RefreshToken, 1)
	s.skipAudit()
	got := execute(s, s.signOut(), signOutWith(first.Refresh, second.Access, django, first.Access, domain.NewToken("garbage")))
	if got.Ended != 3 {
		t.Errorf("%d sessions were ended, want 3", got.Ended)
	}
	done := domain.AuditEvent{Kind: domain.EventSignOut, Outcome: domain.OutcomeSuccess}
	ofFirst, ofSecond, ofDjango := done, done, done
	ofFirst.StaffID, ofFirst.Session = id(1), s.sessionOf(first.Access).ID
	ofSecond.StaffID, ofSecond.Session = id(2), s.sessionOf(second.Access).ID
	ofDjango.StaffID, ofDjango.Session = id(1), s.sessionOf(django).ID
	s.mustAudit(ofFirst, ofSecond, ofDjango)
	for _, token := range []domain.Token{first.Refresh, second.Refresh, django} {
		refuse(s, s.refreshAccess(), refreshWith(token), domain.ErrSessionEnded)
	}
}

// An access token that has expired still says which session to end.
func TestSignOutWithAnExpiredToken(t *testing.T) {
	s := open(t, person(1))
	pair := s.signIn(1)
	s.clock.Advance(time.Hour)
	if got := execute(s, s.signOut(), signOutWith(pair.Access)).Ended; got != 1 {
		t.Errorf("%d sessions were ended, want 1", got)
	}
	refuse(s, s.refreshAccess(), refreshWith(pair.Refresh), domain.ErrSessionEnded)
}

// Whoever signs out after the clock was put back is signed out, though the token is not
// valid yet.
func TestSignOutWithATokenOfLater(t *testing.T) {
	s := open(t, person(1))
	s.clock.Advance(time.Hour)
	pair := s.signIn(1)
	s.clock.Advance(-time.Hour)
	if got := execute(s, s.signOut(), signOutWith(pair.Refresh)).Ended; got != 1 {
		t.Errorf("%d sessions were ended, want 1", got)
	}
	s.clock.Advance(time.Hour)
	refuse(s, s.refreshAccess(), refreshWith(pair.Refresh), domain.ErrSessionEnded)
}

// An account that is shut may be signed out of.
func TestSignOutOfAShutAccount(t *testing.T) {
	for _, shut := range []func(*domain.Staff){inactive, left, resetDue} {
		s := open(t, person(1))
		token := s.signIn(1).Refresh
		s.change(1, shut)
		execute(s, s.signOut(), signOutWith(token))
		s.mustHaveEnded(token, domain.EndSignedOut)
	}
}

// What is no token of ours, or of no use any more, is passed over.
func TestSignOutPassesOver(t *testing.T) {
	s := open(t, person(1), person(2))
	pair := s.signIn(1)
	for name, token := range map[string]domain.Token{
		"nothing":             {},
		"garbage":             domain.NewToken("garbage"),
		"Django's, of later":  s.alter(s.django(domain.RefreshToken, 1), func(c *domain.Claims) { c.IssuedAt = s.clock.Now().Add(time.Second) }),
		"no type":             s.alter(pair.Refresh, func(c *domain.Claims) { c.Type = "" }),
		"no owner":            s.alter(pair.Refresh, func(c *domain.Claims) { c.UserID = "" }),
		"unknown owner":       s.alter(pair.Refresh, func(c *domain.Claims) { c.UserID = string(id(9)) }),
		"another owner":       s.alter(pair.Refresh, func(c *domain.Claims) { c.UserID = string(id(2)) }),
		"unknown session":     s.alter(pair.Refresh, func(c *domain.Claims) { c.Session = "0123" }),
		"Django's, expired":   s.alter(s.django(domain.RefreshToken, 1), func(c *domain.Claims) { c.ExpiresAt = s.clock.Now() }),
		"Django's, no expiry": s.alter(s.django(domain.RefreshToken, 1), func(c *domain.Claims) { c.ExpiresAt = time.Time{} }),
	} {
		s.skipAudit()
		if got := execute(s, s.signOut(), signOutWith(token)).Ended; got != 0 {
			t.Errorf("%s: %d sessions were ended", name, got)
		}
		s.mustAudit()
		s.mustHaveSessions(1)
	}
	execute(s, s.signOut(), signOutWith())
	execute(s, s.refreshAccess(), refreshWith(pair.Refresh))
}

func TestSignOutAfterDjangosTime(t *testing.T) {
	s := open(t, person(1))
	token := s.django(domain.RefreshToken, 1)
	s.policy.AcceptDjangoTokensUntil = s.clock.Now()
	if got := execute(s, s.signOut(), signOutWith(token)).Ended; got != 0 {
		t.Errorf("%d sessions were ended", got)
	}
	s.mustHaveSessions(0)
}

func TestSignOutOfADeletedAccount(t *testing.T) {
	s := open(t, person(1), person(2))
	gone, here, django := s.signIn(1).Refresh, s.signIn(2).Refresh, s.django(domain.RefreshToken, 1)
	s.update(func(r ports.Records) error { return r.Staff().Delete(id(1)) })
	if got := execute(s, s.signOut(), signOutWith(gone, django, here)).Ended; got != 1 {
		t.Errorf("%d sessions were ended, want that of the other person", got)
	}
}

// Signing out never says that it is done when it is not.
func TestSignOutUnavailable(t *testing.T) {
	s := open(t, person(1))
	token := s.signIn(1).Refresh
	s.skipAudit()
	s.breakFrom(1)
	refuse(s, s.signOut(), signOutWith(token), domain.ErrUnavailable)
	s.repair()
	s.mustHaveEnded(token, "")
	s.mustAudit()
}

func TestSignOutCancelled(t *testing.T) {
	s := open(t, person(1))
	token := s.signIn(1).Refresh
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.signOut().Execute(ctx, signOutWith(token)); !errors.Is(err, context.Canceled) {
		t.Errorf("the result is %v, want context.Canceled: nothing has been done", err)
	}
	s.mustHaveEnded(token, "")
}
