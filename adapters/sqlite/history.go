package sqlite

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
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

// A history is the file. What is written there survives the process at once and a power cut
// within a minute, as the system writes files back; after a power cut it may lag, which is
// why a database that is ahead of it is in order.
type history struct {
	mu     sync.Mutex
	file   *os.File
	newest domain.AuditMark
	lost   bool // newest is not in the database, and stays until it is accepted
}

var _ ports.History = (*DB)(nil)

func openHistory(dir string) (*history, error) {
	file, err := os.OpenFile(filepath.Join(dir, HeadFileName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	return &history{file: file, newest: readMark(file)}, nil
}

func (h *history) close() { _ = h.file.Close() }

// compare finds out whether the database still has the newest event.
func (h *history) compare(r ports.Records) error {
	head, err := r.Audit().Head()
	if err != nil {
		return err
	}
	checkpoint, err := r.Audit().Checkpoint()
	if err != nil {
		return err
	}
	h.lost = false
	switch {
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

func contains(r ports.Records, mark domain.AuditMark) bool {
	for event, err := range r.Audit().Trail(mark.Sequence-1, 1) {
		return err == nil && event.Mark() == mark
	}
	return false
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
	if readMark(h.file).Sequence < h.newest.Sequence {
		h.write()
	}
}

// accept makes the mark the newest, whatever was known before, and waits for the disk.
func (h *history) accept(mark domain.AuditMark) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.newest, h.lost = mark, false
	h.write()
	return unavailable("writing down the end of the audit trail", h.file.Sync())
}

func (h *history) write() {
	_, _ = h.file.WriteAt(fmt.Appendf(nil, markFormat, h.newest.Sequence, h.newest.Seal), 0)
}

// markFormat has the same length for every mark, so that one write replaces all of another.
const markFormat = "%020d %s\n"

const markLength = 20 + 1 + 2*len(domain.Seal{}) + 1

// readMark returns the zero mark if the file holds none.
func readMark(file io.ReaderAt) (mark domain.AuditMark) {
	text := make([]byte, markLength)
	if _, err := file.ReadAt(text, 0); err != nil {
		return domain.AuditMark{}
	}
	number, seal, _ := strings.Cut(strings.TrimSpace(string(text)), " ")
	sequence, err := strconv.ParseInt(number, 10, 64)
	n, bad := hex.Decode(mark.Seal[:], []byte(seal))
	if err != nil || bad != nil || n != len(mark.Seal) {
		return domain.AuditMark{}
	}
	mark.Sequence = sequence
	return mark
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
