package porttest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"gatehouse/domain"
	"gatehouse/ports"
)

// Store tests a [ports.Store] and all the records in it. open returns an empty one that
// seals with [AuditKey]; it is called by several tests at once, since each mostly waits for the disk.
func Store(t *testing.T, open func(*testing.T) ports.Store) {
	groups := []struct {
		name string
		test func(*testing.T, ports.Store)
	}{
		{"staff/absent", staffAbsent},
		{"staff/round trip", staffRoundTrip},
		{"staff/duplicate", staffDuplicate},
		{"staff/order", staffOrder},
		{"staff/nearest", staffNearest},
		{"staff/delete", staffDelete},
		{"sessions/absent", sessionsAbsent},
		{"sessions/round trip", sessionsRoundTrip},
		{"sessions/adopted", sessionsAdopted},
		{"sessions/of staff", sessionsOfStaff},
		{"sessions/end all", sessionsEndAll},
		{"sessions/signed in from", sessionsSignedInFrom},
		{"throttle/round trip", throttleRoundTrip},
		{"throttle/free", throttleFree},
		{"throttle/forget", throttleForget},
		{"links/round trip", linksRoundTrip},
		{"links/forget", linksForget},
		{"outbox", outbox},
		{"outbox by kind", outboxByKind},
		{"sessions/end every", sessionsEndEvery},
		{"sessions/forget", sessionsForget},
		{"sessions/forget some", sessionsForgetLimit},
		{"sessions/forget in steps", sessionsForgetInSteps},
		{"imports", imports},
		{"deletions", deletions},
		{"audit/round trip", auditRoundTrip},
		{"audit/filter", auditFilter},
		{"audit/filter by address", auditFilterByAddress},
		{"audit/trail", auditTrail},
		{"audit/seals in one update", auditSealsInOneUpdate},
		{"audit/retire", auditRetire},
		{"audit/retire all", auditRetireAll},
		{"audit/retire fails", auditRetireFails},
		{"audit/guarded", auditGuarded},
		{"update/rolls back", updateRollsBack},
		{"update/panics", updatePanics},
		{"update/one at a time", updateOneAtATime},
		{"update/a failure is alone", updateFailureIsAlone},
		{"update/cancelled", updateCancelled},
		{"view/cannot write", viewCannotWrite},
		{"view/is consistent", viewIsConsistent},
	}
	for _, group := range groups {
		t.Run(group.name, func(t *testing.T) { t.Parallel(); group.test(t, open(t)) })
	}
	t.Run("fields", func(t *testing.T) { t.Parallel(); storeFields(t, open) })
	t.Run("mixed commits", func(t *testing.T) { t.Parallel(); mixedCommits(t, open) })
	t.Run("writes", func(t *testing.T) { t.Parallel(); writes(t, open) })
}

func update(t *testing.T, store ports.Store, change func(ports.Records) error) {
	t.Helper()
	if err := store.Update(context.Background(), change); err != nil {
		t.Fatalf("Update: %v", err)
	}
}

func view(t *testing.T, store ports.Store, read func(ports.Records) error) {
	t.Helper()
	if err := store.View(context.Background(), read); err != nil {
		t.Fatalf("View: %v", err)
	}
}

// save stores people.
func save(t *testing.T, store ports.Store, people ...domain.Staff) {
	t.Helper()
	update(t, store, func(r ports.Records) error {
		for _, staff := range people {
			if err := r.Staff().Save(staff); err != nil {
				return err
			}
		}
		return nil
	})
}

func exists(t *testing.T, store ports.Store, id domain.StaffID) (found bool) {
	t.Helper()
	view(t, store, func(r ports.Records) error {
		_, err := r.Staff().ByID(id)
		found = err == nil
		if errors.Is(err, domain.ErrStaffNotFound) {
			return nil
		}
		return err
	})
	return found
}

func updateRollsBack(t *testing.T, store ports.Store) {
	refused := errors.New("refused")
	err := store.Update(context.Background(), func(r ports.Records) error {
		if err := r.Staff().Save(Person(1)); err != nil {
			return err
		}
		if err := r.Audit().Append(domain.AuditEvent{At: Noon, Kind: domain.EventSignIn}); err != nil {
			return err
		}
		return refused
	})
	if !errors.Is(err, refused) {
		t.Errorf("Update returns %v, want the error of the change", err)
	}
	if exists(t, store, staffID(1)) {
		t.Error("a change that failed has left an account behind")
	}
	if n := len(events(t, store, ports.AuditFilter{})); n != 0 {
		t.Errorf("a change that failed has left %d events behind", n)
	}
}

