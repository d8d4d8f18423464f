package sqlite

import (
	"errors"
	"io/fs"
	"sync/atomic"
	"syscall"
)

// A watch stops writing when that could only make things worse: as long as a file that was
// opened is not at its path any more, so that nobody would ever find what is written, and for
// good when the database has turned out to be damaged.
type watch struct {
	files  [3]watched  // the database, its log and the index of that
	gone   atomic.Bool // as of the last check
	failed atomic.Pointer[error]
}

// A watched is a file as it was opened.
type watched struct {
	path          string
	device, inode uint64
}

// newWatch needs a connection that has read from the database and stays open: as long as
// there is one, nobody who goes by the rules removes the log or its index.
func newWatch(path string) (*watch, error) {
	w := &watch{}
	for i, suffix := range []string{"", logSuffix, indexSuffix} {
		file := &w.files[i]
		file.path = path + suffix
		var info syscall.Stat_t
		if err := syscall.Stat(file.path, &info); err != nil {
			return nil, &fs.PathError{Op: "stat", Path: file.path, Err: err}
		}
		file.device, file.inode = uint64(info.Dev), info.Ino
	}
	return w, nil
}

var (
	errReplaced = errors.New("the file, or gatehouse.db-wal or gatehouse.db-shm beside it, was removed or replaced while it was open: restart the service")
	errDamaged  = errors.New("the file is damaged: stop the service and restore a backup")
)

// check returns nil while the files can be trusted. It asks the system once for each, which
// is what it costs.
func (w *watch) check() error {
	if failed := w.failed.Load(); failed != nil {
		return *failed
	}
	var info syscall.Stat_t
	gone := false
	for i := range w.files {
		file := &w.files[i]
		if syscall.Stat(file.path, &info) != nil || info.Ino != file.inode || uint64(info.Dev) != file.device {
			gone = true
		}
	}
	w.gone.Store(gone)
	return w.present()
}

// present returns nil unless a file was gone at the last check. What others have revoked
// since would not be seen in what is still open.
func (w *watch) present() error {
	if w.gone.Load() {
		return errReplaced
	}
	return nil
}

// note remembers an error that shows damage.
func (w *watch) note(err error) {
	if isDamaged(err) {
		failed := errors.Join(errDamaged, err)
		w.failed.CompareAndSwap(nil, &failed)
	}
}

// Unguarded implements [ports.AuditRecords]: it compares the whole schema with what the
// migrations make. What does not belong there counts too, because a trigger on any table can
// drop events as they are written, or change accounts.
func (r auditRecords) Unguarded() (problems []string, err error) {
	newest, err := migrations()
	if err != nil {
		return nil, err
	}
	found, err := differences(r, int64(len(newest)))
	if err != nil {
		return nil, unavailable("comparing the schema", err)
	}
	return append(found.foreign, found.guards...), nil
}
