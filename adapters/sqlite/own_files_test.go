package sqlite_test

import (
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

// A backup with the name of a file of ours would be taken for one, or removed.
func TestBackupUnderANameOfOurs(t *testing.T) {
	dir, elsewhere := closed(t), t.TempDir()
	link := filepath.Join(elsewhere, "link")
	must(t, os.Symlink(dir, link))
	t.Chdir(filepath.Dir(dir))
	before, err := os.ReadDir(dir)
	must(t, err)
	for _, name := range []string{
		"gatehouse.db-journal", "gatehouse.db-wal", "gatehouse.db.restoring", "gatehouse.db.keeping", "gatehouse.db.lock", "gatehouse.db.old",
		"GATEHOUSE.DB-shm", "audit.key", "audit.head", "audit.key.new", "other.lock", "signing-key-es256.pem",
	} {
		for _, folder := range []string{dir, link, filepath.Base(dir), filepath.Join(dir, "..", filepath.Base(dir))} {
			_, err := filesOf(dir).Backup(t.Context(), ports.BackupFile{Path: filepath.Join(folder, name)})
			if !errors.Is(err, domain.ErrBackupRefused) || !strings.Contains(err.Error(), "another name") {
				t.Errorf("%s in %s: %v, want ErrBackupRefused", name, folder, err)
			}
		}
		if name != "gatehouse.db-journal" { // whose file it is, is a matter of the folder
			continue
		}
		_, err := filesOf(dir).Backup(t.Context(), ports.BackupFile{Path: filepath.Join(elsewhere, name)})
		must(t, err)
	}
	if after, _ := os.ReadDir(dir); len(after) != len(before) {
		t.Errorf("the folder holds %v", after)
	}
	_, err = filesOf(dir).Backup(t.Context(), ports.BackupFile{Path: filepath.Join(dir, "gatehouse-2026-03-02T041500.db")})
	must(t, err)
}

// What a restore would remove before reading it is not restored, but left.
func TestRestoreOfAWorkingFile(t *testing.T) {
	dir, file := goneOn(t)
	content, err := os.ReadFile(file.Path)
	must(t, err)
	link := filepath.Join(t.TempDir(), "link.db")
	for _, name := range []string{"gatehouse.db.restoring", "gatehouse.db.keeping", "gatehouse.db.restoring-wal", "gatehouse.db.copying-X"} {
		path := filepath.Join(dir, name)
		must(t, os.WriteFile(path, content, 0o600))
		must(t, os.Symlink(path, link))
		for _, given := range []string{path, link} {
			_, err := filesOf(dir).Restore(t.Context(), ports.BackupFile{Path: given}, endEvery)
			if !errors.Is(err, domain.ErrBackupRefused) || !strings.Contains(err.Error(), "another name") {
				t.Errorf("%s: %v, want ErrBackupRefused", given, err)
			}
		}
		if _, err := os.Stat(path); err != nil {
			t.Errorf("the file is gone: %v", err)
		}
		must(t, errors.Join(os.Remove(path), os.Remove(link)))
	}
}

// What a restore or a backup that was killed has left is of no use to a server.
func TestAServerRemovesWhatIsLeft(t *testing.T) {
	dir, file := goneOn(t)
	kill(t, dir, file.Path, "settled")
	for _, name := range []string{"keeping-journal", "copying-A", "copying-A-wal", "copying-B"} {
		must(t, os.WriteFile(filepath.Join(dir, "gatehouse.db."+name), nil, 0o600))
	}
	running, err := os.Open(filepath.Join(dir, "gatehouse.db.copying-B"))
	must(t, err)
	defer func() { must(t, running.Close()) }()
	must(t, syscall.Flock(int(running.Fd()), syscall.LOCK_EX)) // as a backup that is being made does
	inFolderOf := func(exclusive bool) {
		_, closeDB, err := sqlite.Open(sqlite.Config{Dir: dir, AuditKey: testKey, Exclusive: exclusive})
		must(t, err)
		closeDB()
	}
	inFolderOf(false)
	if left, _ := filepath.Glob(filepath.Join(dir, "gatehouse.db.[rkc]*")); len(left) != 5 {
		t.Errorf("before a server starts there is %q", left)
	}
	inFolderOf(true)
	mustHold(t, dir, "audit.head", "gatehouse.db", "gatehouse.db.copying-B", "gatehouse.db.lock")
}
