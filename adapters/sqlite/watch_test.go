package sqlite_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"gatehouse/adapters/sqlite"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// mustRefuse checks that nothing is acknowledged any more, and that the error says why.
func mustRefuse(t *testing.T, db *sqlite.DB, says string) {
	t.Helper()
	err := db.Update(t.Context(), savePerson(9))
	if !errors.Is(err, domain.ErrUnavailable) || !strings.Contains(err.Error(), says) {
		t.Errorf("Update: %v; want an ErrUnavailable that says %q", err, says)
	}
}

// Whatever is written to a file that is not there any more would be lost.
func TestTheFileIsTakenAway(t *testing.T) {
	for name, take := range map[string]func(t *testing.T, file string){
		"removed": func(t *testing.T, file string) { must(t, os.Remove(file)) },
		"moved":   func(t *testing.T, file string) { must(t, os.Rename(file, file+".old")) },
		"replaced": func(t *testing.T, file string) {
			must(t, os.Remove(file))
			_, other := made(t)
			must(t, os.Rename(other, file))
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			db := open(t, sqlite.Config{Dir: dir, Exclusive: true})
			must(t, db.Update(t.Context(), savePerson(1)))
			take(t, filepath.Join(dir, sqlite.FileName))
			mustRefuse(t, db, "restart the service")
			if _, err := db.Probe(t.Context()); !errors.Is(err, domain.ErrUnavailable) {
				t.Errorf("Probe: %v, want ErrUnavailable", err)
			}
		})
	}
}

// Without its log, or the index that everybody who has it open shares, others see another
// database.
func TestTheLogIsTakenAway(t *testing.T) {
	for _, suffix := range []string{"-wal", "-shm"} {
		for name, again := range map[string]bool{"removed": false, "replaced": true} {
			t.Run(suffix+" "+name, func(t *testing.T) {
				dir := t.TempDir()
				db := open(t, sqlite.Config{Dir: dir, Exclusive: true})
				must(t, db.Update(t.Context(), savePerson(1)))
				file := filepath.Join(dir, sqlite.FileName+suffix)
				content, err := os.ReadFile(file)
				must(t, errors.Join(err, os.Rename(file, file+".old")))
				if again {
					must(t, os.WriteFile(file, content, 0o600))
				}
				mustRefuse(t, db, "restart the service")
				if _, err := db.Probe(t.Context()); !errors.Is(err, domain.ErrUnavailable) {
					t.Errorf("Probe: %v, want ErrUnavailable", err)
				}
				// What another process revokes now is not seen here, so nothing is answered.
				if _, _, err := db.Session(t.Context(), porttest.Session(1, porttest.Person(1)).ID); !errors.Is(err, domain.ErrUnavailable) {
					t.Errorf("Session: %v, want ErrUnavailable", err)
				}
				must(t, os.Rename(file+".old", file))
				must(t, db.Update(t.Context(), savePerson(2)))
				must(t, db.View(t.Context(), func(ports.Records) error { return nil }))
			})
		}
	}
}

// Whatever else happens to the database while it is open, its log stays.
func TestTheLogStays(t *testing.T) {
	dir, file := made(t)
	db := open(t, sqlite.Config{Dir: dir, Exclusive: true})
	for n, statement := range []string{"PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA wal_checkpoint(RESTART)", "VACUUM", "PRAGMA optimize"} {
		other := raw(t, file)
		exec(t, other, statement)
		must(t, other.Close())
		must(t, db.Update(t.Context(), savePerson(n)))
	}
}

func BenchmarkWatch(b *testing.B) {
	check := sqlite.WatchCheck(b, b.TempDir())
	for b.Loop() {
		if err := check(); err != nil {
			b.Fatal(err)
		}
	}
}

// It is the same file when it comes back.
func TestTheFileComesBack(t *testing.T) {
	dir := t.TempDir()
	db := open(t, sqlite.Config{Dir: dir})
	file := filepath.Join(dir, sqlite.FileName)
	must(t, os.Rename(file, file+".old"))
	mustRefuse(t, db, "restart the service")
	must(t, os.Rename(file+".old", file))
	must(t, db.Update(t.Context(), savePerson(1)))
}

