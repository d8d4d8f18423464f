package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gatehouse/adapters/sqlite"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

func appending(count int, at time.Time) func(ports.Records) error {
	return func(r ports.Records) error {
		for range count {
			if err := r.Audit().Append(domain.NewAuditEvent(domain.EventSignIn, porttest.Client(), at)); err != nil {
				return err
			}
		}
		return nil
	}
}

func TestCheckpointMovesTheLog(t *testing.T) {
	dir, file := made(t)
	db := open(t, sqlite.Config{Dir: dir})
	must(t, db.Update(t.Context(), appending(500, porttest.Noon)))
	before := sizeOf(t, file)
	pages, err := db.Checkpoint(t.Context())
	must(t, err)
	if grown := sizeOf(t, file) - before; pages < 10 || grown < 10*4096 {
		t.Errorf("%d pages are moved, and the file has grown by %d bytes: want 500 events in it", pages, grown)
	}
	pages, err = db.Checkpoint(t.Context())
	if must(t, err); pages != 0 {
		t.Errorf("%d pages are moved again", pages)
	}
	must(t, db.Update(t.Context(), savePerson(1)))
	pages, err = db.Checkpoint(t.Context())
	if must(t, err); pages < 1 || pages > 20 {
		t.Errorf("%d pages are moved for one person", pages)
	}
}

func sizeOf(t *testing.T, file string) int64 {
	t.Helper()
	info, err := os.Stat(file)
	must(t, err)
	return info.Size()
}

// A checkpoint goes on beside an update that is not complete, and beside one who reads.
func TestCheckpointWaitsForNobody(t *testing.T) {
	dir, _ := made(t)
	db := open(t, sqlite.Config{Dir: dir})
	must(t, db.Update(t.Context(), appending(100, porttest.Noon)))
	must(t, db.View(t.Context(), func(ports.Records) error {
		return db.Update(t.Context(), func(r ports.Records) error {
			if err := r.Staff().Save(porttest.Person(1)); err != nil {
				return err
			}
			pages, err := db.Checkpoint(context.Background())
			if pages == 0 {
				t.Error("nothing is moved beside an update")
			}
			return err
		})
	}))
}

func TestReportOfTheFile(t *testing.T) {
	dir, file := made(t)
	db := open(t, sqlite.Config{Dir: dir})
	must(t, db.Update(t.Context(), appending(10, porttest.Noon)))
	got, err := db.Report(t.Context(), porttest.Noon)
	must(t, err)
	if got.File != file || got.Size != sizeOf(t, file) || got.LogSize != sizeOf(t, file+"-wal") || got.LogSize == 0 {
		t.Errorf("%s has %d bytes and a log of %d, reported are %s, %d and %d",
			file, sizeOf(t, file), sizeOf(t, file+"-wal"), got.File, got.Size, got.LogSize)
	}
	migrations, err := filepath.Glob("migrations/*.sql")
	must(t, err)
	if got.PageSize != 4096 || got.Schema != len(migrations) || got.JournalMode != "wal" || got.Synchronous != "full" {
		t.Errorf("reported are pages of %d bytes, schema %d, journal mode %s, synchronous %s",
			got.PageSize, got.Schema, got.JournalMode, got.Synchronous)
	}
}

func TestFreePagesAreReported(t *testing.T) {
	key := domain.NewAuditKey(domain.NewSecret("sixteen bytes or more"))
	db := open(t, sqlite.Config{Dir: t.TempDir(), AuditKey: key})
	must(t, db.Update(t.Context(), appending(1000, porttest.Noon)))
	must(t, db.Update(t.Context(), retiring(key, 900)))
	got, err := db.Report(t.Context(), porttest.Noon)
	if must(t, err); got.FreePages < 20 {
		t.Errorf("%d pages are free after 900 events are gone", got.FreePages)
	}
}

func retiring(key domain.AuditKey, sequence int64) func(ports.Records) error {
	return func(r ports.Records) error {
		for event, err := range r.Audit().Trail(sequence-1, 1) {
			if err != nil {
				return err
			}
			return r.Audit().Retire(key.Sign(domain.AuditCheckpoint{Last: event.Mark(), At: event.At, RemovedAt: porttest.Noon}))
		}
		return errors.New("there is no such event")
	}
}

