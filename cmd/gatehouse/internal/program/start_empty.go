package program

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

	"gatehouse/adapters/sqlite"
	"gatehouse/adapters/system"
	"gatehouse/cmd/gatehouse/internal/config"
)

// One of these is in the data folder while the first database is made: from before the first key
// until the database is there. Keys beside it belong to a start that was cut short, and not to a
// database that is lost.
const (
	startingFile = sqlite.FileName + ".starting"
	// abandoningFile stands for --start-empty: it still tells of the loss when that start is cut short.
	abandoningFile = startingFile + "-empty"
)

// A loss is a data folder without its database, but with files that a database leaves behind.
type loss struct {
	dir  string
	left []fs.FileInfo // none: nothing is lost
}

// findLoss looks for the remains of a missing database.
func findLoss(dir string) (l loss, err error) {
	l.dir = dir
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || IsThere(dir, sqlite.FileName) {
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
	return sqlite.IsOwnName(name) && name != startingFile && name != abandoningFile && !strings.HasSuffix(name, ".lock")
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
	now := system.NewClock()()
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

func startEmptyFlag(n *config.NewDatabase, set *flag.FlagSet) {
	set.StringVar(&n.StartEmpty, "start-empty", "",
		"make an empty database although one was lost here, of which a refusal gave this `CODE`; it is of no use for any other loss")
}

// allowNew refuses to make a database where one was lost, unless the operator has given the code
// of this loss. It returns what the operator should be told of --start-empty, if anything.
func allowNew(n *config.NewDatabase, dir string) (notice string, err error) {
	l, err := findLoss(dir)
	beingMade, abandoning := IsThere(dir, startingFile), IsThere(dir, abandoningFile) // first: who makes one removes them last
	switch {
	case err != nil:
		return "", err
	case IsThere(dir, sqlite.FileName):
		return leftOver(n), removeMarks(dir)
	case beingMade || abandoning:
		n.Abandons = abandoning
		return "", nil
	case len(l.left) == 0:
		return "", markStart(dir, startingFile)
	case n.StartEmpty != l.code():
		return "", l.refuseNew(n.Command, n.StartEmpty)
	}
	n.Abandons = true
	if err := l.accept(); err != nil {
		return "", err
	}
	return "an empty database is made, because --start-empty was given for the one that is lost; of that is left: " + l.names(),
		markStart(dir, abandoningFile)
}

// leftOver is for a --start-empty of an earlier loss.
func leftOver(n *config.NewDatabase) string {
	if n.StartEmpty == "" {
		return ""
	}
	return "--start-empty does nothing here, because there is a database: leave it out"
}

// newIsMade is to be called when a database that was allowed has been opened, or has not. A mark
// that cannot be removed is removed by the next command that may make a database.
func newIsMade(n *config.NewDatabase, dir string, failed error) {
	if failed == nil {
		_ = removeMarks(dir)
	}
}

func markStart(dir, name string) error {
	file, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil // another one starts as well
	case err != nil:
		return fmt.Errorf("the data directory cannot be written to: %w", err)
	}
	return errors.Join(file.Close(), syncFolder(dir))
}

func removeMarks(dir string) error {
	return errors.Join(removeIfThere(filepath.Join(dir, startingFile)), removeIfThere(filepath.Join(dir, abandoningFile)))
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
