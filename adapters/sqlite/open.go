package sqlite

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/google/wire"

	"gatehouse/adapters/internal/ownfile"
	"gatehouse/domain"
	"gatehouse/ports"
)

// FileName is the name of the database in the data directory.
const FileName = "gatehouse.db"

const (
	defaultBusyTimeout = 2 * time.Second
	// checkedInFull is the size up to which a file is read through at the start of a
	// server; a larger one would take more than about a second.
	checkedInFull = 32 << 20
)

// ErrFile is wrapped by every error of [Open] that somebody has to mend by hand. The text
// says what to do.
var ErrFile = errors.New("the database cannot be used")

// Config says which database to open, and how.
type Config struct {
	// Dir is the data directory. It must exist.
	Dir string
	// Existing refuses to make a database where there is none.
	Existing bool
	// Abandons says that a database was lost here, and that a new one takes its place. Where one
	// is made, [DB.Lost] reports that until it is accepted, also after a crash.
	Abandons bool
	// Exclusive refuses the file if another exclusive user, that is a server, has it
	// open, and checks it for damage.
	Exclusive bool
	// AuditKey seals the audit trail.
	AuditKey domain.AuditKey
	// Enter, where it is set, is called once for each backup or restore, before anything in Dir is
	// touched. It calls open, which opens what the operator has named at path, and may change the
	// account that the process runs as, for good. It returns the audit key. [Open] does not call it.
	Enter func(path string, open func() error) (domain.AuditKey, error)
	// BusyTimeout is how long to wait for another process that writes; 2 s if zero.
	BusyTimeout time.Duration
}

// prepare makes sure that there is a database of this version at path.
func prepare(path string, config Config) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && config.Existing:
		return Missing(config.Dir)
	case errors.Is(err, fs.ErrNotExist):
		return begin(path, config)
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%w: %w", ErrFile, ownfile.CheckRegular(path, info))
	case info.Size() == 0:
		return fmt.Errorf("%w: %s is empty: restore it from a backup, or remove it to start anew", ErrFile, path)
	case info.Mode()&0o200 == 0:
		return fmt.Errorf("%w: %s is read-only: run chmod 600 %s", ErrFile, path, path)
	case info.Sys().(*syscall.Stat_t).Nlink > 1:
		return fmt.Errorf("%w: %s has a second name (a hard link), which is not safe: remove one of them", ErrFile, path)
	case info.Mode().Perm()&0o077 != 0: // it holds password hashes
		return closeToOthers(path)
	}
	return nil
}

// begin makes the first database, or one in the place of another. That is written down first.
func begin(path string, config Config) error {
	if config.Abandons {
		if err := abandonHistory(config.Dir, config.AuditKey); err != nil {
			return err
		}
	}
	return create(path, config.AuditKey)
}

// closeToOthers must not be called while SQLite has the file open in this process.
func closeToOthers(path string) error {
	file, err := ownfile.Open(path, os.O_RDONLY)
	if err != nil {
		return err
	}
	return errors.Join(file.Chmod(0o600), file.Close())
}

// Missing says that there is no database in dir. It wraps [ErrFile].
func Missing(dir string) error {
	return fmt.Errorf("%w: there is no database in %s: set GATEHOUSE_DATA_DIR to the folder that the service uses", ErrFile, dir)
}

