package sqlite_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"gatehouse/adapters/sqlite"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// serverAndOperator are two that have the same file open, as two processes have.
func serverAndOperator(t *testing.T) (server, operator *sqlite.DB) {
	t.Helper()
	dir := t.TempDir()
	return open(t, sqlite.Config{Dir: dir, Exclusive: true}), open(t, sqlite.Config{Dir: dir})
}

func openSession(t *testing.T, db *sqlite.DB) (domain.Staff, domain.Session) {
	t.Helper()
	staff := porttest.Person(1)
	session := porttest.Session(1, staff)
	must(t, db.Update(t.Context(), func(r ports.Records) error {
		return errors.Join(r.Staff().Save(staff), r.Sessions().Save(session))
	}))
	return staff, session
}

// A commit without a line of the trail may not be counted, so it empties the cache. The next reader
// fills it again.
func TestTheCacheIsFilledAfterACommitThatMayNotCount(t *testing.T) {
	server, _ := serverAndOperator(t)
	_, session := openSession(t, server)
	if _, _, err := server.Session(t.Context(), session.ID); err != nil {
		t.Fatal(err)
	}
	if n := server.Cached(); n != 1 {
		t.Errorf("%d sessions are kept, want the one that was read", n)
	}
}

// What an operator's command has committed counts for the very next request.
func TestAnotherProcessIsSeenAtOnce(t *testing.T) {
	server, operator := serverAndOperator(t)
	staff, session := openSession(t, server)
	for version := int64(1); version <= 50; version++ {
		if _, _, err := server.Session(t.Context(), session.ID); err != nil { // it is remembered now
			t.Fatal(err)
		}
		staff.Credentials.Version, session.Generation = version, version
		must(t, operator.Update(t.Context(), func(r ports.Records) error {
			return errors.Join(r.Staff().Save(staff), r.Sessions().Save(session))
		}))
		owner, found, err := server.Session(t.Context(), session.ID)
		if err != nil || owner.Credentials.Version != version || found.Generation != version {
			t.Fatalf("the server sees versions %d and %d, %v; want %d", owner.Credentials.Version, found.Generation, err, version)
		}
		must(t, server.Update(t.Context(), func(r ports.Records) error {
			current, err := r.Sessions().ByID(session.ID)
			if err == nil && current.Generation != version {
				t.Errorf("an update of the server sees generation %d, want %d", current.Generation, version)
			}
			return err
		}))
	}
	must(t, operator.Update(t.Context(), func(r ports.Records) error { return r.Staff().Delete(staff.ID) }))
	if _, _, err := server.Session(t.Context(), session.ID); !errors.Is(err, domain.ErrSessionNotFound) {
		t.Errorf("after its owner was deleted by another process: %v, want ErrSessionNotFound", err)
	}
}

