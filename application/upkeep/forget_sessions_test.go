package upkeep_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/upkeep"
	"gatehouse/domain"
	"gatehouse/ports"
)

func TestForgetSessions(t *testing.T) {
	s := apptest.OpenOld(t)
	running := s.SessionOver(1, -apptest.OneDay)
	six, eight := s.SessionOver(2, 6*apptest.OneDay), s.SessionOver(3, 8*apptest.OneDay)
	adoptedLater, adoptedBefore := s.SessionOver(4, 407*apptest.OneDay, apptest.Adopted), s.SessionOver(5, 408*apptest.OneDay, apptest.Adopted)
	ended := s.SessionOver(6, 6*apptest.OneDay, func(session *domain.Session) { session.End(domain.EndSignedOut, s.Clock.Now().Add(-30*apptest.OneDay)) })

	if got := apptest.Execute(s, s.ForgetSessions(), upkeep.ForgetSessionsCommand{}); got.Count != 2 {
		t.Errorf("%d sessions are forgotten, want 2", got.Count)
	}
	for _, id := range []domain.SessionID{running, six, adoptedLater, ended} {
		if !s.Stored(id) {
			t.Errorf("session %s is forgotten", id)
		}
	}
	for _, id := range []domain.SessionID{eight, adoptedBefore} {
		if s.Stored(id) {
			t.Errorf("session %s is still there", id)
		}
	}
	s.MustNote(ports.TaskForgetSessions, &ports.HousekeepingRun{Task: ports.TaskForgetSessions, At: s.Clock.Now(), Removed: 2})
}

// A token of the shop's Django is valid for a year, and was adopted and signed out. It must not be adopted
// again, so its session must be kept that long.
func TestWhatWasAdoptedIsNotAdoptedAgain(t *testing.T) {
	s := apptest.OpenOld(t)
	s.Policy.AcceptDjangoTokensUntil = s.Clock.Now().Add(365 * apptest.OneDay)
	token := s.Alter(s.Django(domain.RefreshToken, 1), func(c *domain.Claims) { c.ExpiresAt = s.Clock.Now().Add(365 * apptest.OneDay) })
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(token))
	apptest.Execute(s, s.SignOut(), apptest.SignOutWith(token))
	plain := s.SessionOver(99, 0)

	s.Clock.Advance(60 * apptest.OneDay)
	apptest.Execute(s, s.ForgetSessions(), upkeep.ForgetSessionsCommand{})
	if s.Stored(plain) {
		t.Error("a session that was adopted by no token is still there")
	}
	if _, err := s.RefreshAccess().Execute(t.Context(), apptest.RefreshWith(token)); !errors.Is(err, domain.ErrSessionEnded) {
		t.Errorf("the token that was signed out: %v, want %v", err, domain.ErrSessionEnded)
	}

	s.Clock.Advance(400 * apptest.OneDay)
	apptest.Execute(s, s.ForgetSessions(), upkeep.ForgetSessionsCommand{})
	s.MustHaveSessions(0)
}

// The setting was left out for a while. That a token was signed out is remembered all the same.
func TestWhatWasAdoptedIsRememberedWithoutTheSetting(t *testing.T) {
	s := apptest.OpenOld(t)
	until := s.Clock.Now().Add(365 * apptest.OneDay)
	s.Policy.AcceptDjangoTokensUntil = until
	token := s.Alter(s.Django(domain.RefreshToken, 1), func(c *domain.Claims) { c.ExpiresAt = until })
	apptest.Execute(s, s.SignOut(), apptest.SignOutWith(token))

	s.Clock.Advance(60 * apptest.OneDay)
	s.Policy.AcceptDjangoTokensUntil = time.Time{}
	apptest.Execute(s, s.ForgetSessions(), upkeep.ForgetSessionsCommand{})
	s.Policy.AcceptDjangoTokensUntil = until
	if _, err := s.RefreshAccess().Execute(t.Context(), apptest.RefreshWith(token)); !errors.Is(err, domain.ErrSessionEnded) {
		t.Errorf("the token that was signed out: %v, want %v", err, domain.ErrSessionEnded)
	}
}

// That somebody was deleted is remembered as long as tokens of Django's are taken, and then
// until none can be good.
func TestDeletionsAreForgotten(t *testing.T) {
	s := apptest.OpenOld(t)
	s.Policy.AcceptDjangoTokensUntil = s.Clock.Now().Add(500 * apptest.OneDay)
	s.Update(func(r ports.Records) error {
		return r.Deletions().Save(domain.Deletion{ID: apptest.Id(7), At: s.Clock.Now()})
	})
	for _, step := range []struct{ days, removed int }{{499, 0}, {8, 0}, {1, 1}, {1, 0}} {
		s.Clock.Advance(time.Duration(step.days) * apptest.OneDay)
		if got := apptest.Execute(s, s.ForgetSessions(), upkeep.ForgetSessionsCommand{}); got.Count != step.removed {
			t.Errorf("after %d days more %d deletions are forgotten, want %d", step.days, got.Count, step.removed)
		}
	}
}

func TestSessionsAreForgottenInBatches(t *testing.T) {
	const all, batch = 120, 50
	s := apptest.OpenOld(t)
	for n := range all {
		s.SessionOver(n, 8*apptest.OneDay)
	}
	var left []int
	front := &apptest.Counted{Store: &s.Store, After: func(int) {
		n := 0
		for i := range all {
			if s.Stored(apptest.Numbered(i)) {
				n++
			}
		}
		left = append(left, n)
	}}
	s.Front = front
	got := apptest.Execute(s, s.ForgetSessions(), upkeep.ForgetSessionsCommand{})
	if got.Count != all || len(left) != 3 || left[0] != all-batch || left[1] != all-2*batch || left[2] != 0 {
		t.Errorf("%d sessions are forgotten, after each update there were %v", got.Count, left)
	}
}

func TestForgettingStopsWithTheService(t *testing.T) {
	s := apptest.OpenOld(t)
	for n := range 120 {
		s.SessionOver(n, 8*apptest.OneDay)
	}
	ctx, cancel := context.WithCancel(t.Context())
	s.Front = &apptest.Counted{Store: &s.Store, After: func(int) { cancel() }}
	began := time.Now()
	got, err := s.ForgetSessions().Execute(ctx, upkeep.ForgetSessionsCommand{})
	if !errors.Is(err, context.Canceled) || got.Count != 50 {
		t.Errorf("forgetting %d sessions: %v, want one batch and %v", got.Count, err, context.Canceled)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %v to stop", took)
	}
	s.MustNote(ports.TaskForgetSessions, nil)
	s.Front = &s.Store
	if got := apptest.Execute(s, s.ForgetSessions(), upkeep.ForgetSessionsCommand{}); got.Count != 70 {
		t.Errorf("the next time %d sessions are forgotten, want the other 70", got.Count)
	}
}

func TestForgettingFails(t *testing.T) {
	s := apptest.OpenOld(t)
	s.SessionOver(1, 8*apptest.OneDay)
	for n := 1; n <= 5; n++ { // Update, Forget, that of deletions, the commit, and none
		s.Front = &apptest.Faulty{Store: &s.Store, Calls: n}
		_, err := s.ForgetSessions().Execute(t.Context(), upkeep.ForgetSessionsCommand{})
		if failed := n < 5; errors.Is(err, domain.ErrUnavailable) != failed || s.Stored(apptest.Numbered(1)) != failed {
			t.Errorf("with a fault at call %d: %v; the session is there: %t", n, err, s.Stored(apptest.Numbered(1)))
		}
	}
}
