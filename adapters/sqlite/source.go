package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"gatehouse/adapters/internal/ownfile"
	"gatehouse/domain"
	"gatehouse/ports"
)

// A source is a copy of a database that was opened to be restored. What is read is what was
// opened and checked, wherever its name leads by then.
type source struct {
	path string
	file *os.File
	logs map[string]*os.File // by suffix
}

// openSource opens the file that somebody wants to restore, and what may lie beside it.
func openSource(wanted ports.BackupFile) (*source, error) {
	file, err := ownfile.Open(wanted.Path, os.O_RDONLY)
	if err != nil {
		return nil, refuse("%w", err)
	}
	s := &source{wanted.Path, file, map[string]*os.File{}}
	if err := s.check(wanted); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *source) check(wanted ports.BackupFile) error {
	info, err := s.file.Stat()
	switch {
	case err != nil:
		return refuse("%w", err)
	case info.Size() == 0:
		return refuse("%s is empty", s.path)
	}
	beside, err := filesBeside(s.path)
	switch {
	case err != nil:
		return refuse("%w", err)
	case len(beside) > 0 && !wanted.SideFiles:
		return refuse("%s lies beside it, and a backup has no such file: SQLite keeps one beside a database that is in use. "+
			"If it is left over from another copy, or you do not know where it comes from, move it away. "+
			"If you copied it together with %s while nobody wrote to the database, say --with-side-files", s.path+beside[0], filepath.Base(s.path))
	}
	for _, suffix := range beside {
		if err := s.take(suffix, ownfile.Owner(info)); err != nil {
			return err
		}
	}
	return nil
}

// filesBeside returns the suffixes of the files that SQLite would count to a database at path.
func filesBeside(path string) (suffixes []string, err error) {
	for _, suffix := range append(slices.Clone(logSuffixes), indexSuffix) {
		if _, err := os.Lstat(path + suffix); err == nil {
			suffixes = append(suffixes, suffix)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return suffixes, nil
}

// take opens a file beside the source, in which nobody but its owner can have written.
func (s *source) take(suffix string, owner int) error {
	file, err := ownfile.Open(s.path+suffix, os.O_RDONLY)
	if err != nil {
		return refuse("%w", err)
	}
	s.logs[suffix] = file
	info, err := file.Stat()
	switch {
	case err != nil:
		return refuse("%w", err)
	case ownfile.Owner(info) != owner || ownfile.Names(info) > 1 || info.Mode().Perm()&0o022 != 0:
		return refuse("somebody else can have made or changed %s: it must belong to the account that %s belongs to, have one name (no hard link), "+
			"and be writable by nobody else: move it away, or make a new copy", file.Name(), filepath.Base(s.path))
	}
	return nil
}

// copy copies what was opened to new files, the logs first: a copy that has its name is all
// there. The index of a log is not copied, because SQLite makes it again.
func (s *source) copy(ctx context.Context, to string) error {
	for _, suffix := range logSuffixes {
		if log := s.logs[suffix]; log != nil {
			if err := copyTo(ctx, to+suffix, log); err != nil {
				return err
			}
		}
	}
	return copyTo(ctx, to, s.file)
}

// explain adds to a refusal of the whole what the logs may have to do with it.
func (s *source) explain(err error) error {
	if len(s.logs) == 0 || !errors.Is(err, domain.ErrBackupRefused) {
		return err
	}
	return fmt.Errorf("%w: perhaps what lies beside it belongs to another copy: move that away, and try again without --with-side-files", err)
}

func (s *source) close() {
	_ = s.file.Close() // nothing was written
	for _, log := range s.logs {
		_ = log.Close()
	}
}

// copyTo copies to a new file, for this account alone, and waits for the disk.
func copyTo(ctx context.Context, path string, from io.Reader) error {
	target, err := ownfile.Create(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, interruptible{ctx, from})
	return errors.Join(err, target.Sync(), target.Close())
}

// An interruptible reader ends with the error of its context.
type interruptible struct {
	ctx  context.Context
	from io.Reader
}

func (r interruptible) Read(into []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.from.Read(into)
}
