//go:build !race

package sqlite_test

import (
	"testing"

	"gatehouse/adapters/sqlite"
	"gatehouse/ports/porttest"
)

// One goroutine does it all, one statement after the other: there is no race to look for, and the race
// detector makes SQLite some thirty times slower.
func TestStoreFaults(t *testing.T) {
	porttest.StoreFaults(t, func(t *testing.T) porttest.FaultyStore {
		return open(t, sqlite.Config{Dir: t.TempDir(), AuditKey: porttest.AuditKey(), Exclusive: true})
	})
}
