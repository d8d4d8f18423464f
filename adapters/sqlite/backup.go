package sqlite

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"gatehouse/adapters/internal/ownfile"
	"gatehouse/domain"
	"gatehouse/ports"
)

// Backup implements [ports.Backups]. It reads one snapshot, so writers do not wait. SQLite works
// only in the data folder, because other accounts cannot put files there.
func (f *Files) Backup(ctx context.Context, file ports.BackupFile) (report ports.BackupReport, err error) {
	path, err := f.path()
	if err != nil {
		return report, err
	}
	if _, err := os.Stat(path); err != nil {
		return report, refuse("there is no database in %s: see GATEHOUSE_DATA_DIR", f.config.Dir)
	}
	if file.Path, err = filepath.Abs(file.Path); err != nil {
		return report, err
	}
	if f.isOurs(file.Path) {
		return report, refuse("%s is, or may become, a file of the service itself: give the backup another name", file.Path)
	}
	if err := free(file.Path); err != nil {
		return report, err
	}
	var target *target
	f, err = f.enter(file.Path, func() (err error) { target, err = f.newTarget(file.Path); return err })
	if target != nil {
		defer func() { err = target.discardAfter(err) }()
	}
	if err != nil {
		return report, err
	}
	return f.fill(ctx, path, file, target)
}

// fill makes the copy, has it examined, and gives the target its content and its name.
func (f *Files) fill(ctx context.Context, path string, file ports.BackupFile, target *target) (report ports.BackupReport, err error) {
	folder, err := share(f.config.Dir)
	if err != nil {
		return report, refuse("%w", err)
	}
	defer func() { _ = folder.Close() }()
	draft, err := newDraft(path)
	if err != nil {
		return report, refuse("%w", err)
	}
	defer func() { err = errors.Join(err, discard(draft.Name()), draft.Close()) }()
	f.reached("begun")
	least := f.knownEnd() // before the snapshot, which has it by then
	if err := f.copyOut(ctx, path, draft.Name()); err != nil {
		return report, err
	}
	f.reached("copied out")
	if report, err = f.readBack(ctx, draft.Name(), file, least); err != nil {
		return ports.BackupReport{}, err
	}
	f.reached("examined")
	if report.Size, err = target.write(ctx, draft, f.config.AuditKey); err != nil {
		return ports.BackupReport{}, refuseOr(ctx, "%s cannot be written, is the disk full? %w", file.Path, err)
	}
	return report, target.publish()
}

// free makes sure that nothing has the name, and that nothing lies beside it that SQLite would
// count to the backup.
func free(path string) error {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return taken(path, err)
	}
	beside, err := filesBeside(path)
	switch {
	case err != nil:
		return refuse("%w", err)
	case len(beside) > 0:
		return refuse("%s is there already, and would count to the backup: move it away, or give the backup another name", path+beside[0])
	}
	return nil
}

// taken refuses a path at which something is, or cannot be.
func taken(path string, err error) error {
	if err != nil {
		return refuse("%w", err)
	}
	return refuse("%s exists already, and is left as it is: name a new file", path)
}

// newDraft makes the file that SQLite copies to. It is locked as long as it is of use.
func newDraft(path string) (*os.File, error) {
	draft, err := ownfile.Create(path + copySuffix + rand.Text())
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(draft.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(err, draft.Close(), remove(draft.Name()))
	}
	return draft, nil
}

// copyOut writes what is committed to the draft.
func (f *Files) copyOut(ctx context.Context, path, draft string) error {
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
	return nil
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

// readBack opens the draft in the same way as a restore will.
func (f *Files) readBack(ctx context.Context, draft string, file ports.BackupFile, least domain.AuditMark) (ports.BackupReport, error) {
	c, err := openConnection(draft, f.config.BusyTimeout, "query_only(1)")
	if err != nil {
		return ports.BackupReport{}, unreadable(err, draft)
	}
	report, err := f.examine(ctx, c, file, least)
	return report, errors.Join(err, c.close())
}

// A target is the file that becomes the backup: under a hidden name beside the one that was
// asked for, until all of it is there.
//
// Where the process becomes another account after opening it, that account may not give names in
// its folder. Then the target has its name at once, and its first page, without which it is no
// database, comes last.
type target struct {
	path string
	file *os.File
	done bool // it has its name, and all of its content
}

func (f *Files) newTarget(path string) (*target, error) {
	name := filepath.Join(filepath.Dir(path), "."+rand.Text()+".db")
	if own, err := os.Stat(f.config.Dir); err != nil || ownfile.Owner(own) != os.Geteuid() {
		name = path
	}
	file, err := ownfile.Create(name)
	if err != nil {
		return nil, refuse("%w", err)
	}
	if err := syncDir(filepath.Dir(path)); err != nil {
		return nil, refuse("%w", errors.Join(err, remove(name), file.Close()))
	}
	return &target{path: path, file: file}, nil
}

// firstPage is at least as long as the header of a database, in bytes.
const firstPage = 4096

// write copies a file into the target, signs it, waits for the disk, and returns how large it is.
func (t *target) write(ctx context.Context, from io.Reader, key domain.AuditKey) (size int64, err error) {
	digest := key.NewBackupDigest()
	read := io.TeeReader(interruptible{ctx, from}, digest)
	first := make([]byte, firstPage)
	if _, err := io.ReadFull(read, first); err != nil {
		return 0, err
	}
	if _, err := t.file.Seek(firstPage, io.SeekStart); err != nil {
		return 0, err
	}
	if _, err := io.Copy(t.file, read); err != nil {
		return 0, err
	}
	if _, err := t.file.WriteString(trailer(digest)); err != nil {
		return 0, err
	}
	size, err1 := t.file.Seek(0, io.SeekCurrent)
	err2 := t.file.Sync()
	if err := errors.Join(err1, err2); err != nil {
		return 0, err
	}
	_, err = t.file.WriteAt(first, 0)
	return size, errors.Join(err, t.file.Sync())
}

// publish gives the target its name. The name is taken first, by a file that is ours: unlike a
// second link, every file system can do that.
func (t *target) publish() error {
	t.done = true
	if t.file.Name() == t.path {
		return nil
	}
	ours, err := ownfile.Create(t.path)
	if errors.Is(err, fs.ErrExist) {
		return taken(t.path, nil)
	}
	if err != nil {
		return refuse("%w", err)
	}
	_ = ours.Close()
	if err := os.Rename(t.file.Name(), t.path); err != nil {
		return errors.Join(refuse("%w", err), os.Remove(t.path))
	}
	if err := syncDir(filepath.Dir(t.path)); err != nil {
		return fmt.Errorf("%s is written, but perhaps not safe from a power cut: %w", t.path, err)
	}
	return nil
}

// discardAfter adds to err, in the same sentence, why the target could not be removed.
func (t *target) discardAfter(err error) error {
	left := t.discard()
	if err == nil || left == nil {
		return errors.Join(err, left)
	}
	return fmt.Errorf("%w; %w", err, left)
}

// discard ends the work on the target, and removes it unless it has its name.
func (t *target) discard() error {
	defer func() { _ = t.file.Close() }()
	if t.done && t.file.Name() == t.path {
		return nil
	}
	err := remove(t.file.Name())
	if errors.Is(err, fs.ErrPermission) {
		return errors.Join(&ports.LeftFile{Path: t.path}, t.file.Truncate(0))
	}
	return err
}
