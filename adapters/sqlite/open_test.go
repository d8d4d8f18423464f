package sqlite_test

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"gatehouse/adapters/sqlite"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// made returns a folder with a database in it.
func made(t *testing.T) (dir, file string) {
	t.Helper()
	dir = t.TempDir()
	_, closeDB, err := sqlite.Open(sqlite.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	closeDB()
	return dir, filepath.Join(dir, sqlite.FileName)
}

// raw opens the file as any other program would.
func raw(t *testing.T, file string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func exec(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.Exec(statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(t *testing.T, file string)
		says  string
	}{
		"empty":     {func(t *testing.T, f string) { must(t, os.Truncate(f, 0)) }, "is empty"},
		"read-only": {func(t *testing.T, f string) { must(t, os.Chmod(f, 0o400)) }, "chmod 600"},
		"a folder":  {func(t *testing.T, f string) { must(t, errors.Join(os.Remove(f), os.Mkdir(f, 0o700))) }, "is a directory, and not a regular file"},
		"two names": {func(t *testing.T, f string) { must(t, os.Link(f, f+".copy")) }, "hard link"},
		"text": {func(t *testing.T, f string) {
			must(t, os.WriteFile(f, []byte(strings.Repeat("no database ", 1000)), 0o600))
		}, "restore it from a backup"},
		"truncated":          {func(t *testing.T, f string) { must(t, os.Truncate(f, 8192)) }, "restore it from a backup"},
		"newer":              {func(t *testing.T, f string) { rawly(t, f, "PRAGMA user_version = 1000") }, "newer gatehouse"},
		"negative version":   {func(t *testing.T, f string) { rawly(t, f, "PRAGMA user_version = -1") }, "restore it from a backup"},
		"of another program": {func(t *testing.T, f string) { rawly(t, f, "PRAGMA application_id = 7") }, "another program"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, file := made(t)
			test.spoil(t, file)
			_, _, err := sqlite.Open(sqlite.Config{Dir: dir, Exclusive: true})
			if !errors.Is(err, sqlite.ErrFile) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("Open: %v; want an ErrFile that says %q", err, test.says)
			}
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A page in the middle of the file is damaged without any structure being missing.
func TestOpenFindsDamage(t *testing.T) {
	dir, file := made(t)
	content, err := os.ReadFile(file)
	must(t, err)
	for i := 3 * 4096; i < 4*4096; i++ {
		content[i] ^= 0xff
	}
	must(t, os.WriteFile(file, content, 0o600))
	if _, _, err := sqlite.Open(sqlite.Config{Dir: dir, Exclusive: true}); !errors.Is(err, sqlite.ErrFile) {
		t.Errorf("Open: %v; want an ErrFile", err)
	}
}

func TestOneServerAtATime(t *testing.T) {
	dir := t.TempDir()
	_, closeFirst, err := sqlite.Open(sqlite.Config{Dir: dir, Exclusive: true})
	must(t, err)
	_, _, err = sqlite.Open(sqlite.Config{Dir: dir, Exclusive: true})
	if !errors.Is(err, sqlite.ErrFile) || !strings.Contains(err.Error(), "another gatehouse") {
		t.Errorf("a second server: %v; want an ErrFile that says so", err)
	}
	_, closeCommand, err := sqlite.Open(sqlite.Config{Dir: dir})
	if err != nil {
		t.Fatalf("a command beside the server: %v", err)
	}
	closeCommand()
	closeFirst()
	_, closeNext, err := sqlite.Open(sqlite.Config{Dir: dir, Exclusive: true})
	if err != nil {
		t.Fatalf("a server after the first: %v", err)
	}
	closeNext()
}

// A database that is closed, or was refused, holds no file open: others may move and remove them.
func TestNothingStaysOpen(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, file string){
		"closed":             func(*testing.T, string) {},
		"of another program": func(t *testing.T, file string) { rawly(t, file, "PRAGMA application_id = 7") },
	} {
		t.Run(name, func(t *testing.T) {
			dir, file := made(t)
			spoil(t, file)
			_, closeDB, err := sqlite.Open(sqlite.Config{Dir: dir, Exclusive: true})
			if err == nil {
				closeDB()
			}
			if (err == nil) != (name == "closed") {
				t.Errorf("Open: %v", err)
			}
			if left := openIn(t, dir); len(left) > 0 {
				t.Errorf("still open: %v", left)
			}
		})
	}
}

func rawly(t *testing.T, file string, statements ...string) {
	t.Helper()
	db := raw(t, file)
	for _, statement := range statements {
		exec(t, db, statement)
	}
	must(t, db.Close())
}

// openIn lists what this process has open below a folder. The index is left out, because a server never
// closes that: SQLite's locks on it would go.
func openIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	descriptors, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("the system does not say which files are open")
	}
	for _, descriptor := range descriptors {
		name, _ := os.Readlink("/proc/self/fd/" + descriptor.Name())
		if strings.HasPrefix(name, dir) && !strings.Contains(name, sqlite.FileName+"-shm") {
			names = append(names, name)
		}
	}
	return names
}

func TestFilesAreForThisAccountAlone(t *testing.T) {
	dir := t.TempDir()
	db := open(t, sqlite.Config{Dir: dir, Exclusive: true})
	must(t, db.Update(t.Context(), func(r ports.Records) error { return r.Staff().Save(porttest.Person(1)) }))
	entries, err := os.ReadDir(dir)
	must(t, err)
	if len(entries) < 3 { // database, log, lock
		t.Fatalf("%d files", len(entries))
	}
	for _, entry := range entries {
		info, err := entry.Info()
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, want 0600", entry.Name(), info.Mode().Perm())
		}
	}
}

