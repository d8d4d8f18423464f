package sqlite_test

import (
	"context"
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

var testKey = domain.NewAuditKey(domain.NewSecret("a key for the trail of the tests"))

func filesOf(dir string) *sqlite.Files {
	var clock porttest.Clock
	return sqlite.NewFiles(sqlite.Config{Dir: dir, AuditKey: testKey}, clock.Now)
}

// lived opens a database in which two people are signed in, with an event for each.
func lived(t *testing.T, dir string) *sqlite.DB {
	t.Helper()
	db := open(t, sqlite.Config{Dir: dir, AuditKey: testKey})
	for n := range 2 {
		must(t, db.Update(t.Context(), signIn(n)))
	}
	return db
}

func signIn(n int) func(ports.Records) error {
	return func(r ports.Records) error {
		person := porttest.Person(n)
		return errors.Join(
			r.Staff().Save(person),
			r.Sessions().Save(porttest.Session(n, person)),
			r.Audit().Append(domain.AuditEvent{At: porttest.Noon, Kind: domain.EventSignIn, StaffID: person.ID}),
		)
	}
}

func backUp(t *testing.T, dir string) (file ports.BackupFile) {
	t.Helper()
	file.Path = filepath.Join(t.TempDir(), "copy.db")
	_, err := filesOf(dir).Backup(t.Context(), file)
	must(t, err)
	return file
}

func TestBackup(t *testing.T) {
	dir, folder := t.TempDir(), t.TempDir()
	db := lived(t, dir)
	file := ports.BackupFile{Path: filepath.Join(folder, "copy.db")}
	got, err := filesOf(dir).Backup(t.Context(), file)
	must(t, err)
	info, err := os.Stat(file.Path)
	must(t, err)
	if want := (ports.BackupReport{Staff: 2, Sessions: 2, Events: 2, Newest: porttest.Noon.UTC(), Size: info.Size()}); got != want {
		t.Errorf("the report is %+v, want %+v", got, want)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the mode is %v, want 0600", info.Mode().Perm())
	}
	mustHold(t, folder, "copy.db")
	must(t, db.Update(t.Context(), savePerson(9))) // the original goes on
	var people int
	must(t, raw(t, file.Path).QueryRow("SELECT count(*) FROM staff").Scan(&people))
	if people != 2 {
		t.Errorf("%d people are in the copy, want 2", people)
	}
}

// mustHold checks what is in a folder, hidden or not.
func mustHold(t *testing.T, folder string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	must(t, err)
	var got []string
	for _, entry := range entries {
		got = append(got, entry.Name())
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("in the folder is %q, want %q", got, want)
	}
}

// A backup is of one instant: of an account and its event, which are written together,
// it never has one alone, and it does not stop anybody from writing.
func TestBackupBesideWriters(t *testing.T) {
	dir := t.TempDir()
	db := lived(t, dir)
	ctx, stop := context.WithCancel(t.Context())
	written := make(chan int)
	go func() {
		n := 2
		for ; ctx.Err() == nil; n++ {
			if err := db.Update(context.Background(), signIn(n)); err != nil {
				t.Errorf("writing beside a backup: %v", err)
				break
			}
		}
		written <- n
	}()
	for range 5 {
		file := backUp(t, dir)
		var people, sessions, events int
		must(t, raw(t, file.Path).QueryRow("SELECT (SELECT count(*) FROM staff), (SELECT count(*) FROM session), (SELECT count(*) FROM audit_event)").
			Scan(&people, &sessions, &events))
		if people != events || people != sessions {
			t.Errorf("the copy has %d people, %d sessions, %d events", people, sessions, events)
		}
	}
	stop()
	if n := <-written; n == 2 {
		t.Error("nobody could write")
	}
}

func TestBackupRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(t *testing.T, dir, file string)
		says  string
	}{
		"a file":           {func(t *testing.T, _, file string) { must(t, os.WriteFile(file, []byte("mine"), 0o600)) }, "exists already"},
		"a dangling link":  {func(t *testing.T, _, file string) { must(t, os.Symlink("nowhere", file)) }, "exists already"},
		"no database":      {func(t *testing.T, dir, _ string) { must(t, os.Remove(filepath.Join(dir, sqlite.FileName))) }, "there is no database"},
		"a damaged page":   {func(t *testing.T, dir, _ string) { spoilPages(t, filepath.Join(dir, sqlite.FileName)) }, "restore it from a backup"},
		"an altered event": {func(t *testing.T, dir, _ string) { alterEvent(t, filepath.Join(dir, sqlite.FileName)) }, "audit event 2: altered"},
		"a newer schema": {func(t *testing.T, dir, _ string) {
			exec(t, raw(t, filepath.Join(dir, sqlite.FileName)), "PRAGMA user_version = 1000")
		}, "newer gatehouse"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, folder := closed(t), t.TempDir()
			file := filepath.Join(folder, "copy.db")
			test.spoil(t, dir, file)
			before, _ := os.ReadDir(folder)
			_, err := filesOf(dir).Backup(t.Context(), ports.BackupFile{Path: file})
			if !errors.Is(err, domain.ErrBackupRefused) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("Backup: %v; want ErrBackupRefused that says %q", err, test.says)
			}
			if after, _ := os.ReadDir(folder); len(after) != len(before) {
				t.Errorf("%d files are left, %d were there", len(after), len(before))
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "*copying*")); len(left) > 0 {
				t.Errorf("left behind: %q", left)
			}
		})
	}
}

