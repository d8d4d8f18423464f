package sqlite_test

import (
	"errors"
	"testing"

	"gatehouse/adapters/sqlite"
	"gatehouse/domain"
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

func TestUpkeep(t *testing.T) {
	key := domain.NewAuditKey(domain.NewSecret("sixteen bytes or more"))
	porttest.Upkeep(t, key, func(t *testing.T) porttest.KeptStore {
		return open(t, sqlite.Config{Dir: t.TempDir(), AuditKey: key})
	})
}

func TestStore(t *testing.T) {
	porttest.Store(t, func(t *testing.T) ports.Store {
		return open(t, sqlite.Config{Dir: t.TempDir(), AuditKey: porttest.AuditKey()})
	})
}

// The contract holds for a server too, which remembers what it has committed.
func TestStoreOfAServer(t *testing.T) {
	porttest.Store(t, func(t *testing.T) ports.Store {
		return open(t, sqlite.Config{Dir: t.TempDir(), AuditKey: porttest.AuditKey(), Exclusive: true})
	})
}

func TestStoreFaults(t *testing.T) {
	porttest.StoreFaults(t, func(t *testing.T) porttest.FaultyStore {
		return open(t, sqlite.Config{Dir: t.TempDir(), AuditKey: porttest.AuditKey(), Exclusive: true})
	})
}

// A connection may be lost before a statement is prepared on it, or afterwards.
func TestEachCallCanFail(t *testing.T) {
	dir := closed(t)
	for name, use := range map[string]func(ports.Records){
		"at once":   func(ports.Records) {},
		"after use": func(r ports.Records) { _ = porttest.CallEach(r) },
	} {
		for call, err := range porttest.CallEach(sqlite.BrokenRecords(t, dir, use)) {
			if !errors.Is(err, domain.ErrUnavailable) {
				t.Errorf("%s: %s returns %v, want ErrUnavailable", name, call, err)
			}
		}
	}
}
