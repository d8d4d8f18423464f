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

func TestForgetSessions(t *testing.T) {
	s := openOld(t)
	running := s.sessionOver(1, -oneDay)
	six, eight := s.sessionOver(2, 6*oneDay), s.sessionOver(3, 8*oneDay)
	sixAdopted, eightAdopted := s.sessionOver(4, 6*oneDay, adopted), s.sessionOver(5, 8*oneDay, adopted)
	ended := s.sessionOver(6, 6*oneDay, func(session *domain.Session) { session.End(domain.EndSignedOut, s.clock.Now().Add(-30*oneDay)) })

	if got := execute(s, s.forgetSessions(), application.ForgetSessionsCommand{}); got.Count != 2 {
		t.Errorf("%d sessions are forgotten, want 2", got.Count)
	}
	for _, id := range []domain.SessionID{running, six, sixAdopted, ended} {
		if !s.stored(id) {
			t.Errorf("session %s is forgotten", id)
		}
	}
	for _, id := range []domain.SessionID{eight, eightAdopted} {
		if s.stored(id) {
			t.Errorf("session %s is still there", id)
		}
	}
	s.mustNote(ports.TaskForgetSessions, &ports.HousekeepingRun{Task: ports.TaskForgetSessions, At: s.clock.Now(), Removed: 2})
}

// A token of the shop's Django that works for a year has been adopted and signed out. That
// it cannot be adopted again hangs on the session.
func TestWhatWasAdoptedIsNotAdoptedAgain(t *testing.T) {
	s := openOld(t)
	s.policy.AcceptDjangoTokensUntil = s.clock.Now().Add(365 * oneDay)
	token := s.alter(s.django(domain.RefreshToken, 1), func(c *domain.Claims) { c.ExpiresAt = s.clock.Now().Add(365 * oneDay) })
	execute(s, s.refreshAccess(), refreshWith(token))
	execute(s, s.signOut(), signOutWith(token))
	plain := s.sessionOver(99, 0)

	s.clock.Advance(60 * oneDay)
	execute(s, s.forgetSessions(), application.ForgetSessionsCommand{})
	if s.stored(plain) {
		t.Error("a session that was adopted by no token is still there")
	}
	if _, err := s.refreshAccess().Execute(t.Context(), refreshWith(token)); !errors.Is(err, domain.ErrSessionEnded) {
		t.Errorf("the token that was signed out: %v, want %v", err, domain.ErrSessionEnded)
	}

	s.clock.Advance(365 * oneDay)
	execute(s, s.forgetSessions(), application.ForgetSessionsCommand{})
	s.mustHaveSessions(0)
}

// That somebody was deleted is remembered as long as tokens of Django's are taken, and then
// until none can be good.
func TestDeletionsAreForgotten(t *testing.T) {
	s := openOld(t)
	s.policy.AcceptDjangoTokensUntil = s.clock.Now().Add(500 * oneDay)
	s.update(func(r ports.Records) error {
		return r.Deletions().Save(domain.Deletion{ID: id(7), At: s.clock.Now()})
	})
	for _, step := range []struct{ days, removed int }{{499, 0}, {8, 0}, {1, 1}, {1, 0}} {
		s.clock.Advance(time.Duration(step.days) * oneDay)
		if got := execute(s, s.forgetSessions(), application.ForgetSessionsCommand{}); got.Count != step.removed {
			t.Errorf("after %d days more %d deletions are forgotten, want %d", step.days, got.Count, step.removed)
		}
	}
}

func TestSessionsAreForgottenInBatches(t *testing.T) {
	const all, batch = 120, 50
	s := openOld(t)
	for n := range all {
		s.sessionOver(n, 8*oneDay)
	}
	var left []int
	front := &counted{Store: &s.store, after: func(int) {
		n := 0
		for i := range all {
			if s.stored(numbered(i)) {
				n++
			}
		}
		left = append(left, n)
	}}
	s.front = front
	got := execute(s, s.forgetSessions(), application.ForgetSessionsCommand{})
	if got.Count != all || len(left) != 3 || left[0] != all-batch || left[1] != all-2*batch || left[2] != 0 {
		t.Errorf("%d sessions are forgotten, after each update there were %v", got.Count, left)
	}
}

func TestForgettingStopsWithTheService(t *testing.T) {
	s := openOld(t)
	for n := range 120 {
		s.sessionOver(n, 8*oneDay)
	}
	ctx, cancel := context.WithCancel(t.Context())
	s.front = &counted{Store: &s.store, after: func(int) { cancel() }}
	began := time.Now()
	got, err := s.forgetSessions().Execute(ctx, application.ForgetSessionsCommand{})
	if !errors.Is(err, context.Canceled) || got.Count != 50 {
		t.Errorf("forgetting %d sessions: %v, want one batch and %v", got.Count, err, context.Canceled)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %v to stop", took)
	}
	s.mustNote(ports.TaskForgetSessions, nil)
	s.front = &s.store
	if got := execute(s, s.forgetSessions(), application.ForgetSessionsCommand{}); got.Count != 70 {
		t.Errorf("the next time %d sessions are forgotten, want the other 70", got.Count)
	}
}

func TestForgettingFails(t *testing.T) {
	s := openOld(t)
	s.sessionOver(1, 8*oneDay)
	for n := 1; n <= 5; n++ { // Update, ForgetUnadopted or Forget, that of deletions, the commit, and none
		s.front = &faulty{Store: &s.store, calls: n}
		_, err := s.forgetSessions().Execute(t.Context(), application.ForgetSessionsCommand{})
		if failed := n < 5; errors.Is(err, domain.ErrUnavailable) != failed || s.stored(numbered(1)) != failed {
			t.Errorf("with a fault at call %d: %v; the session is there: %t", n, err, s.stored(numbered(1)))
		}
	}
}