// closed returns the folder of a database that nobody has open.
func closed(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	db, closeDB, err := sqlite.Open(sqlite.Config{Dir: dir, AuditKey: testKey})
	must(t, err)
	for n := range 2 {
		must(t, db.Update(t.Context(), signIn(n)))
	}
	closeDB()
	return dir
}

// spoilPages damages every page but the first.
func spoilPages(t *testing.T, file string) {
	t.Helper()
	content, err := os.ReadFile(file)
	must(t, err)
	for i := 4096; i < len(content); i++ {
		content[i] ^= 0x5a
	}
	must(t, os.WriteFile(file, content, 0o600))
}

// alterEvent changes the newest event as somebody with the file can.
func alterEvent(t *testing.T, file string) {
	t.Helper()
	db := raw(t, file)
	exec(t, db, "DROP TRIGGER audit_event_is_never_changed")
	exec(t, db, "UPDATE audit_event SET outcome = 'success' WHERE sequence = 2")
	must(t, db.Close())
}

func TestBackupOfABrokenTrail(t *testing.T) {
	dir := closed(t)
	alterEvent(t, filepath.Join(dir, sqlite.FileName))
	file := ports.BackupFile{Path: filepath.Join(t.TempDir(), "copy.db"), BrokenTrail: true}
	_, err := filesOf(dir).Backup(t.Context(), file)
	must(t, err)
	file.BrokenTrail = false
	if _, err := filesOf(t.TempDir()).Restore(t.Context(), file, nothing); !errors.Is(err, domain.ErrTrailBroken) {
		t.Errorf("Restore: %v, want ErrTrailBroken", err)
	}
	file.BrokenTrail = true
	_, err = filesOf(t.TempDir()).Restore(t.Context(), file, nothing)
	must(t, err)
}

func nothing(ports.Records) error { return nil }

// SQLite never opens anything in the folder of the backup, where somebody else may have
// put a log beside it.
func TestABackupIsMadeInTheDataFolder(t *testing.T) {
	dir, folder := closed(t), t.TempDir()
	files, tried := filesOf(dir), false
	files.AtStep("copied out", func() {
		tried = true
		left, err := filepath.Glob(filepath.Join(dir, "gatehouse.db.copying-*"))
		must(t, err)
		hidden, err := os.ReadDir(folder)
		must(t, err)
		if len(left) != 1 || len(hidden) != 1 {
			t.Fatalf("in the data folder is %q, in that of the backup %v", left, hidden)
		}
		if info, err := hidden[0].Info(); err != nil || info.Size() != 0 {
			t.Errorf("before it is examined there are %d bytes, %v", info.Size(), err)
		}
	})
	_, err := files.Backup(t.Context(), ports.BackupFile{Path: filepath.Join(folder, "copy.db")})
	must(t, err)
	if !tried {
		t.Error("the step was not reached")
	}
	mustHold(t, folder, "copy.db")
	mustHold(t, dir, "audit.head", "gatehouse.db")
}

func TestBackupInterrupted(t *testing.T) {
	dir, folder := closed(t), t.TempDir()
	for _, step := range []string{"begun", "copied out", "examined"} {
		ctx, cancel := context.WithCancel(t.Context())
		files := filesOf(dir)
		files.AtStep(step, cancel)
		_, err := files.Backup(ctx, ports.BackupFile{Path: filepath.Join(folder, "copy.db")})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: Backup: %v, want context.Canceled", step, err)
		}
		cancel()
		mustHold(t, folder)
		mustHold(t, dir, "audit.head", "gatehouse.db")
	}
}
