package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"gatehouse/adapters/internal/ownfile"
	"gatehouse/domain"
	"gatehouse/ports"
)

// Files implements [ports.Backups] on the files of a database, which it opens only while it
// is at work: not even the schema of the original is touched. It may be used concurrently.
type Files struct {
	config Config
	clock  ports.Clock
	// reached is called between the steps of a backup or a restore.
	reached func(step string)
}

var _ ports.Backups = (*Files)(nil)

// NewFiles is about the database in config.Dir, whether there is one or not. The clock
// gives names to what is kept.
func NewFiles(config Config, clock ports.Clock) *Files {
	if config.BusyTimeout == 0 {
		config.BusyTimeout = defaultBusyTimeout
	}
	return &Files{config, clock, func(string) {}}
}

// path is where the database is.
func (f *Files) path() (string, error) { return filepath.Abs(filepath.Join(f.config.Dir, FileName)) }

// knownEnd is how far the audit trail is known to have come, the zero mark if that is not known.
func (f *Files) knownEnd() domain.AuditMark {
	history, err := openHistory(f.config.Dir, f.config.AuditKey)
	if err != nil {
		return domain.AuditMark{}
	}
	defer history.close()
	return history.newest
}

// refuse says why a backup cannot be made or restored.
func refuse(format string, args ...any) error {
	return fmt.Errorf("%w: %w", domain.ErrBackupRefused, fmt.Errorf(format, args...))
}

// refuseOr is refuse, unless somebody wants to stop.
func refuseOr(ctx context.Context, format string, args ...any) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return refuse(format, args...)
}

// Beside a database SQLite keeps its logs, which belong to it as long as they are there, and
// an index of the log that can be made again.
var logSuffixes = []string{logSuffix, "-journal"}

const (
	logSuffix   = "-wal"
	indexSuffix = "-shm"
)

// discard removes a database with all that belongs to it, as far as it is there.
func discard(path string) error { return errors.Join(remove(path), discardLogs(path)) }

func discardLogs(path string) (err error) {
	for _, suffix := range append(logSuffixes, indexSuffix) {
		err = errors.Join(err, remove(path+suffix))
	}
	return err
}

func remove(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// copyDatabase copies our own database, which nobody has open, with its logs. They come
// first: a copy that has its name is all there.
func copyDatabase(ctx context.Context, from, to string) error {
	for _, suffix := range logSuffixes {
		if err := copyFile(ctx, from+suffix, to+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return copyFile(ctx, from, to)
}

func copyFile(ctx context.Context, from, to string) error {
	source, err := ownfile.Open(from, os.O_RDONLY)
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }() // nothing was written
	return copyTo(ctx, to, source)
}

// enter opens what the operator has named at path. The result is f as it is when the data folder
// may be touched.
func (f *Files) enter(path string, open func() error) (entered *Files, err error) {
	in := *f
	if f.config.Enter == nil {
		err = open()
	} else {
		in.config.AuditKey, err = f.config.Enter(path, open)
	}
	if err != nil {
		return f, err
	}
	own, err := f.path()
	if err == nil {
		err = checkOwnFiles(own)
	}
	if err != nil {
		return f, refuse("%w", err)
	}
	return &in, nil
}

func syncFile(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}
