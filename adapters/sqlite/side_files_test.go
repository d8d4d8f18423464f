package sqlite_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"gatehouse/adapters/sqlite"
	"gatehouse/domain"
	"gatehouse/ports"
)

var sideFiles = []string{"-wal", "-journal", "-shm"}

// A restore refuses a backup with side files, because SQLite would replay any that it finds.
func TestRestoreRefusesSideFiles(t *testing.T) {
	for _, suffix := range sideFiles {
		for name, plant := range map[string]func(path string) error{
			"a file":          func(path string) error { return os.WriteFile(path, []byte("planted"), 0o600) },
			"an empty file":   func(path string) error { return os.WriteFile(path, nil, 0o600) },
			"a dangling link": func(path string) error { return os.Symlink("nowhere", path) },
			"a pipe":          func(path string) error { return syscall.Mkfifo(path, 0o600) },
		} {
			t.Run(name+suffix, func(t *testing.T) {
				dir, file := goneOn(t)
				must(t, plant(file.Path+suffix))
				mustNotRestore(t, dir, file, endEvery, domain.ErrBackupRefused, file.Path+suffix+" lies beside")
			})
		}
	}
}

// With the flag they still have to be files of the account that the copy belongs to, which
// nobody else can write to.
func TestRestoreChecksSideFiles(t *testing.T) {
	const somebody = 12345
	for name, test := range map[string]struct {
		spoil func(path string) error
		says  string
		root  bool
	}{
		"a link": {func(path string) error {
			return errors.Join(os.Rename(path, path+".real"), os.Symlink(path+".real", path))
		}, "a symbolic link", false},
		"a pipe":                {func(path string) error { return errors.Join(os.Remove(path), syscall.Mkfifo(path, 0o600)) }, "a named pipe", false},
		"a folder":              {func(path string) error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o700)) }, "a directory", false},
		"a second name":         {func(path string) error { return os.Link(path, path+".other") }, "somebody else", false},
		"others may write":      {func(path string) error { return os.Chmod(path, 0o666) }, "somebody else", false},
		"of another account":    {func(path string) error { return os.Chown(path, somebody, -1) }, "somebody else", true},
		"the file is another's": {func(path string) error { return os.Chown(strings.TrimSuffix(path, "-wal"), somebody, -1) }, "somebody else", true},
	} {
		if test.root && os.Geteuid() != 0 {
			continue // only root can give files away; the others are tested all the same
		}
		t.Run(name, func(t *testing.T) {
			dir, _ := goneOn(t)
			file := ports.BackupFile{Path: filepath.Join(crashed(t), sqlite.FileName), SideFiles: true}
			must(t, test.spoil(file.Path+"-wal"))
			mustNotRestore(t, dir, file, endEvery, domain.ErrBackupRefused, test.says)
		})
	}
}

// A log that is left over from another copy makes a mess of this one, and that is told.
func TestRestoreOfACopyWithAStaleLog(t *testing.T) {
	dir, file := goneOn(t)
	file = unsigned(t, file)
	file.SideFiles = true
	db := raw(t, file.Path)
	exec(t, db, "PRAGMA page_size = 1024; PRAGMA journal_mode = DELETE; VACUUM; PRAGMA journal_mode = WAL")
	must(t, db.Close())
	must(t, os.Rename(filepath.Join(crashed(t), "gatehouse.db-wal"), file.Path+"-wal"))
	mustNotRestore(t, dir, file, endEvery, domain.ErrBackupRefused, "try again without --with-side-files")
}

// Nothing but a regular file is opened, and nothing waits for the other end of a pipe.
func TestRestoreTakesOneRegularFile(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(path string) error
		says  string
	}{
		"a link": {func(path string) error {
			return errors.Join(os.Rename(path, path+".real"), os.Symlink(path+".real", path))
		}, "a symbolic link"},
		"a pipe":   {func(path string) error { return errors.Join(os.Remove(path), syscall.Mkfifo(path, 0o600)) }, "a named pipe"},
		"a folder": {func(path string) error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o700)) }, "a directory"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, file := goneOn(t)
			must(t, test.spoil(file.Path))
			mustNotRestore(t, dir, file, endEvery, domain.ErrBackupRefused, test.says)
		})
	}
	dir, _ := goneOn(t)
	mustNotRestore(t, dir, ports.BackupFile{Path: os.DevNull}, endEvery, domain.ErrBackupRefused, "a device")
}

// What is restored is the file that was opened and checked, wherever its name leads later.
func TestRestoreReadsWhatItHasOpened(t *testing.T) {
	dir, file := goneOn(t)
	other := t.TempDir()
	must(t, os.WriteFile(filepath.Join(other, "x"), []byte("another file"), 0o600))
	files, swapped := filesOf(dir), false
	files.AtStep("opened", func() {
		swapped = true
		must(t, os.Rename(filepath.Join(other, "x"), file.Path))
		must(t, os.WriteFile(file.Path+"-wal", []byte("planted"), 0o600))
	})
	got, err := files.Restore(t.Context(), file, endEvery)
	must(t, err)
	if got.Staff != 2 || !swapped {
		t.Errorf("swapped: %t; %+v", swapped, got)
	}
}

// Whoever stops a restore finds everything as it was, and can begin again.
func TestRestoreInterrupted(t *testing.T) {
	for _, step := range []string{"opened", "copied", "prepared", "settled"} {
		t.Run(step, func(t *testing.T) {
			dir, file := goneOn(t)
			ctx, cancel := context.WithCancel(t.Context())
			files := filesOf(dir)
			files.AtStep(step, cancel)
			if _, err := files.Restore(ctx, file, endEvery); !errors.Is(err, context.Canceled) {
				t.Errorf("Restore: %v, want context.Canceled", err)
			}
			mustHold(t, dir, "audit.head", "gatehouse.db", "gatehouse.db.lock")
			db := open(t, sqlite.Config{Dir: dir, AuditKey: testKey, Exclusive: true})
			if !has(t, db, 5) {
				t.Error("the database has changed")
			}
		})
	}
}

func TestBackupRefusesANameWithSideFiles(t *testing.T) {
	for _, suffix := range sideFiles {
		dir, folder := closed(t), t.TempDir()
		file := filepath.Join(folder, "copy.db")
		must(t, os.Symlink("nowhere", file+suffix))
		_, err := filesOf(dir).Backup(t.Context(), ports.BackupFile{Path: file})
		if !errors.Is(err, domain.ErrBackupRefused) || !strings.Contains(err.Error(), file+suffix+" is there") {
			t.Errorf("Backup: %v; want ErrBackupRefused that names %s", err, suffix)
		}
		mustHold(t, folder, "copy.db"+suffix)
	}
}
