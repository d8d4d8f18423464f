package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"gatehouse/adapters/internal/ownfile"
	"gatehouse/domain"
	"gatehouse/ports"
)

// What a restore or a backup that was cut short leaves beside the database, and the next restore
// or server removes.
const (
	draftSuffix = ".restoring"
	keepSuffix  = ".keeping"
	copySuffix  = ".copying-" // and something random, because backups may be made at once
)

// Restore implements [ports.Backups]. Decision 0009 goes through what is there when it is
// cut short between two steps.
func (f *Files) Restore(ctx context.Context, file ports.BackupFile, change func(ports.Records) error) (report ports.RestoreReport, err error) {
	path, err := f.path()
	if err != nil {
		return report, err
	}
	if f.isWorking(file.Path) {
		return report, refuse("%s is what a restore works with, and would be removed: give it another name", file.Path)
	}
	var source *source
	f, err = f.enter(file.Path, func() (err error) { source, err = openSource(file); return err })
	if source != nil {
		defer source.close()
	}
	if err != nil {
		return report, err
	}
	f.reached("opened")
	release, err := f.alone(path)
	if err != nil {
		return report, err
	}
	defer release()
	defer func() { err = errors.Join(err, discardDrafts(path)) }()
	if err := discardDrafts(path); err != nil {
		return report, refuse("%w", err)
	}
	var newest domain.AuditMark
	if report.BackupReport, newest, err = f.prepareDraft(ctx, source, path+draftSuffix, file, change); err != nil {
		return ports.RestoreReport{}, source.explain(err)
	}
	report.Unsigned = source.claim == ""
	f.reached("prepared")
	if report.Kept, err = f.replace(ctx, path); err != nil {
		return ports.RestoreReport{}, err
	}
	return report, f.note(newest)
}

