package signin_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/signin"
	"gatehouse/domain"
	"gatehouse/ports"
)

func TestSignOut(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	pair, other := s.SignIn(1), s.SignIn(1)
	session := s.SessionOf(pair.Access)
	s.SkipAudit()
	s.Clock.Advance(time.Minute)

	if got := apptest.Execute(s, s.SignOut(), apptest.SignOutWith(pair.Access, pair.Refresh)).Ended; got != 1 {
		t.Errorf("%d sessions were ended, want 1", got)
	}
	s.MustAudit(domain.AuditEvent{Kind: domain.EventSignOut, Outcome: domain.OutcomeSuccess, StaffID: apptest.Id(1), Session: session.ID})
	session.End(domain.EndSignedOut, s.Clock.Now())
	if got := s.SessionOf(pair.Access); got != session {
		t.Errorf("the session is %+v, want %+v", got, session)
	}

	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh), domain.ErrSessionEnded)
	s.MustAccess(pair.Access, domain.ErrSessionEnded)
	s.MustAccess(other.Access, nil) // the other device stays signed in
}

func TestSignOutOfOneToken(t *testing.T) {
	for name, choose := range map[string]func(signin.TokenPair) domain.Token{
		"access":  func(p signin.TokenPair) domain.Token { return p.Access },
		"refresh": func(p signin.TokenPair) domain.Token { return p.Refresh },
	} {
		s := apptest.Open(t, apptest.Person(1))
		pair := s.SignIn(1)
		apptest.Execute(s, s.SignOut(), apptest.SignOutWith(choose(pair)))
		apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh), domain.ErrSessionEnded)
		if got := apptest.Execute(s, s.SignOut(), apptest.SignOutWith(choose(pair))).Ended; got != 0 {
			t.Errorf("%s: signing out again has ended %d sessions", name, got)
		}
	}
}

func TestSignOutOfSeveralSessions(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	first, second := s.SignIn(1), s.SignIn(2)
	django := s.Django(domain.RefreshToken, 1)
	s.SkipAudit()
	got := apptest.Execute(s, s.SignOut(), apptest.SignOutWith(first.Refresh, second.Access, django, first.Access, domain.NewToken("garbage")))
	if got.Ended != 3 {
		t.Errorf("%d sessions were ended, want 3", got.Ended)
	}
	done := domain.AuditEvent{Kind: domain.EventSignOut, Outcome: domain.OutcomeSuccess}
	ofFirst, ofSecond, ofDjango := done, done, done
	ofFirst.StaffID, ofFirst.Session = apptest.Id(1), s.SessionOf(first.Access).ID
	ofSecond.StaffID, ofSecond.Session = apptest.Id(2), s.SessionOf(second.Access).ID
	ofDjango.StaffID, ofDjango.Session = apptest.Id(1), s.SessionOf(django).ID
	s.MustAudit(ofFirst, ofSecond, ofDjango)
	for _, token := range []domain.Token{first.Refresh, second.Refresh, django} {
		apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(token), domain.ErrSessionEnded)
	}
}

// An access token that has expired still says which session to end.
func TestSignOutWithAnExpiredToken(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	pair := s.SignIn(1)
	s.Clock.Advance(time.Hour)
	if got := apptest.Execute(s, s.SignOut(), apptest.SignOutWith(pair.Access)).Ended; got != 1 {
		t.Errorf("%d sessions were ended, want 1", got)
	}
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh), domain.ErrSessionEnded)
}

// After the clock was put back, a token can be not valid yet. Signing out with it works all the same.
func TestSignOutWithATokenOfLater(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.Clock.Advance(time.Hour)
	pair := s.SignIn(1)
	s.Clock.Advance(-time.Hour)
	if got := apptest.Execute(s, s.SignOut(), apptest.SignOutWith(pair.Refresh)).Ended; got != 1 {
		t.Errorf("%d sessions were ended, want 1", got)
	}
	s.Clock.Advance(time.Hour)
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh), domain.ErrSessionEnded)
}

// An account that is shut may be signed out of.
func TestSignOutOfAShutAccount(t *testing.T) {
	for _, shut := range []func(*domain.Staff){apptest.Inactive, apptest.Left, apptest.ResetDue} {
		s := apptest.Open(t, apptest.Person(1))
		token := s.SignIn(1).Refresh
		s.Change(1, shut)
		apptest.Execute(s, s.SignOut(), apptest.SignOutWith(token))
		s.MustHaveEnded(token, domain.EndSignedOut)
	}
}

