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
	"gatehouse/ports/porttest"
)

// endEvery is what the use case does to a backup.
func endEvery(r ports.Records) error {
	_, err := r.Sessions().EndEvery(domain.EndRestored, porttest.Noon)
	return errors.Join(err, r.Audit().Append(domain.AuditEvent{At: porttest.Noon, Kind: domain.EventDatabaseRestore}))
}

// signOut ends the session of person 1, and adds person 5.
func signOut(r ports.Records) error {
	session, err := r.Sessions().ByID(porttest.Session(1, porttest.Person(1)).ID)
	session.End(domain.EndSignedOut, porttest.Noon)
	return errors.Join(err, r.Sessions().Save(session), signIn(5)(r))
}

func has(t *testing.T, db *sqlite.DB, n int) (found bool) {
	t.Helper()
	must(t, db.View(t.Context(), func(r ports.Records) error {
		_, err := r.Staff().ByID(porttest.Person(n).ID)
		found = err == nil
		return nil
	}))
	return found
}

// sessionOf returns the session of person n.
func sessionOf(t *testing.T, db *sqlite.DB, n int) (session domain.Session) {
	t.Helper()
	must(t, db.View(t.Context(), func(r ports.Records) (err error) {
		session, err = r.Sessions().ByID(porttest.Session(n, porttest.Person(n)).ID)
		return err
	}))
	return session
}

// goneOn returns the folder of a database that has changed since its backup.
func goneOn(t *testing.T) (dir string, file ports.BackupFile) {
	t.Helper()
	dir = closed(t)
	file = backUp(t, dir)
	db, closeDB, err := sqlite.Open(sqlite.Config{Dir: dir, AuditKey: testKey})
	must(t, err)
	must(t, db.Update(t.Context(), signOut))
	closeDB()
	return dir, file
}

func TestRestore(t *testing.T) {
	dir, file := goneOn(t)
	content, err := os.ReadFile(file.Path)
	must(t, err)
	got, err := filesOf(dir).Restore(t.Context(), file, endEvery)
	must(t, err)
	if got.Staff != 2 || got.Sessions != 2 || got.Events != 2 || got.Size != int64(len(content)) {
		t.Errorf("the report is %+v, want that of the backup", got)
	}
	mustHold(t, dir, "audit.head", "gatehouse.db", filepath.Base(got.Kept), "gatehouse.db.lock")
	if after, _ := os.ReadFile(file.Path); string(after) != string(content) {
		t.Error("the backup itself has changed")
	}

	db := open(t, sqlite.Config{Dir: dir, AuditKey: testKey, Exclusive: true})
	if has(t, db, 5) || !has(t, db, 1) || !sessionOf(t, db, 0).Over() || !sessionOf(t, db, 1).Over() {
		t.Error("it is not the backup with every session ended")
	}
	if mark, lost := db.Lost(); lost || mark.Sequence != 3 {
		t.Errorf("the end of the trail is %d, lost: %t", mark.Sequence, lost)
	}

	// What was kept is a whole database, as it was.
	elsewhere := t.TempDir()
	must(t, os.Rename(got.Kept, filepath.Join(elsewhere, sqlite.FileName)))
	kept := open(t, sqlite.Config{Dir: elsewhere, AuditKey: testKey, Exclusive: true})
	if !has(t, kept, 5) || sessionOf(t, kept, 1).EndReason != domain.EndSignedOut {
		t.Error("what was kept is not what was there")
	}
}

func TestRestoreIntoAnEmptyFolder(t *testing.T) {
	_, file := goneOn(t)
	dir := t.TempDir()
	got, err := filesOf(dir).Restore(t.Context(), file, endEvery)
	must(t, err)
	if got.Kept != "" {
		t.Errorf("%q is kept, and nothing was there", got.Kept)
	}
	mustHold(t, dir, "audit.head", "gatehouse.db", "gatehouse.db.lock")
	db := open(t, sqlite.Config{Dir: dir, AuditKey: testKey, Exclusive: true})
	if !has(t, db, 1) || !sessionOf(t, db, 1).Over() {
		t.Error("it is not the backup with every session ended")
	}
}

