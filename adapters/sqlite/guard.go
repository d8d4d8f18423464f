package sqlite

import (
	"errors"
	"os"
	"sync/atomic"
)

// A guard stops writing for good when that could only make things worse: when the file
// that was opened is not at its path any more, so that nobody would ever find what is
// written, or when it has turned out to be damaged.
type guard struct {
	path   string
	opened os.FileInfo
	failed atomic.Pointer[error]
}

func newGuard(path string) (*guard, error) {
	info, err := os.Stat(path)
	return &guard{path: path, opened: info}, err
}

var (
	errReplaced = errors.New("the file was removed or replaced while it was open: restart the service")
	errDamaged  = errors.New("the file is damaged: stop the service and restore a backup")
)

// check returns nil while the file can be trusted.
func (g *guard) check() error {
	if failed := g.failed.Load(); failed != nil {
		return *failed
	}
	if info, err := os.Stat(g.path); err != nil || !os.SameFile(info, g.opened) {
		return errReplaced
	}
	return nil
}

// note remembers an error that shows damage.
func (g *guard) note(err error) {
	if isDamaged(err) {
		failed := errors.Join(errDamaged, err)
		g.failed.CompareAndSwap(nil, &failed)
	}
}