// alone makes sure that nobody else has the database open, and that nobody opens it.
func (f *Files) alone(path string) (release func(), err error) {
	server, err := lock(path)
	if err != nil {
		return nil, refuse("%w", err)
	}
	folder, err := os.Open(f.config.Dir)
	if err == nil {
		err = syscall.Flock(int(folder.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	}
	release = func() { _, _ = folder.Close(), server.Close() }
	switch {
	case errors.Is(err, syscall.EWOULDBLOCK):
		release()
		return nil, refuse("another gatehouse command has %s open: wait until it is done", path)
	case err != nil:
		release()
		return nil, refuse("%s cannot be locked: %w", f.config.Dir, err)
	}
	return release, nil
}

func discardDrafts(path string) error {
	err := errors.Join(discard(path+draftSuffix), discard(path+keepSuffix))
	entries, failed := os.ReadDir(filepath.Dir(path))
	for _, entry := range entries {
		if random, is := strings.CutPrefix(entry.Name(), filepath.Base(path)+copySuffix); is && !strings.Contains(random, "-") {
			err = errors.Join(err, discardAbandoned(path+copySuffix+random))
		}
	}
	return errors.Join(err, failed)
}

// discardAbandoned removes what a backup has left unless it is still being made.
func discardAbandoned(path string) error {
	file, err := ownfile.Open(path, os.O_RDONLY)
	if err != nil {
		return nil // it has just gone, or is none of ours
	}
	defer func() { _ = file.Close() }()
	if syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		return nil
	}
	return discard(path)
}

// prepareDraft copies the backup, examines the copy, which nobody changes any more, and
// makes it what is to be restored.
func (f *Files) prepareDraft(ctx context.Context, source *source, draft string, file ports.BackupFile, change func(ports.Records) error) (
	report ports.BackupReport, newest domain.AuditMark, err error,
) {
	if err := source.copy(ctx, draft, f.config.AuditKey); err != nil {
		return report, newest, refuseOr(ctx, "%s cannot be copied to %s: %w", file.Path, filepath.Dir(draft), err)
	}
	if err := source.refuseBroken(file); err != nil {
		return report, newest, err
	}
	source.close() // it may be our own database, which SQLite is to open next
	f.reached("copied")
	c, err := openConnection(draft, f.config.BusyTimeout, "journal_mode(DELETE)", "synchronous(FULL)")
	if err != nil {
		return report, newest, unreadable(err, file.Path)
	}
	c.trail.key = f.config.AuditKey
	defer func() { err = errors.Join(err, c.close(), syncFile(draft)) }()
	if report, err = f.examine(ctx, c, file, f.leastTrail(source)); err != nil {
		return report, newest, err
	}
	report.Size = source.size
	if err := bringUp(c, file.BrokenTrail); err != nil {
		return report, newest, refuse("%s cannot be brought to the present schema: %w", file.Path, err)
	}
	newest, err = alter(c, change)
	return report, newest, err
}

// leastTrail is how far the trail of a copy must come. If it is not signed, somebody may have
// taken all of it away; that shows if there was one here.
func (f *Files) leastTrail(source *source) (least domain.AuditMark) {
	if known := f.knownEnd(); source.claim == "" && known.Sequence > 0 {
		least.Sequence = 1
	}
	return least
}

// bringUp brings an examined copy to the present schema. Where the trail may be broken, what
// guards it may be as well, and is put back.
func bringUp(c *connection, mend bool) error {
	if !mend {
		return migrate(c)
	}
	version, err := c.number("PRAGMA user_version")
	if err != nil {
		return err
	}
	return errors.Join(mendGuards(c, version), migrate(c))
}

// alter applies change and returns the end of the audit trail after it.
func alter(c *connection, change func(ports.Records) error) (newest domain.AuditMark, err error) {
	if err := c.exec("BEGIN IMMEDIATE"); err != nil {
		return newest, unavailable("beginning to write", err)
	}
	defer func() { _ = c.exec("ROLLBACK") }() // fails, and may, after a commit
	c.trail.forget()
	if err := change(records{c}); err != nil {
		return newest, err
	}
	if err := c.exec("COMMIT"); err != nil {
		return newest, unavailable("committing", err)
	}
	return auditRecords{c}.Head()
}

// replace puts the draft in the place of the database. When what was there has been copied, it
// goes on to the end: that takes no time.
func (f *Files) replace(ctx context.Context, path string) (kept string, err error) {
	if kept, err = f.keep(ctx, path); err != nil {
		return "", err
	}
	f.reached("kept")
	// What is left of a log would be applied to the new file.
	if err := errors.Join(discardLogs(path), syncDir(f.config.Dir)); err != nil {
		return "", refuse("%w", err)
	}
	f.reached("cleared")
	if err := os.Rename(path+draftSuffix, path); err != nil {
		return "", refuse("%w", err)
	}
	f.reached("replaced")
	if err := syncDir(f.config.Dir); err != nil {
		return "", fmt.Errorf("the backup is restored, but perhaps not safe from a power cut: %w", err)
	}
	return kept, nil
}

// keep copies the database as it is now, if there is one, and returns where to. A second
// name for the same file would be quicker; but if nothing came after it, no server would
// open a file with two names.
func (f *Files) keep(ctx context.Context, path string) (kept string, err error) {
	if err := f.settle(path); err != nil {
		return "", err
	}
	f.reached("settled")
	name := path + ".before-restore-" + f.clock().UTC().Format("20060102T150405.000Z")
	if _, err := os.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
		return "", refuse("%s exists already: try again", name)
	}
	if err := copyDatabase(ctx, path, path+keepSuffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", refuseOr(ctx, "%s cannot be copied, so it could not be kept: make room, or move it away: %w", path, err)
	}
	for _, suffix := range append(logSuffixes, "") {
		err := os.Rename(path+keepSuffix+suffix, name+suffix)
		if err == nil {
			kept = name + suffix
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", refuse("%w", err)
		}
	}
	return kept, nil
}

// settle has what is in the log of the database written into its file, as far as both can
// be read.
func (f *Files) settle(path string) error {
	c, err := openConnection(path, f.config.BusyTimeout, "journal_mode(DELETE)", "synchronous(FULL)")
	if isLocked(err) {
		return refuse("another program has %s open: end it, and try again", path)
	}
	if err == nil {
		_ = c.close()
	}
	return nil
}

// note records the end of the restored trail as the end that the next server expects. Without
// the note the server would end every session once more, which does no harm.
func (f *Files) note(newest domain.AuditMark) error {
	history, err := openHistory(f.config.Dir, f.config.AuditKey)
	if err == nil {
		defer history.close()
		err = history.accept(newest)
	}
	if err != nil { // it does not wrap err, which would say that nothing has been changed
		return fmt.Errorf("the backup is restored, but the next start will end every session once more: %v", err)
	}
	return nil
}
