package main

import (
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"gatehouse/adapters/sqlite"
)

// startingFile is in the data folder from before the first key is made until the database is
// there. Keys beside it belong to a start that was cut short, and not to a database that is lost.
const startingFile = sqlite.FileName + ".starting"

// A loss is a data folder without its database, but with files that a database leaves behind.
type loss struct {
	dir  string
	left []fs.FileInfo // none: nothing is lost
}

// findLoss looks for what is left of a database that is not there.
func findLoss(dir string) (l loss, err error) {
	l.dir = dir
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || isThere(dir, sqlite.FileName) {
		return l, nil
	}
	for _, entry := range entries {
		if !showsALife(entry.Name()) {
			continue
		}
		info, failed := entry.Info()
		if failed != nil {
			return l, failed
		}
		l.left = append(l.left, info)
	}
	return l, err
}

// showsALife reports whether a file of this name is there only where a database has been. A
// lock is not enough: a restore makes it before there is anything.
func showsALife(name string) bool {
	return sqlite.IsOwnName(name) && name != startingFile && !strings.HasSuffix(name, ".lock")
}

// code tells this loss from any other. It is made from what the system says of the files, and
// not from their content, which is secret.
func (l loss) code() string {
	hash := sha256.New()
	for _, info := range l.left {
		_, _ = fmt.Fprintln(hash, info.Name(), info.Size(), info.ModTime().UnixNano(), info.Sys().(*syscall.Stat_t).Ino)
	}
	return fmt.Sprintf("%x", hash.Sum(nil)[:4])
}

func (l loss) names() string {
	var names []string
	for _, info := range l.left {
		names = append(names, info.Name())
	}
	return strings.Join(names, ", ")
}

// refuse names what is left and the way back.
func (l loss) refuse() error {
	return fmt.Errorf("there is no database in %s, but there is what was left of one: %s\n"+
		"bring it back with: gatehouse restore FILE", l.dir, l.names())
}

// refuseNew says as well how to go on without the database. The name is that of the command.
func (l loss) refuseNew(name, given string) error {
	refusal := fmt.Errorf("%w\nif it is gone for good, start with an empty one: gatehouse %s --start-empty %s", l.refuse(), name, l.code())
	if given == "" {
		return refusal
	}
	return fmt.Errorf("--start-empty %s is not for this loss\n%w", given, refusal)
}

// accept makes the folder ready for a new database. The code of this loss fits no other one
// afterwards, because the times of the files have changed. What is left of a log gets another
// name: SQLite would apply it to the new database.
func (l loss) accept() error {
	now := time.Now()
	for _, info := range l.left {
		path := filepath.Join(l.dir, info.Name())
		if !info.Mode().IsRegular() {
			return fmt.Errorf("%s is not a regular file: move it away", path)
		}
		if err := os.Chtimes(path, now, now); err != nil {
			return err
		}
		if !sqlite.IsLogName(info.Name()) {
			continue
		}
		if err := os.Rename(path, path+now.UTC().Format(".lost-20060102T150405.000Z")); err != nil {
			return err
		}
	}
	return nil
}

// A newDatabase is what a command needs to know that may make one.
type newDatabase struct {
	command    string // its name
	startEmpty string // a code, or ""
}

func (n *newDatabase) flags(set *flag.FlagSet) {
	set.StringVar(&n.startEmpty, "start-empty", "",
		"make an empty database although one was lost here, of which a refusal gave this `CODE`; it is of no use for any other loss")
}

// allow refuses to make a database where one was lost, unless the operator has given the code
// of this loss. It returns what was left of the one that is given up.
func (n *newDatabase) allow(dir string) (abandoned loss, err error) {
	l, err := findLoss(dir)
	beingMade := isThere(dir, startingFile) // first: who makes one removes this last
	switch {
	case err != nil:
		return loss{}, err
	case isThere(dir, sqlite.FileName):
		return loss{}, removeIfThere(filepath.Join(dir, startingFile))
	case beingMade:
		return loss{}, nil
	case len(l.left) > 0 && n.startEmpty != l.code():
		return loss{}, l.refuseNew(n.command, n.startEmpty)
	}
	if err := markStart(dir); err != nil {
		return loss{}, err
	}
	return l, l.accept()
}

// isMade is to be called when a database that was allowed has been opened, or has not. A mark
// that cannot be removed is removed by the next command that may make a database.
func (n *newDatabase) isMade(dir string, failed error) {
	if failed == nil {
		_ = removeIfThere(filepath.Join(dir, startingFile))
	}
}

func markStart(dir string) error {
	file, err := os.OpenFile(filepath.Join(dir, startingFile), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil // another one starts as well
	case err != nil:
		return fmt.Errorf("the data directory cannot be written to: %w", err)
	}
	return errors.Join(file.Close(), syncFolder(dir))
}

func removeIfThere(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