// A session never goes back. A reader who has seen a generation never sees an earlier one, even
// while two processes write in turns and many read.
func TestNobodyReadsThePast(t *testing.T) {
	server, operator := serverAndOperator(t)
	_, session := openSession(t, server)
	advance := func(db *sqlite.DB) {
		must(t, db.Update(context.Background(), func(r ports.Records) error {
			current, err := r.Sessions().ByID(session.ID)
			if err != nil {
				return err
			}
			current.Generation++
			return errors.Join(r.Sessions().Save(current), r.Audit().Append(domain.AuditEvent{At: porttest.Noon}))
		}))
	}
	const rounds = 150
	var all sync.WaitGroup
	for _, db := range []*sqlite.DB{server, server, operator} {
		all.Go(func() {
			for range rounds {
				advance(db)
			}
		})
	}
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for seen := int64(0); ; {
				_, found, err := server.Session(context.Background(), session.ID)
				if err != nil || found.Generation < seen {
					t.Errorf("generation %d after %d, %v", found.Generation, seen, err)
					return
				}
				seen = found.Generation
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	all.Wait()
	close(done)
	readers.Wait()
	_, found, err := server.Session(t.Context(), session.ID)
	if want := session.Generation + 3*rounds; err != nil || found.Generation != want {
		t.Errorf("generation %d, %v; want %d: an update was lost", found.Generation, err, want)
	}
}

// A change that fails leaves nothing behind, wherever it was kept.
func TestAFailedChangeIsForgotten(t *testing.T) {
	server, _ := serverAndOperator(t)
	_, session := openSession(t, server)
	undone := errors.New("undone")
	for name, change := range map[string]func(ports.Records) error{
		"collected": func(r ports.Records) error { return nil },
		"written":   func(r ports.Records) error { return r.Staff().Save(porttest.Person(2)) },
		"unknown": func(r ports.Records) error {
			_, err := r.Sessions().EndEvery(domain.EndRestored, porttest.Noon)
			return err
		},
	} {
		err := server.Update(t.Context(), func(r ports.Records) error {
			current, err := r.Sessions().ByID(session.ID)
			current.Generation = 99
			return errors.Join(err, r.Sessions().Save(current), r.Audit().Append(domain.AuditEvent{At: porttest.Noon}), change(r), undone)
		})
		if !errors.Is(err, undone) {
			t.Fatalf("%s: %v", name, err)
		}
		if _, found, err := server.Session(t.Context(), session.ID); err != nil || found != session {
			t.Errorf("%s: the session is %+v, %v; want %+v", name, found, err, session)
		}
		must(t, server.Update(t.Context(), func(r ports.Records) error {
			if head, err := r.Audit().Head(); err != nil || head.Sequence != 0 {
				t.Errorf("%s: the trail goes to %d, %v; want nothing in it", name, head.Sequence, err)
			}
			found, err := r.Sessions().ByID(session.ID)
			if found != session {
				t.Errorf("%s: an update finds %+v, want %+v", name, found, session)
			}
			return err
		}))
	}
}

// A commit that changes nothing is not counted; what another process commits then must not
// pass for it.
func TestACommitThatChangesNothing(t *testing.T) {
	server, operator := serverAndOperator(t)
	_, session := openSession(t, server)
	appendOne := func(r ports.Records) error { return r.Audit().Append(domain.AuditEvent{At: porttest.Noon}) }
	must(t, server.Update(t.Context(), appendOne))
	if _, _, err := server.Session(t.Context(), session.ID); err != nil {
		t.Fatal(err)
	}
	must(t, server.Update(t.Context(), func(r ports.Records) error {
		removed, err := r.Links().Forget(porttest.Noon, 1)
		if removed != 0 {
			t.Errorf("%d links are removed of none", removed)
		}
		return err
	}))
	session.Generation = 7
	must(t, operator.Update(t.Context(), func(r ports.Records) error { return r.Sessions().Save(session) }))
	if _, found, err := server.Session(t.Context(), session.ID); err != nil || found.Generation != 7 {
		t.Errorf("generation %d, %v; want the 7 of the other process", found.Generation, err)
	}
}

// A server keeps a bounded number of sessions, drops few of them at a time, and knows the newest.
func TestTheCacheIsBounded(t *testing.T) {
	server, _ := serverAndOperator(t)
	staff, _ := openSession(t, server)
	const over = sqlite.MaxCached + 10
	for n := 2; n <= over; {
		must(t, server.Update(t.Context(), func(r ports.Records) error {
			for range min(2000, over-n+1) {
				if err := r.Sessions().Save(porttest.Session(n, staff)); err != nil {
					return err
				}
				n++
			}
			return r.Audit().Append(domain.AuditEvent{At: porttest.Noon})
		}))
	}
	if n := server.Cached(); n > sqlite.MaxCached || n < sqlite.MaxCached*3/4 {
		t.Errorf("%d sessions are kept, want about %d", n, sqlite.MaxCached)
	}
	if _, found, err := server.Session(t.Context(), porttest.Session(over, staff).ID); err != nil || found != porttest.Session(over, staff) {
		t.Errorf("the newest session is %+v, %v", found, err)
	}
}
