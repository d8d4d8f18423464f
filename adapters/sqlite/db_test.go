package sqlite_test

import (
	"testing"

	"gatehouse/adapters/sqlite"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

func open(t *testing.T, config sqlite.Config) *sqlite.DB {
	t.Helper()
	db, closeDB, err := sqlite.Open(config)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(closeDB)
	return db
}

func TestStore(t *testing.T) {
	porttest.Store(t, func(t *testing.T) ports.Store {
		return open(t, sqlite.Config{Dir: t.TempDir(), AuditKey: porttest.AuditKey()})
	})
}