// crashed copies a database and its log while it is open, as a crash would leave them. Some
// pages are in the one alone, and some in the other.
func crashed(t *testing.T) (dir string) {
	t.Helper()
	running := closed(t)
	db := open(t, sqlite.Config{Dir: running, AuditKey: testKey})
	must(t, db.Update(t.Context(), signOut))
	dir = t.TempDir()
	for _, name := range []string{"gatehouse.db", "gatehouse.db-wal", "audit.head"} {
		content, err := os.ReadFile(filepath.Join(running, name))
		must(t, err)
		if len(content) == 0 {
			t.Fatalf("%s is empty", name)
		}
		must(t, os.WriteFile(filepath.Join(dir, name), content, 0o600))
	}
	return dir
}

// The log of a server that has crashed belongs to what is kept, and must not be applied to
// what is restored.
func TestRestoreAfterACrash(t *testing.T) {
	_, file := goneOn(t)
	dir := crashed(t)
	got, err := filesOf(dir).Restore(t.Context(), file, endEvery)
	must(t, err)
	db := open(t, sqlite.Config{Dir: dir, AuditKey: testKey, Exclusive: true})
	if has(t, db, 5) || !sessionOf(t, db, 1).Over() {
		t.Error("it is not the backup with every session ended")
	}
	var people int
	must(t, raw(t, got.Kept).QueryRow("SELECT count(*) FROM staff").Scan(&people))
	if people != 3 {
		t.Errorf("%d people are in what was kept, want 3", people)
	}
}

func TestRestoreInPlaceOfADamagedOne(t *testing.T) {
	_, file := goneOn(t)
	dir := crashed(t)
	must(t, os.WriteFile(filepath.Join(dir, sqlite.FileName), []byte(strings.Repeat("no database ", 1000)), 0o600))
	got, err := filesOf(dir).Restore(t.Context(), file, endEvery)
	must(t, err)
	if kept, err := os.ReadFile(got.Kept); err != nil || !strings.HasPrefix(string(kept), "no database") {
		t.Errorf("what is kept is not what was there: %v", err)
	}
	db := open(t, sqlite.Config{Dir: dir, AuditKey: testKey, Exclusive: true})
	if has(t, db, 5) || !sessionOf(t, db, 1).Over() {
		t.Error("it is not the backup with every session ended")
	}
}

// A log whose database is gone is kept too, and is not applied to what is restored.
func TestRestoreBesideALog(t *testing.T) {
	_, file := goneOn(t)
	dir := crashed(t)
	must(t, os.Remove(filepath.Join(dir, sqlite.FileName)))
	log, err := os.ReadFile(filepath.Join(dir, "gatehouse.db-wal"))
	must(t, err)
	got, err := filesOf(dir).Restore(t.Context(), file, endEvery)
	must(t, err)
	if kept, err := os.ReadFile(got.Kept); err != nil || string(kept) != string(log) {
		t.Errorf("%q is not the log that was there: %v", got.Kept, err)
	}
	db := open(t, sqlite.Config{Dir: dir, AuditKey: testKey, Exclusive: true})
	if has(t, db, 5) || !sessionOf(t, db, 1).Over() {
		t.Error("it is not the backup with every session ended")
	}
}

// A copy of the files of a database, with its log, is as good as a backup.
func TestRestoreOfACopyWithItsLog(t *testing.T) {
	dir := t.TempDir()
	file := ports.BackupFile{Path: filepath.Join(crashed(t), sqlite.FileName), SideFiles: true, UnsignedCopy: true}
	_, err := filesOf(dir).Restore(t.Context(), file, endEvery)
	must(t, err)
	db := open(t, sqlite.Config{Dir: dir, AuditKey: testKey, Exclusive: true})
	if !has(t, db, 5) || sessionOf(t, db, 1).EndReason != domain.EndSignedOut || !sessionOf(t, db, 0).Over() {
		t.Error("what was in the log is not there")
	}
}

