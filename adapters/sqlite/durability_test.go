package sqlite_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"gatehouse/adapters/sqlite"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

func savePerson(n int) func(ports.Records) error {
	return func(r ports.Records) error { return r.Staff().Save(porttest.Person(n)) }
}

// What makes an acknowledged update survive a power cut.
func TestJournalAndSynchronous(t *testing.T) {
	dir, file := made(t)
	open(t, sqlite.Config{Dir: dir})
	var mode string
	must(t, raw(t, file).QueryRow("PRAGMA journal_mode").Scan(&mode))
	if mode != "wal" {
		t.Errorf("journal_mode is %s, want wal", mode)
	}
	if got := sqlite.WriterSynchronous(t, dir); got != 2 {
		t.Errorf("synchronous is %d on the writing connection, want 2 (FULL)", got)
	}
}

func TestWhatWasWrittenIsThereAfterOpeningAgain(t *testing.T) {
	dir := t.TempDir()
	db, closeDB, err := sqlite.Open(sqlite.Config{Dir: dir})
	must(t, err)
	must(t, db.Update(t.Context(), savePerson(1)))
	closeDB()
	must(t, open(t, sqlite.Config{Dir: dir}).View(t.Context(), func(r ports.Records) error {
		_, err := r.Staff().ByID(porttest.Person(1).ID)
		return err
	}))
}

// Another process holds the lock: the answer is that the store is unavailable, soon, and
// everything is well again afterwards.
func TestLockedByAnotherProcess(t *testing.T) {
	dir, file := made(t)
	db := open(t, sqlite.Config{Dir: dir, BusyTimeout: 50 * time.Millisecond})
	other := raw(t, file)
	conn, err := other.Conn(t.Context())
	must(t, err)
	_, err = conn.ExecContext(t.Context(), "BEGIN IMMEDIATE")
	must(t, err)

	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			if err := db.Update(context.Background(), savePerson(n)); !errors.Is(err, domain.ErrUnavailable) {
				t.Errorf("Update while locked: %v, want ErrUnavailable", err)
			}
		})
	}
	all.Wait()
	must(t, db.View(t.Context(), func(r ports.Records) error {
		_, err := r.Staff().ByID(porttest.Person(1).ID)
		if !errors.Is(err, domain.ErrStaffNotFound) {
			t.Errorf("reading while locked: %v, want ErrStaffNotFound", err)
		}
		return nil
	}))

	reading := open(t, sqlite.Config{Dir: dir, BusyTimeout: time.Millisecond}) // whoever only reads does not wait
	must(t, reading.View(t.Context(), func(ports.Records) error { return nil }))

	_, err = conn.ExecContext(t.Context(), "ROLLBACK")
	must(t, err)
	must(t, db.Update(t.Context(), savePerson(1)))
}

// A table that is gone stands for any failure of the database: it is never "no such
// person".
func TestBrokenDatabaseIsUnavailable(t *testing.T) {
	dir, file := made(t)
	db := open(t, sqlite.Config{Dir: dir})
	other := raw(t, file)
	for _, table := range []string{"staff_import", "session", "staff", "audit_event"} {
		exec(t, other, "DROP TABLE "+table)
	}
	try := func(name string, do func(ports.Records) error) {
		for kind, run := range map[string]func(context.Context, func(ports.Records) error) error{"View": db.View, "Update": db.Update} {
			if err := run(t.Context(), do); !errors.Is(err, domain.ErrUnavailable) {
				t.Errorf("%s in %s: %v, want ErrUnavailable", name, kind, err)
			}
		}
	}
	id := porttest.Person(1).ID
	try("Staff.ByID", func(r ports.Records) error { _, err := r.Staff().ByID(id); return err })
	try("Staff.ByEmail", func(r ports.Records) error { _, err := r.Staff().ByEmail("x"); return err })
	try("Staff.Nearest", func(r ports.Records) error { _, err := r.Staff().Nearest(id); return err })
	try("Staff.Save", savePerson(1))
	try("Staff.Delete", func(r ports.Records) error { return r.Staff().Delete(id) })
	try("Staff.All", func(r ports.Records) error {
		for _, err := range r.Staff().All() {
			return err
		}
		return nil
	})
	try("Sessions.ByID", func(r ports.Records) error { _, err := r.Sessions().ByID("x"); return err })
	try("Sessions.ByAdoptedToken", func(r ports.Records) error { _, err := r.Sessions().ByAdoptedToken(id, "x"); return err })
	try("Sessions.Save", func(r ports.Records) error { return r.Sessions().Save(porttest.Session(1, porttest.Person(1))) })
	try("Sessions.EndAll", func(r ports.Records) error {
		_, err := r.Sessions().EndAll(id, domain.EndSignedOut, porttest.Noon)
		return err
	})
	try("Imports.Last", func(r ports.Records) error { _, err := r.Imports().Last(id); return err })
	try("Imports.Remember", func(r ports.Records) error { return r.Imports().Remember(id, domain.ImportedState{}) })
	try("Audit.Append", func(r ports.Records) error { return r.Audit().Append(domain.AuditEvent{At: porttest.Noon}) })
	try("Audit.Events", func(r ports.Records) error {
		for _, err := range r.Audit().Events(ports.AuditFilter{}) {
			return err
		}
		return nil
	})
}