// Once a page has turned out to be damaged, nothing is written any more: whatever else is
// damaged would be made worse.
func TestDamageStopsWriting(t *testing.T) {
	dir, file := made(t)
	db := open(t, sqlite.Config{Dir: dir})
	content, err := os.ReadFile(file)
	must(t, err)
	for i := 4096; i < len(content); i++ { // all but the first page
		content[i] = 0x7f
	}
	handle, err := os.OpenFile(file, os.O_WRONLY, 0)
	must(t, err)
	_, err = handle.WriteAt(content[4096:], 4096)
	must(t, errors.Join(err, handle.Close()))

	err = db.View(t.Context(), func(r ports.Records) error { _, err := r.Staff().ByID(porttest.Person(1).ID); return err })
	if !errors.Is(err, domain.ErrUnavailable) {
		t.Fatalf("reading a damaged page: %v, want ErrUnavailable", err)
	}
	mustRefuse(t, db, "restore a backup")
	if _, err := db.Probe(t.Context()); !errors.Is(err, domain.ErrUnavailable) {
		t.Errorf("Probe: %v, want ErrUnavailable", err)
	}
}

func TestProbe(t *testing.T) {
	dir, file := made(t)
	db := open(t, sqlite.Config{Dir: dir, Exclusive: true})
	for range 3 { // the last two are answered from memory
		if _, err := db.Probe(t.Context()); err != nil {
			t.Fatalf("Probe: %v", err)
		}
	}
	var system syscall.Statfs_t
	must(t, syscall.Statfs(dir, &system))
	room, err := db.Probe(t.Context())
	must(t, err)
	if room <= 0 || room > domain.Room(system.Blocks)*domain.Room(system.Bsize) {
		t.Errorf("the room is %d bytes, in a file system of %d blocks", room, system.Blocks)
	}
	var n int
	must(t, raw(t, file).QueryRow("SELECT n FROM probe").Scan(&n))
	if n != 2 { // one at the start, one for the first Probe
		t.Errorf("%d trial writes, want 2", n)
	}
}

// Who gives up is told so, and nobody else.
func TestProbeOfSomebodyWhoGivesUp(t *testing.T) {
	dir, _ := made(t)
	db := open(t, sqlite.Config{Dir: dir, Exclusive: true})
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := db.Probe(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("Probe: %v, want that the caller has gone", err)
	}
	if _, err := db.Probe(t.Context()); err != nil {
		t.Errorf("the next one is told %v", err)
	}
}

// Who gives up in the middle of a trial, which waits for another process, ends it for nobody else.
func TestProbeThatItsCallerLeaves(t *testing.T) {
	dir, file := made(t)
	db := open(t, sqlite.Config{Dir: dir, Exclusive: true})
	other := raw(t, file)
	other.SetMaxOpenConns(1)
	exec(t, other, "BEGIN IMMEDIATE")
	gone, leave := context.WithCancel(t.Context())
	var probing sync.WaitGroup
	for _, ctx := range []context.Context{gone, t.Context()} {
		probing.Go(func() {
			if _, err := db.Probe(ctx); ctx != gone && err != nil {
				t.Errorf("who stays is told %v", err)
			}
		})
	}
	leave()
	exec(t, other, "ROLLBACK")
	probing.Wait()
}

// A file whose header says that it cannot be written is found at the start.
func TestOpenTriesToWrite(t *testing.T) {
	dir, file := made(t)
	handle, err := os.OpenFile(file, os.O_WRONLY, 0)
	must(t, err)
	_, err = handle.WriteAt([]byte{3}, 18) // the version that is needed for writing
	must(t, errors.Join(err, handle.Close()))
	if _, _, err := sqlite.Open(sqlite.Config{Dir: dir, Exclusive: true}); !errors.Is(err, sqlite.ErrFile) {
		t.Errorf("Open: %v; want an ErrFile", err)
	}
}

func TestOpenShutsTheFileToOthers(t *testing.T) {
	dir, file := made(t)
	must(t, os.Chmod(file, 0o644))
	open(t, sqlite.Config{Dir: dir})
	info, err := os.Stat(file)
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the mode is %v, want 0600", info.Mode().Perm())
	}
}