// A backup of the first schema is brought to the present one.
func TestRestoreOfAnOlderSchema(t *testing.T) {
	old := ofTheFirstSchema(t, "INSERT INTO audit_event VALUES (1, 1, 'sign_in', 'success', '', '', '', '', '', '', '', '', '')")
	file := ports.BackupFile{Path: filepath.Join(old, sqlite.FileName), UnsignedCopy: true}
	dir := t.TempDir()
	got, err := filesOf(dir).Restore(t.Context(), file, endEvery)
	must(t, err)
	if got.Events != 1 {
		t.Errorf("%d events were restored, want 1", got.Events)
	}
	backUp(t, dir) // which checks the trail
}

func TestRestoreRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(t *testing.T, file string)
		says  string
	}{
		"nothing":          {func(t *testing.T, f string) { must(t, os.Remove(f)) }, "no such file"},
		"empty":            {func(t *testing.T, f string) { must(t, os.Truncate(f, 0)) }, "is empty"},
		"a folder":         {func(t *testing.T, f string) { must(t, errors.Join(os.Remove(f), os.Mkdir(f, 0o700))) }, "is a directory"},
		"text":             {func(t *testing.T, f string) { must(t, os.WriteFile(f, []byte(strings.Repeat("text ", 1000)), 0o600)) }, "not a database"},
		"truncated":        {func(t *testing.T, f string) { must(t, os.Truncate(f, 8192)) }, "damaged"},
		"damaged":          {spoilPages, "damaged"},
		"an altered event": {alterEvent, "audit event 2: altered"},
		"a forged checkpoint": {func(t *testing.T, f string) {
			spoilWith(t, f, "INSERT INTO audit_checkpoint SELECT 1, sequence, seal, at, at, seal FROM audit_event WHERE sequence = 1")
		}, "checkpoint"},
		"newer":              {func(t *testing.T, f string) { spoilWith(t, f, "PRAGMA user_version = 1000") }, "newer gatehouse"},
		"of another program": {func(t *testing.T, f string) { spoilWith(t, f, "PRAGMA application_id = 7") }, "not a database of gatehouse"},
		"not what the schema says": {func(t *testing.T, f string) {
			spoilWith(t, f, "PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql = replace(sql, 'ended_at      INTEGER', 'ended_at INTEGER NOT NULL')")
		}, "damaged (NULL value in "},
		"without a table": {func(t *testing.T, f string) { spoilWith(t, f, "DROP TABLE session") }, "damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, file := goneOn(t)
			file = unsigned(t, file)
			test.spoil(t, file.Path)
			mustNotRestore(t, dir, file, endEvery, domain.ErrBackupRefused, test.says)
		})
	}
	t.Run("a change that fails", func(t *testing.T) {
		dir, file := goneOn(t)
		failed := errors.New("no")
		mustNotRestore(t, dir, file, func(ports.Records) error { return failed }, failed, "no")
	})
}

// A restore ends when what is there cannot be kept, or what is to come cannot be put in its
// place: the database stays as it was.
func TestRestoreWithoutRoomToKeep(t *testing.T) {
	for name, test := range map[string]struct {
		step, obstacle, says string
	}{
		"no copy":             {"settled", "gatehouse.db.keeping", "could not be kept"},
		"a name that is used": {"settled", "gatehouse.db.before-restore-20260302T120000.000Z", "exists already"},
		"a log that stays":    {"kept", "gatehouse.db-journal", "directory not empty"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, file := goneOn(t)
			files := filesOf(dir)
			files.AtStep(test.step, func() { // a folder with something in it, which cannot be replaced
				must(t, os.MkdirAll(filepath.Join(dir, test.obstacle, "full"), 0o700))
			})
			_, err := files.Restore(t.Context(), file, endEvery)
			if !errors.Is(err, domain.ErrBackupRefused) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("Restore: %v; want ErrBackupRefused that says %q", err, test.says)
			}
			must(t, os.RemoveAll(filepath.Join(dir, test.obstacle)))
			mustBeWhole(t, dir, false)
		})
	}
}