func updatePanics(t *testing.T, store ports.Store) {
	func() {
		defer func() {
			if got := recover(); got != "broken" {
				t.Errorf("Update panics with %v, want the panic of the change", got)
			}
		}()
		_ = store.Update(context.Background(), func(r ports.Records) error {
			_ = r.Staff().Save(Person(1))
			panic("broken")
		})
	}()
	if exists(t, store, staffID(1)) {
		t.Error("a change that panicked has left an account behind")
	}
	save(t, store, Person(2)) // and the store goes on
}

// updateOneAtATime lets many read a number and write the next one: none may be lost.
func updateOneAtATime(t *testing.T, store ports.Store) {
	const callers, rounds = 20, 25
	save(t, store, Person(1))
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			for range rounds {
				err := store.Update(context.Background(), func(r ports.Records) error {
					staff, err := r.Staff().ByID(staffID(1))
					if err != nil {
						return err
					}
					staff.Credentials.Version++
					return r.Staff().Save(staff)
				})
				if err != nil {
					t.Errorf("Update: %v", err)
				}
			}
		})
	}
	all.Wait()
	view(t, store, func(r ports.Records) error {
		staff, err := r.Staff().ByID(staffID(1))
		if got := staff.Credentials.Version; got != callers*rounds {
			t.Errorf("after %d increments the number is %d", callers*rounds, got)
		}
		return err
	})
}

// updateFailureIsAlone mixes changes that fail with changes that do not: they may share
// a commit, but not their fate.
func updateFailureIsAlone(t *testing.T, store ports.Store) {
	const callers = 40
	refused := errors.New("refused")
	var all sync.WaitGroup
	for n := range callers {
		all.Go(func() {
			err := store.Update(context.Background(), func(r ports.Records) error {
				if err := r.Staff().Save(Person(n)); err != nil {
					return err
				}
				if n%3 == 0 {
					return refused
				}
				return nil
			})
			if n%3 == 0 && !errors.Is(err, refused) || n%3 != 0 && err != nil {
				t.Errorf("Update of person %d returns %v", n, err)
			}
		})
	}
	all.Wait()
	for n := range callers {
		if got, want := exists(t, store, staffID(n)), n%3 != 0; got != want {
			t.Errorf("person %d is stored: %v, want %v", n, got, want)
		}
	}
}

func updateCancelled(t *testing.T, store ports.Store) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	ran := false
	touch := func(ports.Records) error { ran = true; return nil }
	if err := store.Update(ctx, touch); !errors.Is(err, context.Canceled) {
		t.Errorf("Update returns %v, want context.Canceled", err)
	}
	if err := store.View(ctx, touch); !errors.Is(err, context.Canceled) {
		t.Errorf("View returns %v, want context.Canceled", err)
	}
	if ran {
		t.Error("the function ran although the context was over")
	}
}

// viewCannotWrite calls every method in a View. Those that work there must change nothing in an
// update either: else they could write in a View.
func viewCannotWrite(t *testing.T, store ports.Store) {
	readers, _ := readersAndWriters(t, store)
	before := stateOf(t, store, readers)
	view(t, store, func(r ports.Records) error {
		for _, m := range methods() {
			_, _ = m.call(r)
		}
		return nil
	})
	sameState(t, "who comes after a View", stateOf(t, store, readers), before)
	update(t, store, func(r ports.Records) error {
		_, err := state(r, readers)
		return err
	})
	sameState(t, "who comes after an update that has only read", stateOf(t, store, readers), before)
}

func viewIsConsistent(t *testing.T, store ports.Store) {
	save(t, store, Person(1))
	view(t, store, func(r ports.Records) error {
		if _, err := r.Staff().ByID(staffID(1)); err != nil {
			return err
		}
		save(t, store, Person(2))
		if _, err := r.Staff().ByID(staffID(2)); !errors.Is(err, domain.ErrStaffNotFound) {
			t.Errorf("a View sees what was written after it began: %v", err)
		}
		return nil
	})
	if !exists(t, store, staffID(2)) {
		t.Error("a View does not see an Update that has returned")
	}
}
