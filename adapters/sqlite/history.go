package sqlite

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"gatehouse/domain"
	"gatehouse/ports"
)

// HeadFileName is the file beside the database that holds the sequence and the seal of the
// newest audit event, in one line.
const HeadFileName = "audit.head"

// A history is the file. It is made, and on the disk, before the first event is committed:
// where there are events and no such file, somebody has removed it. What is written there
// later survives the process at once and a power cut within a minute, as the system writes
// files back; after a power cut it may lag, which is why a database that is ahead of it is in
// order.
type history struct {
	dir    string
	mu     sync.Mutex
	file   *os.File // nil as long as there is none
	newest domain.AuditMark
	// lost: newest is not in the database, or, if that is the zero mark, it is not known what
	// was. It stays until it is accepted.
	lost bool
}

var _ ports.History = (*DB)(nil)

// openHistory reads the file. The history of a database that never had one is begun if it is
// not there.
func openHistory(dir string, begin bool) (*history, error) {
	h := &history{dir: dir}
	file, err := os.OpenFile(h.path(), os.O_RDWR, 0)
	if err == nil {
		h.file = file
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if begin {
		if err := h.begin(); err != nil {
			return h, err
		}
	}
	h.newest, _ = h.read()
	return h, nil
}

func (h *history) path() string { return filepath.Join(h.dir, HeadFileName) }

func (h *history) close() { _ = h.file.Close() } // a nil file has nothing to close

// compare finds out whether the database still has the newest event.
func (h *history) compare(r ports.Records) error {
	_, known := h.read()
	head, err := r.Audit().Head()
	if err != nil {
		return err
	}
	checkpoint, err := r.Audit().Checkpoint()
	if err != nil {
		return err
	}
	switch {
	case !known && head.Sequence <= 0:
		return h.begin() // there is nothing that could be missing
	case !known && !h.begunMeanwhile():
		h.lost = true
	case h.newest.Sequence > head.Sequence:
		h.lost = true
	case h.newest.Sequence > checkpoint.Last.Sequence:
		h.lost = !contains(r, h.newest)
	}
	if !h.lost {
		h.advance(head)
	}
	return nil
}

// begunMeanwhile reports whether another process has made the file since it was looked for,
// as two that start at once in a new folder may.
func (h *history) begunMeanwhile() bool {
	if h.file == nil {
		h.file, _ = os.OpenFile(h.path(), os.O_RDWR, 0)
	}
	_, known := h.read()
	return known
}

func contains(r ports.Records, mark domain.AuditMark) bool {
	for event, err := range r.Audit().Trail(mark.Sequence-1, 1) {
		return err == nil && event.Mark() == mark
	}
	return false
}

// begin makes the file, with the zero mark, unless it says something already.
func (h *history) begin() error {
	if err := h.create(); err != nil {
		return err
	}
	if err := syscall.Flock(int(h.file.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	defer func() { _ = syscall.Flock(int(h.file.Fd()), syscall.LOCK_UN) }()
	if _, known := h.read(); known {
		return nil
	}
	return errors.Join(h.write(), h.file.Sync(), syncDir(h.dir))
}

func (h *history) create() (err error) {
	if h.file == nil {
		h.file, err = os.OpenFile(h.path(), os.O_CREATE|os.O_RDWR, 0o600)
	}
	return err
}

// advance notes a newer event. Should that fail, the file lags.
func (h *history) advance(mark domain.AuditMark) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.lost && mark.Sequence > h.newest.Sequence {
		h.newest = mark
		h.raise()
	}
}

// raise writes the mark unless another process, which committed later, was faster.
func (h *history) raise() {
	if syscall.Flock(int(h.file.Fd()), syscall.LOCK_EX) != nil {
		return
	}
	defer func() { _ = syscall.Flock(int(h.file.Fd()), syscall.LOCK_UN) }()
	if written, _ := h.read(); written.Sequence < h.newest.Sequence {
		_ = h.write()
	}
}

// accept makes the mark the newest, whatever was known before, and waits for the disk.
func (h *history) accept(mark domain.AuditMark) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	const doing = "writing down the end of the audit trail"
	if err := h.create(); err != nil {
		return unavailable(doing, err)
	}
	h.newest, h.lost = mark, false
	return unavailable(doing, errors.Join(h.write(), h.file.Sync(), syncDir(h.dir)))
}

func (h *history) write() error {
	_, err := h.file.WriteAt(fmt.Appendf(nil, markFormat, h.newest.Sequence, h.newest.Seal), 0)
	return err
}

// read returns what the file says, and false if there is none that says anything.
func (h *history) read() (domain.AuditMark, bool) {
	if h.file == nil {
		return domain.AuditMark{}, false
	}
	return readMark(h.file)
}

// markFormat has the same length for every mark, so that one write replaces all of another.
const markFormat = "%020d %s\n"

const markLength = 20 + 1 + 2*len(domain.Seal{}) + 1

// readMark returns false if the file holds no mark.
func readMark(file io.ReaderAt) (mark domain.AuditMark, is bool) {
	text := make([]byte, markLength)
	if _, err := file.ReadAt(text, 0); err != nil {
		return domain.AuditMark{}, false
	}
	number, seal, _ := strings.Cut(strings.TrimSpace(string(text)), " ")
	sequence, err := strconv.ParseInt(number, 10, 64)
	n, bad := hex.Decode(mark.Seal[:], []byte(seal))
	if err != nil || bad != nil || n != len(mark.Seal) {
		return domain.AuditMark{}, false
	}
	mark.Sequence = sequence
	return mark, true
}

// Lost implements [ports.History].
func (db *DB) Lost() (domain.AuditMark, bool) {
	db.history.mu.Lock()
	defer db.history.mu.Unlock()
	return db.history.newest, db.history.lost
}

// Newest implements [ports.History].
func (db *DB) Newest() domain.AuditMark {
	db.history.mu.Lock()
	defer db.history.mu.Unlock()
	return db.history.newest
}

// Accept implements [ports.History].
func (db *DB) Accept() error {
	return db.View(context.Background(), func(r ports.Records) error {
		head, err := r.Audit().Head()
		if err != nil {
			return err
		}
		return db.history.accept(head)
	})
}