// create makes a new database under another name and then gives it its own, so that a
// crash never leaves half of one.
func create(path string, key domain.AuditKey) (err error) {
	draft := filepath.Join(filepath.Dir(path), "."+rand.Text()+".db")
	file, err := ownfile.Create(draft)
	if err != nil {
		return fmt.Errorf("%w: the data directory cannot be written to: %w", ErrFile, err)
	}
	defer func() { err = errors.Join(err, remove(draft)) }()
	if err := file.Close(); err != nil {
		return err
	}
	c, err := openConnection(draft, defaultBusyTimeout, "journal_mode(DELETE)", "synchronous(FULL)")
	if err != nil {
		return err
	}
	c.trail.key = key
	err = errors.Join(migrate(c), c.close())
	if err != nil {
		return err
	}
	if err := ownfile.Publish(draft, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(filepath.Dir(path))
}

func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// inspect refuses a file that is not ours, is newer than this program, or is damaged.
func inspect(c *connection, path string, thorough bool) error {
	id, err := c.number("PRAGMA application_id")
	if err != nil {
		return explain(err, path)
	}
	version, err := c.number("PRAGMA user_version")
	if err != nil {
		return explain(err, path)
	}
	known, err := migrations()
	if err != nil {
		return err
	}
	switch {
	case id != applicationID:
		return fmt.Errorf("%w: %s is a database of another program", ErrFile, path)
	case version < 1:
		return fmt.Errorf("%w: %s is damaged (schema %d): restore it from a backup", ErrFile, path, version)
	case version > int64(len(known)):
		return fmt.Errorf("%w: %s was written by a newer gatehouse (schema %d, this one knows %d): install that version",
			ErrFile, path, version, len(known))
	}
	if !thorough {
		return nil
	}
	if err := checkDamage(c, path); err != nil {
		return err
	}
	return checkSchema(c, path, version)
}

func checkDamage(c *connection, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Size() > checkedInFull {
		return nil
	}
	var verdict string
	if err := row(c, "PRAGMA quick_check(1)", nil, &verdict); err != nil {
		return explain(err, path)
	}
	if verdict != "ok" {
		return fmt.Errorf("%w: %s is damaged (%s): restore it from a backup", ErrFile, path, verdict)
	}
	return nil
}

// explain turns what the driver says at the start into what to do about it.
func explain(err error, path string) error {
	switch {
	case err == nil, errors.Is(err, ErrFile):
		return err
	case isDamaged(err):
		return fmt.Errorf("%w: %s is damaged or not a database: restore it from a backup: %w", ErrFile, path, err)
	case isReadOnly(err):
		return fmt.Errorf("%w: %s cannot be written to: check who owns it and its folder, and that the disk is not full or read-only: %w", ErrFile, path, err)
	case isLocked(err):
		return fmt.Errorf("%w: %s is being written to all the time: try again, and if the service does not run, find the program that keeps it locked: %w", ErrFile, path, err)
	}
	return fmt.Errorf("%w: opening %s: %w", ErrFile, path, err)
}

// share takes the folder for as long as the result is open: nobody can restore a backup
// meanwhile. Where folders cannot be locked, the result is no lock.
func share(dir string) (*os.File, error) {
	folder, err := os.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	if err := syscall.Flock(int(folder.Fd()), syscall.LOCK_SH|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
		_ = folder.Close()
		return nil, fmt.Errorf("%w: a backup is being restored in %s: try again when that is done", ErrFile, dir)
	}
	return folder, nil
}

const lockSuffix = ".lock"

// lock takes the lock that only one server can hold. It is on a file of its own, because
// closing any descriptor of the database would drop SQLite's locks on it.
func lock(path string) (*os.File, error) {
	file, err := ownfile.Open(path+lockSuffix, os.O_CREATE|os.O_RDWR)
	if err != nil {
		return nil, fmt.Errorf("%w: the data directory cannot be written to: %w", ErrFile, err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("%w: another gatehouse serves %s: stop it first, or use another GATEHOUSE_DATA_DIR", ErrFile, path)
	}
	return file, nil
}

// Set provides the database and its closing. Whoever uses it binds it to ports.Store, or
// wraps it first.
var Set = wire.NewSet(
	Open,
	wire.Bind(new(ports.Probe), new(*DB)),
	wire.Bind(new(ports.History), new(*DB)),
	wire.Bind(new(ports.Upkeep), new(*DB)),
)

// FilesSet provides the work on the files of a closed database.
var FilesSet = wire.NewSet(NewFiles, wire.Bind(new(ports.Backups), new(*Files)))
