package sqlite_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/adapters/sqlite"
	"gatehouse/domain"
	"gatehouse/ports"
)

// What somebody can add to a database, or take from it, without touching a row.
var foreignObjects = map[string]struct{ statement, says string }{
	"a trigger":        {"CREATE TRIGGER zz AFTER UPDATE ON session BEGIN UPDATE staff SET is_superuser = 1; END", "trigger zz does not belong there"},
	"a view":           {"CREATE VIEW v AS SELECT password FROM staff", "view v does not belong there"},
	"a table":          {"CREATE TABLE kept (a)", "table kept does not belong there"},
	"an index":         {"CREATE INDEX i ON staff (password)", "index i does not belong there"},
	"an index is gone": {"DROP INDEX session_of_adopted_token", "index session_of_adopted_token is missing"},
	"a column":         {"ALTER TABLE staff ADD COLUMN note TEXT", "table staff has been changed"},
	"another table":    {"PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', '') WHERE name = 'probe'", "table probe has been changed"},
}

func TestForeignObjects(t *testing.T) {
	for name, test := range foreignObjects {
		t.Run(name, func(t *testing.T) {
			dir := closed(t)
			good := backUp(t, dir)
			bad := ports.BackupFile{Path: filepath.Join(t.TempDir(), "bad.db"), BrokenTrail: true, UnsignedCopy: true}
			content, err := os.ReadFile(good.Path)
			must(t, errors.Join(err, os.WriteFile(bad.Path, content, 0o600)))
			spoilWith(t, bad.Path, test.statement)
			mustNotRestore(t, dir, bad, endEvery, domain.ErrBackupRefused, test.says)

			spoilWith(t, filepath.Join(dir, sqlite.FileName), test.statement)
			copied := filepath.Join(t.TempDir(), "copy.db")
			_, err = filesOf(dir).Backup(t.Context(), ports.BackupFile{Path: copied, BrokenTrail: true})
			if !errors.Is(err, domain.ErrBackupRefused) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("Backup: %v; want ErrBackupRefused that says %q", err, test.says)
			}
			mustHold(t, filepath.Dir(copied))
			_, _, err = sqlite.Open(sqlite.Config{Dir: dir, AuditKey: testKey, Exclusive: true})
			if !errors.Is(err, sqlite.ErrFile) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("Open: %v; want an ErrFile that says %q", err, test.says)
			}
			result, err := verify(t, dir, testKey)
			if err != nil || len(result.Unguarded) != 1 || result.Unguarded[0] != test.says {
				t.Errorf("verified: %q, %v; want %q", result.Unguarded, err, test.says)
			}
		})
	}
}

// The triggers that protect the trail belong to it. A backup without them is refused like a broken
// trail. With --broken-trail it is restored, and the triggers are made again.
func TestBackupOfAnUnguardedTrail(t *testing.T) {
	dir := closed(t)
	const drop = "DROP TRIGGER audit_event_is_never_deleted"
	good := backUp(t, dir)
	good = unsigned(t, good)
	spoilWith(t, good.Path, drop)
	mustNotRestore(t, dir, good, endEvery, domain.ErrBackupRefused, "trigger audit_event_is_never_deleted is missing")

	spoilWith(t, filepath.Join(dir, sqlite.FileName), drop)
	if _, _, err := sqlite.Open(sqlite.Config{Dir: dir, AuditKey: testKey, Exclusive: true}); !errors.Is(err, sqlite.ErrFile) {
		t.Errorf("Open: %v, want ErrFile", err)
	}
	file := ports.BackupFile{Path: filepath.Join(t.TempDir(), "copy.db")}
	if _, err := filesOf(dir).Backup(t.Context(), file); !errors.Is(err, domain.ErrBackupRefused) {
		t.Errorf("Backup: %v, want ErrBackupRefused", err)
	}
	file.BrokenTrail = true
	_, err := filesOf(dir).Backup(t.Context(), file)
	must(t, err)
	_, err = filesOf(dir).Restore(t.Context(), file, endEvery)
	must(t, err)
	if result, err := verify(t, dir, testKey); err != nil || len(result.Unguarded) > 0 {
		t.Errorf("restored: %q, %v", result.Unguarded, err)
	}
	open(t, sqlite.Config{Dir: dir, AuditKey: testKey, Exclusive: true})
}

// What SQLite adds itself is no reason for alarm.
func TestStatisticsBelong(t *testing.T) {
	dir := closed(t)
	spoilWith(t, filepath.Join(dir, sqlite.FileName), "ANALYZE")
	backUp(t, dir)
	open(t, sqlite.Config{Dir: dir, AuditKey: testKey, Exclusive: true})
}
