package sqlite

import (
	"path/filepath"
	"testing"
)

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

// SomebodyWaits reports whether an update waits for another.
func (db *DB) SomebodyWaits() bool {
	db.writer.mu.Lock()
	defer db.writer.mu.Unlock()
	return len(db.writer.waiting) > 0
}