func TestOpenOfAnExistingDatabaseMakesNone(t *testing.T) {
	dir := t.TempDir()
	_, _, err := sqlite.Open(sqlite.Config{Dir: dir, Existing: true})
	if !errors.Is(err, sqlite.ErrFile) || !strings.Contains(err.Error(), "there is no database in "+dir+": set GATEHOUSE_DATA_DIR") {
		t.Errorf("Open: %v; want an ErrFile that says so", err)
	}
	mustHold(t, dir)
	open(t, sqlite.Config{Dir: dir})
	open(t, sqlite.Config{Dir: dir, Existing: true})
}

func TestNothingIsLeftOfACreation(t *testing.T) {
	dir, _ := made(t)
	if drafts, _ := filepath.Glob(filepath.Join(dir, ".*")); len(drafts) != 0 {
		t.Errorf("left behind: %v", drafts)
	}
}

func TestOpenWithoutAFolder(t *testing.T) {
	if _, _, err := sqlite.Open(sqlite.Config{Dir: filepath.Join(t.TempDir(), "missing")}); !errors.Is(err, sqlite.ErrFile) {
		t.Errorf("Open: %v; want an ErrFile", err)
	}
}

// A folder whose name means something in a URI.
func TestOpenInAnOddFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a?b#c%20d é")
	must(t, os.Mkdir(dir, 0o700))
	open(t, sqlite.Config{Dir: dir})
	if _, err := os.Stat(filepath.Join(dir, sqlite.FileName)); err != nil {
		t.Error(err)
	}
}

// What SQLite would follow, or wait for, is refused before, and what it leads to stays as it is.
func TestOpenRefusesWhatIsNoFileOfOurs(t *testing.T) {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal", ".lock"} {
		for what, plant := range map[string]func(path, target string) error{
			"a symbolic link": func(path, target string) error { return os.Symlink(target, path) },
			"a named pipe":    func(path, _ string) error { return syscall.Mkfifo(path, 0o600) },
		} {
			for _, there := range []bool{true, false} {
				t.Run(fmt.Sprintf("%s for %s, a target %v", what, suffix, there), func(t *testing.T) {
					_, file := made(t)
					target := filepath.Join(t.TempDir(), "target")
					if there {
						must(t, os.WriteFile(target, []byte("of somebody else"), 0o644))
					}
					must(t, errors.Join(os.RemoveAll(file+suffix), plant(file+suffix, target)))
					_, _, err := sqlite.Open(sqlite.Config{Dir: filepath.Dir(file), Exclusive: true})
					if !errors.Is(err, sqlite.ErrFile) || !strings.Contains(err.Error(), file+suffix+" is "+what) {
						t.Errorf("%v, want ErrFile that names it", err)
					}
					content, err := os.ReadFile(target)
					if there && string(content) != "of somebody else" || !there && !errors.Is(err, fs.ErrNotExist) {
						t.Errorf("the target holds %q, %v", content, err)
					}
				})
			}
		}
	}
}
