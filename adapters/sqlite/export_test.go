package sqlite

import (
	"path/filepath"
	"runtime"
	"testing"
)

// VersionSignedEnd is the first schema with which audit.head is signed.
const VersionSignedEnd = versionSignedEnd

// WriterSynchronous asks a connection that is made as the writer's is.
func WriterSynchronous(t *testing.T, dir string) int64 {
	t.Helper()
	c, err := connectWriter(filepath.Join(dir, FileName), Config{BusyTimeout: defaultBusyTimeout})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.close() }()
	synchronous, err := c.number("PRAGMA synchronous")
	if err != nil {
		t.Fatal(err)
	}
	return synchronous
}

// GuardCheck opens a database for as long as the test runs, and returns the check of its guard.
func GuardCheck(t testing.TB, dir string) func() error {
	t.Helper()
	db, closeDB, err := Open(Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(closeDB)
	return db.guard.check
}

// WaitFor returns when so many updates wait for the one that is running.
func (db *DB) WaitFor(updates int) {
	for db.waiting() < updates {
		runtime.Gosched()
	}
}

func (db *DB) waiting() int {
	db.writer.mu.Lock()
	defer db.writer.mu.Unlock()
	return len(db.writer.waiting)
}
