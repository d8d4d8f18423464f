package sqlite

import (
	"context"
	"crypto/hmac"
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
	size int64 // of the file
	// claim is the trailer with which it ends, "" if nobody has signed it; broken: it is wrong.
	claim  string
	broken bool
	logs   map[string]*os.File // by suffix
}

// openSource opens the file that somebody wants to restore, and what may lie beside it.
func openSource(wanted ports.BackupFile) (*source, error) {
	file, err := ownfile.Open(wanted.Path, os.O_RDONLY)
	if err != nil {
		return nil, refuse("%w", err)
	}
	s := &source{path: wanted.Path, file: file, logs: map[string]*os.File{}}
	if err := s.check(wanted); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *source) check(wanted ports.BackupFile) error {
	info, err := s.file.Stat()
	if err != nil {
		return refuse("%w", err)
	}
	s.size = info.Size()
	if s.claim, err = claimed(s.file, s.size); err != nil {
		return refuse("%w", err)
	}
	if err := s.checkKind(); err != nil {
		return err
	}
	if err := s.checkBeside(wanted, ownfile.Owner(info)); err != nil {
		return err
	}
	if s.claim == "" && !wanted.UnsignedCopy {
		return refuse("%s does not end with the digest of gatehouse backup: it was made by other means or by an earlier version, or somebody has taken the digest away. "+
			"Only its audit trail can be checked: nothing shows whether people, passwords and rights in it are as they were. "+
			"If you know where it comes from, go on with --unsigned-copy", s.path)
	}
	return nil
}

// checkKind tells early of what has been taken for a backup by mistake.
func (s *source) checkKind() error {
	const magic = "SQLite format 3\x00" // https://www.sqlite.org/fileformat.html
	start := make([]byte, len(magic))
	_, err := s.file.ReadAt(start, 0)
	switch {
	case s.size == 0:
		return refuse("%s is empty", s.path)
	case err != nil && !errors.Is(err, io.EOF):
		return refuse("%w", err)
	case string(start) != magic:
		return refuse("%s is damaged or not a database", s.path)
	}
	return nil
}

func (s *source) checkBeside(wanted ports.BackupFile, owner int) error {
	beside, err := filesBeside(s.path)
	switch {
	case err != nil:
		return refuse("%w", err)
	case len(beside) > 0 && s.claim != "":
		return refuse("%s lies beside it, and nothing belongs to what gatehouse backup has written: another program has opened it, or somebody has put that there. "+
			"Move it away", s.path+beside[0])
	case len(beside) > 0 && !wanted.SideFiles:
		return refuse("%s lies beside it, and a backup has no such file: SQLite keeps one beside a database that is in use. "+
			"If it is left over from another copy, or you do not know where it comes from, move it away. "+
			"If you copied it together with %s while nobody wrote to the database, say --with-side-files", s.path+beside[0], filepath.Base(s.path))
	}
	for _, suffix := range beside {
		if err := s.take(suffix, owner); err != nil {
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

// take opens a file beside the source. Only its owner can have written into it.
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
// there. The index of a log is not copied, because SQLite makes it again, and neither is the
// trailer, which is compared.
func (s *source) copy(ctx context.Context, to string, key domain.AuditKey) error {
	for _, suffix := range logSuffixes {
		if log := s.logs[suffix]; log != nil {
			if err := copyTo(ctx, to+suffix, log); err != nil {
				return err
			}
		}
	}
	digest := key.NewBackupDigest()
	pages := io.LimitReader(s.file, s.size-int64(len(s.claim)))
	if err := copyTo(ctx, to, io.TeeReader(pages, digest)); err != nil {
		return err
	}
	s.broken = s.claim != "" && !hmac.Equal([]byte(s.claim), []byte(trailer(digest)))
	return nil
}

// refuseBroken refuses what was changed after it had been signed.
func (s *source) refuseBroken(wanted ports.BackupFile) error {
	if !s.broken || wanted.BrokenTrail {
		return nil
	}
	return refuse("%s is not as gatehouse backup has written it: it was changed or is damaged, or audit.key is not the one of that time: "+
		"put back the right key, take another backup, or go on all the same with --broken-trail", s.path)
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
