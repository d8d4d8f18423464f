package sqlite

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"gatehouse/ports"
)

// Backup implements [ports.Backups]. It reads one snapshot; whoever writes does not wait.
func (f *Files) Backup(ctx context.Context, file ports.BackupFile) (report ports.BackupReport, err error) {
	path, err := f.path()
	if err != nil {
		return report, err
	}
	if _, err := os.Stat(path); err != nil {
		return report, refuse("there is no database in %s: see GATEHOUSE_DATA_DIR", f.config.Dir)
	}
	folder, err := share(f.config.Dir)
	if err != nil {
		return report, refuse("%w", err)
	}
	defer func() { _ = folder.Close() }()
	if file.Path, err = filepath.Abs(file.Path); err != nil {
		return report, err
	}
	if f.isOurs(file.Path) {
		return report, refuse("%s is, or may become, a file of the service itself: give the backup another name", file.Path)
	}
	if _, err := os.Lstat(file.Path); !errors.Is(err, fs.ErrNotExist) {
		return report, taken(file.Path, err)
	}
	draft := filepath.Join(filepath.Dir(file.Path), "."+rand.Text()+".db")
	defer func() { err = errors.Join(err, discard(draft)) }()
	if err := f.copyOut(ctx, path, draft); err != nil {
		return report, err
	}
	if report, err = f.readBack(ctx, draft, file); err != nil {
		return ports.BackupReport{}, err
	}
	return report, publish(draft, file.Path)
}

// taken refuses a path at which something is, or cannot be.
func taken(path string, err error) error {
	if err != nil {
		return refuse("%w", err)
	}
	return refuse("%s exists already, and is left as it is: name a new file", path)
}

// copyOut writes what is committed to a new file.
func (f *Files) copyOut(ctx context.Context, path, draft string) error {
	target, err := os.OpenFile(draft, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return refuse("%w", err)
	}
	defer func() { _ = target.Close() }() // it is synchronised
	source, err := openConnection(path, f.config.BusyTimeout)
	if err != nil {
		return refuse("%w", explain(err, path))
	}
	defer func() { _ = source.close() }() // nothing was written
	if err := inspect(source, path, false); err != nil {
		return refuse("%w", err)
	}
	if _, err := source.conn.ExecContext(ctx, "VACUUM INTO ?", draft); err != nil {
		return notWritten(ctx, err, path, draft)
	}
	return target.Sync()
}

func notWritten(ctx context.Context, err error, path, draft string) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case isDamaged(err):
		return refuse("%w", explain(err, path))
	}
	return refuse("a file cannot be written in %s, is the disk full? %w", filepath.Dir(draft), err)
}

// readBack opens the draft as whoever restores it will.
func (f *Files) readBack(ctx context.Context, draft string, file ports.BackupFile) (ports.BackupReport, error) {
	c, err := openConnection(draft, f.config.BusyTimeout, "query_only(1)")
	if err != nil {
		return ports.BackupReport{}, unreadable(err, draft)
	}
	report, err := f.examine(ctx, c, draft, file)
	return report, errors.Join(err, c.close())
}

// publish gives the draft its name. The name is taken first, by a file that is ours: unlike a
// second link to the draft, every file system can do that.
func publish(draft, path string) error {
	ours, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return taken(path, nil)
	}
	if err != nil {
		return refuse("%w", err)
	}
	_ = ours.Close()
	if err := os.Rename(draft, path); err != nil {
		return errors.Join(refuse("%w", err), os.Remove(path))
	}
	if err := syncDir(filepath.Dir(path)); err != nil {
		return fmt.Errorf("%s is written, but perhaps not safe from a power cut: %w", path, err)
	}
	return nil
}
