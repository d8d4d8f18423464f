package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gatehouse/adapters/internal/ownfile"
)

// isOurs reports whether path, at which nothing need be, is in the data directory, by
// whatever way, and has a name there that we use.
func (f *Files) isOurs(path string) bool { return f.contains(path) && IsOwnName(filepath.Base(path)) }

// IsOwnName reports whether a database, a key, a lock or one of their relatives has the name
// in the data directory, or could have it.
func IsOwnName(name string) bool {
	name = strings.ToLower(name) // some file systems do not know the difference
	for _, prefix := range []string{FileName, "audit.", "signing-key-"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return strings.HasSuffix(name, ".lock")
}

// IsLogName reports whether the name in the data directory is that of a log, or of the index
// of one, which SQLite would apply to whatever database lies beside it.
func IsLogName(name string) bool {
	suffix, of := strings.CutPrefix(name, FileName)
	return of && slices.Contains(append([]string{indexSuffix}, logSuffixes...), suffix)
}

// isWorking reports whether path is one of the files that a restore or a backup makes and
// removes.
func (f *Files) isWorking(path string) bool {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	name := strings.ToLower(filepath.Base(path))
	return f.contains(path) && slices.ContainsFunc([]string{draftSuffix, keepSuffix, copySuffix}, func(suffix string) bool {
		return strings.HasPrefix(name, FileName+suffix)
	})
}

// contains reports whether path is in the data directory itself.
func (f *Files) contains(path string) bool {
	own, err1 := os.Stat(f.config.Dir)
	folder, err2 := os.Stat(filepath.Dir(path))
	return err1 == nil && err2 == nil && os.SameFile(own, folder)
}

// checkOwnFiles refuses to work with the database at path if it, or what belongs to it, is no file
// of the account's own. SQLite opens by name, so it would write where a link leads and wait for a
// named pipe. Nobody but the account itself can change the folder after this look.
func checkOwnFiles(path string) error {
	folder, err := os.Stat(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrFile, err)
	}
	paths := []string{path, path + indexSuffix, path + lockSuffix, filepath.Join(filepath.Dir(path), HeadFileName)}
	for _, suffix := range logSuffixes {
		paths = append(paths, path+suffix)
	}
	for _, path := range paths {
		if err := checkOwnFile(path, ownfile.Owner(folder)); err != nil {
			return fmt.Errorf("%w: %w", ErrFile, err)
		}
	}
	return nil
}

// checkOwnFile leaves it to the account if the file is its own or that of the folder's owner.
func checkOwnFile(path string, folderOwner int) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = ownfile.CheckRegular(path, info)
	}
	if err != nil {
		return err
	}
	if owner := ownfile.Owner(info); owner != os.Geteuid() && owner != folderOwner {
		return fmt.Errorf("%s belongs to the account %d, and its folder to %d: run chown %[3]d %[1]s", path, owner, folderOwner)
	}
	return nil
}

// lockPause is how long to wait before the lock is tried again.
const lockPause = time.Millisecond

// waitInTurns has lock, and not SQLite, wait for other processes that write. SQLite tries
// some twenty times in two seconds, and may never hit one of the short times between the
// commits of a process that is busy.
func (c *connection) waitInTurns(patience time.Duration) error {
	c.patience = patience
	return c.exec("PRAGMA busy_timeout = 0")
}

// lock begins to write when no other process does, or gives up.
func (c *connection) lock() (err error) {
	for range max(1, c.patience/lockPause) {
		if _, err = c.run("BEGIN IMMEDIATE"); !isLocked(err) {
			return err
		}
		time.Sleep(lockPause)
	}
	return err
}