func TestUpdateAfterTheEnd(t *testing.T) {
	db, closeDB, err := sqlite.Open(sqlite.Config{Dir: t.TempDir()})
	must(t, err)
	closeDB()
	if err := db.Update(t.Context(), savePerson(1)); !errors.Is(err, domain.ErrUnavailable) {
		t.Errorf("Update after closing: %v, want ErrUnavailable", err)
	}
}

// Closing lets what has been handed in finish: an answer is either durable or a refusal.
func TestClosingUnderLoad(t *testing.T) {
	dir := t.TempDir()
	db, closeDB, err := sqlite.Open(sqlite.Config{Dir: dir})
	must(t, err)
	const callers = 50
	acknowledged := make([]bool, callers)
	var all sync.WaitGroup
	started := make(chan struct{}, callers)
	for n := range callers {
		all.Go(func() {
			started <- struct{}{}
			err := db.Update(context.Background(), savePerson(n))
			if acknowledged[n] = err == nil; err != nil && !errors.Is(err, domain.ErrUnavailable) {
				t.Errorf("Update: %v", err)
			}
		})
	}
	for range callers / 2 {
		<-started
	}
	closeDB()
	all.Wait()
	again := open(t, sqlite.Config{Dir: dir})
	for n, acked := range acknowledged {
		must(t, again.View(t.Context(), func(r ports.Records) error {
			if _, err := r.Staff().ByID(porttest.Person(n).ID); acked && err != nil {
				t.Errorf("person %d was acknowledged: %v", n, err)
			}
			return nil
		}))
	}
}

// Many waiting updates share commits; this is what a benchmark compares with one caller.
func BenchmarkUpdate(b *testing.B) {
	for _, callers := range []int{1, 16, 64, 256} {
		b.Run(map[int]string{1: "1", 16: "16", 64: "64", 256: "256"}[callers], func(b *testing.B) {
			db, closeDB, err := sqlite.Open(sqlite.Config{Dir: b.TempDir()})
			if err != nil {
				b.Fatal(err)
			}
			defer closeDB()
			staff := porttest.Person(1)
			session := porttest.Session(1, staff)
			if err := db.Update(b.Context(), func(r ports.Records) error {
				return errors.Join(r.Staff().Save(staff), r.Sessions().Save(session))
			}); err != nil {
				b.Fatal(err)
			}
			b.SetParallelism(callers)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					_ = db.Update(context.Background(), func(r ports.Records) error {
						if _, err := r.Staff().ByID(staff.ID); err != nil {
							return err
						}
						s, err := r.Sessions().ByID(session.ID)
						if err != nil {
							return err
						}
						return errors.Join(r.Sessions().Save(s), r.Audit().Append(domain.AuditEvent{At: porttest.Noon, Kind: domain.EventTokenRefresh, StaffID: staff.ID}))
					})
				}
			})
		})
	}
}