// After retention the trail verifies from the checkpoint on, and nobody can delete more by
// hand.
func TestTheTrailAfterRetention(t *testing.T) {
	key := domain.NewAuditKey(domain.NewSecret("sixteen bytes or more"))
	dir, file := made(t)
	db := open(t, sqlite.Config{Dir: dir, AuditKey: key})
	must(t, db.Update(t.Context(), appending(10, porttest.Noon)))
	must(t, db.Update(t.Context(), retiring(key, 4)))
	must(t, db.Update(t.Context(), appending(1, porttest.Noon)))
	must(t, db.Update(t.Context(), retiring(key, 6)))
	must(t, db.View(t.Context(), verifies(key, 11)))

	other := raw(t, file)
	for _, statement := range []string{
		"DELETE FROM audit_event WHERE sequence = 7",
		"DELETE FROM audit_event",
		"UPDATE audit_event SET outcome = 'success' WHERE sequence = 7",
		"DELETE FROM audit_checkpoint",
		"UPDATE audit_checkpoint SET sequence = 5",
	} {
		if _, err := other.Exec(statement); err == nil {
			t.Errorf("%q is possible", statement)
		}
	}
	must(t, db.View(t.Context(), verifies(key, 11)))
	if err := db.Update(t.Context(), func(r ports.Records) error {
		checkpoint, err := r.Audit().Checkpoint()
		checkpoint.Last.Sequence--
		return errors.Join(err, r.Audit().Retire(key.Sign(checkpoint)))
	}); !errors.Is(err, domain.ErrUnavailable) {
		t.Errorf("a checkpoint that goes back: %v", err)
	}
}

// verifies checks that the trail is whole from its checkpoint up to the last event.
func verifies(key domain.AuditKey, last int64) func(ports.Records) error {
	return func(r ports.Records) error {
		checkpoint, err := r.Audit().Checkpoint()
		if err != nil {
			return err
		}
		check, err := domain.NewTrailCheck(key, checkpoint)
		if err != nil {
			return err
		}
		for event, err := range r.Audit().Trail(0, 1000) {
			if err := errors.Join(err, check.Next(event)); err != nil {
				return err
			}
		}
		if got := check.Last().Sequence; got != last {
			return fmt.Errorf("the trail ends at %d, want %d", got, last)
		}
		return nil
	}
}

func TestOptimizeLooksOverWhatHasGrown(t *testing.T) {
	db := open(t, sqlite.Config{Dir: t.TempDir()})
	must(t, db.Update(t.Context(), savePerson(1)))
	must(t, db.Update(t.Context(), appending(50, porttest.Noon)))
	for _, want := range []int{2, 0} {
		tables, err := db.Optimize(t.Context())
		if must(t, err); tables != want {
			t.Errorf("%d tables are looked over, want %d", tables, want)
		}
	}
	must(t, db.Update(t.Context(), appending(1000, porttest.Noon)))
	tables, err := db.Optimize(t.Context())
	if must(t, err); tables != 1 {
		t.Errorf("after many events %d tables are looked over, want 1", tables)
	}
}

// What would hold up others for long is left alone.
func TestOptimizeLeavesLargeTablesAlone(t *testing.T) {
	db := open(t, sqlite.Config{Dir: t.TempDir()})
	must(t, db.Update(t.Context(), appending(20_001, porttest.Noon)))
	tables, err := db.Optimize(t.Context())
	if must(t, err); tables != 0 {
		t.Errorf("%d tables are looked over, want none", tables)
	}
}

// Upkeep must not write into a file that nobody would find.
func TestUpkeepOfAFileThatWasReplaced(t *testing.T) {
	dir, file := made(t)
	db := open(t, sqlite.Config{Dir: dir})
	_, another := made(t)
	must(t, os.Rename(file, filepath.Join(dir, "elsewhere")))
	must(t, os.Rename(another, file))
	for name, call := range map[string]func() error{
		"Checkpoint": func() error { _, err := db.Checkpoint(t.Context()); return err },
		"Optimize":   func() error { _, err := db.Optimize(t.Context()); return err },
		"Note":       func() error { return db.Note(t.Context(), ports.HousekeepingRun{Task: ports.TaskOptimize}) },
		"Report":     func() error { _, err := db.Report(t.Context(), porttest.Noon); return err },
	} {
		if err := call(); !errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("%s: %v, want %v", name, err, domain.ErrUnavailable)
		}
	}
}

// What cannot be read is told, and not left out of the report.
func TestReportOfADatabaseWithoutATable(t *testing.T) {
	for _, table := range []string{"staff", "outbox", "session", "audit_event", "audit_checkpoint", "housekeeping"} {
		dir, file := made(t)
		db := open(t, sqlite.Config{Dir: dir})
		rawly(t, file, "PRAGMA legacy_alter_table = ON; ALTER TABLE "+table+" RENAME TO gone")
		report, err := db.Report(t.Context(), porttest.Noon)
		if !errors.Is(err, domain.ErrUnavailable) || !strings.Contains(err.Error(), table) {
			t.Errorf("without the table %s: %+v, %v, want an error that names it", table, report, err)
		}
	}
}
