package porttest

import (
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// sessionsForget has three sessions of which one is not over before the instant, and one
// that is was made for a token of the shop's Django.
func sessionsForget(t *testing.T, store ports.Store) {
	save(t, store, Person(1))
	before := Noon.Add(time.Hour)
	own, adopted, running := Session(1, Person(1)), Session(2, Person(1)), Session(3, Person(1))
	own.ExpiresAt, adopted.ExpiresAt, running.ExpiresAt = Noon, Noon, before
	adopted.AdoptedToken = "django"
	update(t, store, func(r ports.Records) error {
		for _, session := range []domain.Session{own, adopted, running} {
			if err := r.Sessions().Save(session); err != nil {
				return err
			}
		}
		return nil
	})
	mustForget(t, store, 1, func(r ports.Records) (int, error) { return r.Sessions().Forget(before, Noon, 9) })
	mustHave(t, store, map[domain.SessionID]bool{own.ID: false, adopted.ID: true, running.ID: true})
	mustForget(t, store, 0, func(r ports.Records) (int, error) { return r.Sessions().Forget(before, time.Time{}, 9) })
	mustForget(t, store, 0, func(r ports.Records) (int, error) { return r.Sessions().Forget(Noon, before, 9) })
	mustForget(t, store, 0, func(r ports.Records) (int, error) { return r.Sessions().Forget(before, before, 0) })
	mustForget(t, store, 1, func(r ports.Records) (int, error) { return r.Sessions().Forget(before, before, 9) })
	mustHave(t, store, map[domain.SessionID]bool{adopted.ID: false, running.ID: true})
}

func sessionsForgetLimit(t *testing.T, store ports.Store) {
	save(t, store, Person(1))
	update(t, store, func(r ports.Records) error {
		for n := range 5 {
			session := Session(n+1, Person(1))
			session.ExpiresAt = Noon
			if err := r.Sessions().Save(session); err != nil {
				return err
			}
		}
		return nil
	})
	before := Noon.Add(time.Millisecond)
	mustForget(t, store, 2, func(r ports.Records) (int, error) { return r.Sessions().Forget(before, before, 2) })
	mustForget(t, store, 2, func(r ports.Records) (int, error) { return r.Sessions().Forget(before, time.Time{}, 2) })
	mustForget(t, store, 1, func(r ports.Records) (int, error) { return r.Sessions().Forget(before, before, 2) })
}

func mustForget(t *testing.T, store ports.Store, want int, forget func(ports.Records) (int, error)) {
	t.Helper()
	update(t, store, func(r ports.Records) error {
		got, err := forget(r)
		if got != want {
			t.Errorf("%d sessions are forgotten, want %d", got, want)
		}
		return err
	})
}

func mustHave(t *testing.T, store ports.Store, want map[domain.SessionID]bool) {
	t.Helper()
	view(t, store, func(r ports.Records) error {
		for id, there := range want {
			if _, err := r.Sessions().ByID(id); (err == nil) != there {
				t.Errorf("session %s: %v, want it there: %t", id, err, there)
			}
		}
		return nil
	})
}
