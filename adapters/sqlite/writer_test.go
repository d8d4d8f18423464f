package sqlite_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"

	"gatehouse/adapters/sqlite"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// A change that ends its goroutine is undone, and everybody else is served, whether its
// caller wrote himself or waited for another.
func TestAChangeThatEndsItsGoroutine(t *testing.T) {
	db := open(t, sqlite.Config{Dir: t.TempDir()})
	leave := func(r ports.Records) error {
		must(t, savePerson(1)(r))
		runtime.Goexit()
		return nil
	}
	var all sync.WaitGroup
	all.Go(func() { _ = db.Update(t.Context(), leave) })
	all.Wait()

	behindAnother(t, db, func() {
		if err := db.Update(t.Context(), leave); !errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("the change that ended is answered %v, want ErrUnavailable", err)
		}
	})
	mustGoOnWithoutTheFirst(t, db)
}

// behindAnother has an update come while another is running, and returns when both are over.
func behindAnother(t *testing.T, db *sqlite.DB, update func()) {
	t.Helper()
	inside, goOn := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		if err := db.Update(t.Context(), func(ports.Records) error { close(inside); <-goOn; return nil }); err != nil {
			t.Error(err)
		}
	})
	<-inside
	all.Go(update)
	db.WaitFor(1)
	close(goOn)
	all.Wait()
}

// mustGoOnWithoutTheFirst saves a second person, and fails the test if the first is there.
func mustGoOnWithoutTheFirst(t *testing.T, db *sqlite.DB) {
	t.Helper()
	must(t, db.Update(t.Context(), savePerson(2)))
	must(t, db.View(t.Context(), func(r ports.Records) error {
		if _, err := r.Staff().ByID(porttest.Person(1).ID); !errors.Is(err, domain.ErrStaffNotFound) {
			t.Errorf("what was not finished: %v, want ErrStaffNotFound", err)
		}
		_, err := r.Staff().ByID(porttest.Person(2).ID)
		return err
	}))
}

// A context that panics stands for whatever goes wrong in writing itself, outside of a change.
type brokenContext struct {
	context.Context
	asked int
}

func (c *brokenContext) Err() error {
	if c.asked++; c.asked > 1 {
		panic("broken")
	}
	return nil
}

// A panic of the goroutine that writes for those who wait ends neither the process nor the
// writing: it is theirs, and nothing that they asked for has happened.
func TestWritingItselfPanics(t *testing.T) {
	db := open(t, sqlite.Config{Dir: t.TempDir()})
	behindAnother(t, db, func() {
		defer func() {
			if got := recover(); got != "broken" {
				t.Errorf("who waited sees the panic %v, want broken", got)
			}
		}()
		_ = db.Update(&brokenContext{Context: t.Context()}, savePerson(1))
	})
	mustGoOnWithoutTheFirst(t, db)
}

// Who gives up while waiting for another is told so at once, and has changed nothing.
func TestGivingUpWhileWaiting(t *testing.T) {
	db := open(t, sqlite.Config{Dir: t.TempDir()})
	ctx, giveUp := context.WithCancel(t.Context())
	must(t, db.Update(t.Context(), func(ports.Records) error {
		var waiting sync.WaitGroup
		waiting.Go(func() {
			if err := db.Update(ctx, savePerson(1)); !errors.Is(err, context.Canceled) {
				t.Errorf("Update: %v, want context.Canceled", err)
			}
		})
		db.WaitFor(1)
		giveUp()
		waiting.Wait()
		return nil
	}))
	must(t, db.View(t.Context(), func(r ports.Records) error {
		if _, err := r.Staff().ByID(porttest.Person(1).ID); !errors.Is(err, domain.ErrStaffNotFound) {
			t.Errorf("what was given up: %v, want ErrStaffNotFound", err)
		}
		return nil
	}))
}
