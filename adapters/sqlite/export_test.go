package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"path/filepath"
	"runtime"
	"testing"

	"gatehouse/ports"
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

// WatchCheck opens a database for as long as the test runs, and returns the check of its watch.
func WatchCheck(t testing.TB, dir string) func() error {
	t.Helper()
	db, closeDB, err := Open(Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(closeDB)
	return db.watch.check
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

// FailAt implements [porttest.FaultyStore]: it comes between the writer's connection and the
// driver. No update may be running but the one that calls it.
func (db *DB) FailAt(n int, whole bool) (reached func() bool) {
	c := db.writer.connection
	for _, statement := range c.changes {
		_ = statement.(driver.Stmt).Close()
	}
	clear(c.changes)
	if before, is := c.driver.(faultyDriver); is {
		c.driver = before.ConnPrepareContext
	}
	c.driver = faultyDriver{c.driver, &n, whole}
	return func() bool { return n <= 0 }
}

// A faultyDriver counts the statements that are run down to the one that fails.
type faultyDriver struct {
	driver.ConnPrepareContext
	left  *int
	whole bool // SQLite rolls the transaction back (https://www.sqlite.org/lang_transaction.html, 3)
}

func (d faultyDriver) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	statement, err := d.ConnPrepareContext.PrepareContext(ctx, query)
	return faultyStatement{statement, d}, err
}

func (d faultyDriver) fail(ctx context.Context) error {
	if !d.whole {
		return nil
	}
	rollback, err := d.ConnPrepareContext.PrepareContext(ctx, "ROLLBACK")
	if err == nil {
		_, err = rollback.(driver.StmtExecContext).ExecContext(ctx, nil) // fails where there is no transaction
		_ = rollback.Close()
	}
	return err
}

type faultyStatement struct {
	driver.Stmt
	driver faultyDriver
}

func (s faultyStatement) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	if *s.driver.left--; *s.driver.left == 0 {
		return nil, errors.Join(errors.New("disk full"), s.driver.fail(ctx))
	}
	return s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
}

// BrokenRecords returns records of a database whose connection is lost after use.
func BrokenRecords(t *testing.T, dir string, use func(ports.Records)) ports.Records {
	t.Helper()
	c, err := openConnection(filepath.Join(dir, FileName), defaultBusyTimeout, "query_only(1)")
	if err != nil {
		t.Fatal(err)
	}
	use(records{c})
	_ = c.close()
	c.trail.forget()
	return records{broken{c}}
}

// broken writes nothing, and reads from a connection that is closed.
type broken struct{ *connection }

func (broken) run(string, ...any) (int64, error) { return 0, errors.New("the connection is lost") }

// MaxCached is how many sessions, and how many accounts, a server keeps in memory.
const MaxCached = maxCached

// Cached returns how many sessions are kept.
func (db *DB) Cached() int {
	db.cache.mu.RLock()
	defer db.cache.mu.RUnlock()
	return len(db.cache.sessions)
}