// What is no token of ours, or of no use any more, is passed over.
func TestSignOutPassesOver(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	pair := s.SignIn(1)
	for name, token := range map[string]domain.Token{
		"nothing":             {},
		"garbage":             domain.NewToken("garbage"),
		"no type":             s.Alter(pair.Refresh, func(c *domain.Claims) { c.Type = "" }),
		"no owner":            s.Alter(pair.Refresh, func(c *domain.Claims) { c.UserID = "" }),
		"unknown owner":       s.Alter(pair.Refresh, func(c *domain.Claims) { c.UserID = string(apptest.Id(9)) }),
		"another owner":       s.Alter(pair.Refresh, func(c *domain.Claims) { c.UserID = string(apptest.Id(2)) }),
		"unknown session":     s.Alter(pair.Refresh, func(c *domain.Claims) { c.Session = "0123" }),
		"Django's, expired":   s.Alter(s.Django(domain.RefreshToken, 1), func(c *domain.Claims) { c.ExpiresAt = s.Clock.Now() }),
		"Django's, no expiry": s.Alter(s.Django(domain.RefreshToken, 1), func(c *domain.Claims) { c.ExpiresAt = time.Time{} }),
	} {
		s.SkipAudit()
		if got := apptest.Execute(s, s.SignOut(), apptest.SignOutWith(token)).Ended; got != 0 {
			t.Errorf("%s: %d sessions were ended", name, got)
		}
		s.MustAudit()
		s.MustHaveSessions(1)
	}
	apptest.Execute(s, s.SignOut(), apptest.SignOutWith())
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh))
}

func TestSignOutAfterDjangosTime(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	token := s.Django(domain.RefreshToken, 1)
	s.Policy.AcceptDjangoTokensUntil = s.Clock.Now()
	if got := apptest.Execute(s, s.SignOut(), apptest.SignOutWith(token)).Ended; got != 0 {
		t.Errorf("%d sessions were ended", got)
	}
	s.MustHaveSessions(0)
}

func TestSignOutOfADeletedAccount(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	gone, here, django := s.SignIn(1).Refresh, s.SignIn(2).Refresh, s.Django(domain.RefreshToken, 1)
	s.Update(func(r ports.Records) error { return r.Staff().Delete(apptest.Id(1)) })
	if got := apptest.Execute(s, s.SignOut(), apptest.SignOutWith(gone, django, here)).Ended; got != 1 {
		t.Errorf("%d sessions were ended, want that of the other person", got)
	}
}

// Signing out never says that it is done when it is not.
func TestSignOutUnavailable(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	token := s.SignIn(1).Refresh
	s.SkipAudit()
	s.BreakFrom(1)
	apptest.Refuse(s, s.SignOut(), apptest.SignOutWith(token), domain.ErrUnavailable)
	s.Repair()
	s.MustHaveEnded(token, "")
	s.MustAudit()
}

func TestSignOutCancelled(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	token := s.SignIn(1).Refresh
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.SignOut().Execute(ctx, apptest.SignOutWith(token)); !errors.Is(err, context.Canceled) {
		t.Errorf("the result is %v, want context.Canceled: nothing has been done", err)
	}
	s.MustHaveEnded(token, "")
}

// The clock of the shop's Django is fast. Its token is not good yet, and signing out must hold when it is.
func TestSignOutOfATokenThatIsNotGoodYet(t *testing.T) {
	for name, ahead := range map[string]func(*domain.Claims, time.Time){
		"issued in the future": func(c *domain.Claims, at time.Time) { c.IssuedAt = at },
		"not valid yet":        func(c *domain.Claims, at time.Time) { c.NotBefore = at },
	} {
		t.Run(name, func(t *testing.T) {
			s := apptest.Open(t, apptest.Person(1))
			at := s.Clock.Now().Add(30 * time.Second)
			token := s.Alter(s.Django(domain.RefreshToken, 1), func(c *domain.Claims) { ahead(c, at) })
			apptest.Execute(s, s.SignOut(), apptest.SignOutWith(token))
			s.Clock.Advance(time.Minute)
			apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(token), domain.ErrSessionEnded)
			never := s.Alter(token, func(c *domain.Claims) { c.ID = ""; ahead(c, s.Clock.Now().Add(time.Hour)) })
			before := s.Contents()
			apptest.Execute(s, s.SignOut(), apptest.SignOutWith(never))
			s.MustStillBe(before) // it will not be taken then either
		})
	}
}