func spoilWith(t *testing.T, file, statement string) {
	t.Helper()
	db := raw(t, file)
	exec(t, db, statement)
	must(t, db.Close())
}

// mustNotRestore checks that a restore is refused and leaves everything as it was.
func mustNotRestore(t *testing.T, dir string, file ports.BackupFile, change func(ports.Records) error, want error, says string) {
	t.Helper()
	before, err := os.ReadFile(filepath.Join(dir, sqlite.FileName))
	must(t, err)
	_, err = filesOf(dir).Restore(t.Context(), file, change)
	if !errors.Is(err, want) || !strings.Contains(err.Error(), says) {
		t.Errorf("Restore: %v; want %v that says %q", err, want, says)
	}
	if after, _ := os.ReadFile(filepath.Join(dir, sqlite.FileName)); string(after) != string(before) {
		t.Error("the database has changed")
	}
	server, closeServer, err := sqlite.Open(sqlite.Config{Dir: dir, AuditKey: testKey, Exclusive: true})
	if err == nil { // nobody holds the lock
		_, lost := server.Lost()
		closeServer()
		if lost {
			t.Error("the end of the trail has changed")
		}
	}
	must(t, err)
	mustHold(t, dir, "audit.head", "gatehouse.db", "gatehouse.db.lock")
}

func TestRestoreWhileItIsOpen(t *testing.T) {
	for name, test := range map[string]struct {
		exclusive bool
		says      string
	}{
		"a server":  {true, "another gatehouse serves"},
		"a command": {false, "another gatehouse command"},
	} {
		dir := closed(t)
		file := backUp(t, dir)
		db := open(t, sqlite.Config{Dir: dir, AuditKey: testKey, Exclusive: test.exclusive})
		if _, err := filesOf(dir).Restore(t.Context(), file, endEvery); !errors.Is(err, domain.ErrBackupRefused) || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v; want ErrBackupRefused that says %q", name, err, test.says)
		}
		must(t, db.Update(t.Context(), signIn(7)))
	}
}

// Another program may have it open as well.
func TestRestoreWhileAnotherProgramHasItOpen(t *testing.T) {
	dir, file := goneOn(t)
	other := raw(t, filepath.Join(dir, sqlite.FileName))
	var n int
	must(t, other.QueryRow("SELECT count(*) FROM staff").Scan(&n))
	_, err := filesOf(dir).Restore(t.Context(), file, endEvery)
	if !errors.Is(err, domain.ErrBackupRefused) || !strings.Contains(err.Error(), "another program has") {
		t.Errorf("Restore: %v; want ErrBackupRefused that says so", err)
	}
}

// While a backup is being restored nobody can open the database: neither what was there
// nor what will be.
func TestOpenWhileABackupIsRestored(t *testing.T) {
	for _, step := range []string{"copied", "kept", "replaced"} {
		dir, file := goneOn(t)
		files := filesOf(dir)
		tried := false
		files.AtStep(step, func() {
			tried = true
			for _, exclusive := range []bool{true, false} {
				if _, _, err := sqlite.Open(sqlite.Config{Dir: dir, AuditKey: testKey, Exclusive: exclusive}); !errors.Is(err, sqlite.ErrFile) {
					t.Errorf("%s: Open: %v, want ErrFile", step, err)
				}
			}
			if _, err := files.Backup(t.Context(), ports.BackupFile{Path: filepath.Join(t.TempDir(), "x")}); !errors.Is(err, domain.ErrBackupRefused) {
				t.Errorf("%s: Backup: %v, want ErrBackupRefused", step, err)
			}
		})
		_, err := files.Restore(t.Context(), file, endEvery)
		must(t, err)
		if !tried {
			t.Errorf("the step %s was not reached", step)
		}
	}
}
