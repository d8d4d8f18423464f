package porttest

import (
	"errors"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

func saveSessions(t *testing.T, store ports.Store, sessions ...domain.Session) {
	t.Helper()
	update(t, store, func(r ports.Records) error {
		for _, session := range sessions {
			if err := r.Sessions().Save(session); err != nil {
				return err
			}
		}
		return nil
	})
}

func sessionsEndEvery(t *testing.T, store ports.Store) {
	save(t, store, Person(1), Person(2))
	over := Session(2, Person(1))
	over.End(domain.EndSignedOut, Noon)
	all := []domain.Session{Session(1, Person(1)), over, Session(3, Person(2))}
	saveSessions(t, store, all...)
	now := Noon.Add(time.Minute)
	for _, want := range []int{2, 0} {
		update(t, store, func(r ports.Records) error {
			ended, err := r.Sessions().EndEvery(domain.EndRevoked, now)
			if ended != want {
				t.Errorf("EndEvery has ended %d, want %d", ended, want)
			}
			return err
		})
	}
	view(t, store, func(r ports.Records) error {
		for i, want := range []domain.EndReason{domain.EndRevoked, domain.EndSignedOut, domain.EndRevoked} {
			got, err := r.Sessions().ByID(all[i].ID)
			if err != nil || got.EndReason != want || !got.Over() {
				t.Errorf("session %d ended by %q, %v; want %q", i+1, got.EndReason, err, want)
			}
		}
		for n := 1; n <= 2; n++ {
			staff, err := r.Staff().ByID(staffID(n))
			if err != nil {
				return err
			}
			sameTime(t, "SessionsEndedAt", staff.SessionsEndedAt, now)
		}
		return nil
	})
}

func sessionsForgetInSteps(t *testing.T, store ports.Store) {
	save(t, store, Person(1))
	var all []domain.Session
	for n := range 4 { // whose time is over at noon, a minute later, and so on
		session := Session(n+1, Person(1))
		session.ExpiresAt = Noon.Add(time.Duration(n) * time.Minute)
		all = append(all, session)
	}
	saveSessions(t, store, all...)
	before := Noon.Add(3 * time.Minute)
	for _, step := range []struct{ limit, removed, left int }{{2, 2, 2}, {2, 1, 1}, {2, 0, 1}} {
		update(t, store, func(r ports.Records) error {
			removed, err := r.Sessions().Forget(before, before, step.limit)
			if removed != step.removed {
				t.Errorf("Forget has removed %d, want %d", removed, step.removed)
			}
			return err
		})
		if left := stored(t, store, all); left != step.left {
			t.Errorf("%d sessions are left, want %d", left, step.left)
		}
	}
	if stored(t, store, all[3:]) != 1 {
		t.Error("a session is forgotten at the instant, not before it")
	}
}

// stored counts which of the sessions are there.
func stored(t *testing.T, store ports.Store, sessions []domain.Session) (n int) {
	t.Helper()
	view(t, store, func(r ports.Records) error {
		for _, session := range sessions {
			_, err := r.Sessions().ByID(session.ID)
			if err == nil {
				n++
			} else if !errors.Is(err, domain.ErrSessionNotFound) {
				return err
			}
		}
		return nil
	})
	return n
}
