package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"gatehouse/adapters/internal/ownfile"
	"gatehouse/domain"
	"gatehouse/ports"
)

// HeadFileName is the file beside the database that holds the sequence and the seal of the
// newest audit event and the signature of both, in one line.
const HeadFileName = "audit.head"

// A history is the file. It is made, and on the disk, before the first event is committed:
// where there are events and no such file, somebody has removed it. What is written there
// later survives the process at once and a power cut within a minute, as the system writes
// files back; after a power cut it may lag, which is why a database that is ahead of it is in
// order.
type history struct {
	dir    string
	key    domain.AuditKey
	mu     sync.Mutex
	file   *os.File // nil as long as there is none
	newest domain.AuditMark
	// lost: newest is not in the database, or, if that is the zero mark, it is not known what
	// was. It stays until it is accepted.
	lost bool
}

var _ ports.History = (*DB)(nil)

// openHistory reads the file. Its content counts if key has signed it. Somebody who has cut off
// the end of the trail can therefore not record a different end.
func openHistory(dir string, key domain.AuditKey) (*history, error) {
	h := &history{dir: dir, key: key}
	file, err := ownfile.Open(h.path(), os.O_RDWR)
	if err == nil {
		h.file = file
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	h.newest, _ = h.read()
	return h, nil
}

// unknownEnd is the sequence in the file when a database was lost, and nobody knows how far its
// trail had come. No trail reaches it.
const unknownEnd = -1

// abandonHistory makes sure that the file names an end which a new database does not reach.
func abandonHistory(dir string, key domain.AuditKey) error {
	h, err := openHistory(dir, key)
	if err != nil {
		return err
	}
	defer h.close()
	if h.newest.Sequence > 0 {
		return nil
	}
	return h.accept(domain.AuditMark{Sequence: unknownEnd})
}

// adopt signs what versions before [versionSignedEnd] have left, or begins the history of a
// database of the first version, which came without one. That this is such a database is
// believed if the last event has the seal of those versions. It happens before the migration:
// whatever comes in between, the file is signed when the database is of the new version.
func (h *history) adopt(c *connection, version int64) error {
	if version >= versionSignedEnd {
		return nil
	}
	old, err := version < versionSealed, error(nil)
	if !old {
		old, err = endsAsBefore(c, version)
	}
	if err != nil || !old {
		return err
	}
	if mark, is := h.readUnsigned(); is {
		return h.accept(mark)
	}
	if version < versionSealed {
		err = h.begin()
	}
	return err
}

// endsAsBefore reports whether the newest event has the seal of versions that did not sign the
// end of the trail.
func endsAsBefore(c *connection, version int64) (bool, error) {
	trail := trailOf(c, version)
	checkpoint, err1 := trail.Checkpoint()
	head, err2 := trail.Head()
	if err := errors.Join(err1, err2); err != nil {
		return false, err
	}
	previous := checkpoint.Last
	for event, err := range trail.Trail(head.Sequence-2, 2) {
		if err != nil {
			return false, err
		}
		if event.Sequence == head.Sequence {
			return c.trail.key.SealedBefore(previous, event), nil
		}
		previous = event.Mark()
	}
	return false, nil
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
	case h.newest.Sequence == unknownEnd:
		h.newest, h.lost = domain.AuditMark{}, true
	case head.Sequence <= 0 && isPeopled(r):
		h.lost = true // each of them came with an event
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
		h.file, _ = ownfile.Open(h.path(), os.O_RDWR)
	}
	_, known := h.read()
	return known
}

func isPeopled(r ports.Records) bool {
	for range r.Staff().All() {
		return true // or it cannot be read
	}
	return false
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
		h.file, err = ownfile.Open(h.path(), os.O_CREATE|os.O_RDWR)
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
	_, err := h.file.WriteAt(fmt.Appendf(nil, markFormat, h.newest.Sequence, h.newest.Seal, h.key.SignEnd(h.newest)), 0)
	return err
}

// read returns what the file says, and false if there is none that says anything signed.
func (h *history) read() (domain.AuditMark, bool) {
	fields := h.line(markLength)
	if len(fields) != 3 {
		return domain.AuditMark{}, false
	}
	mark, is := parseMark(fields)
	signature, signed := domain.ParseSeal(fields[2])
	if !is || !signed || !h.key.SignsEnd(mark, signature) {
		return domain.AuditMark{}, false
	}
	return mark, true
}

// readUnsigned is read for what versions before [versionSignedEnd] have written.
func (h *history) readUnsigned() (domain.AuditMark, bool) {
	fields := h.line(unsignedLength)
	if len(fields) != 2 {
		return domain.AuditMark{}, false
	}
	return parseMark(fields)
}

// markFormat has the same length for every mark, so that one write replaces all of another: the
// sequence, the seal, and the signature of both.
const (
	markFormat     = "%020d %s %s\n"
	unsignedLength = 20 + 1 + 2*len(domain.Seal{}) + 1
	markLength     = unsignedLength + 2*len(domain.Seal{}) + 1
)

// line returns what is in the line of this length with which the file begins, or nothing.
func (h *history) line(length int) []string {
	if h.file == nil {
		return nil
	}
	text := make([]byte, length)
	if _, err := h.file.ReadAt(text, 0); err != nil || text[length-1] != '\n' {
		return nil
	}
	return strings.Split(string(text[:length-1]), " ")
}

func parseMark(fields []string) (domain.AuditMark, bool) {
	sequence, err := strconv.ParseInt(fields[0], 10, 64)
	seal, is := domain.ParseSeal(fields[1])
	return domain.AuditMark{Sequence: sequence, Seal: seal}, is && err == nil
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
func (db *DB) Accept(ctx context.Context) error {
	return db.View(ctx, func(r ports.Records) error {
		head, err := r.Audit().Head()
		if err != nil {
			return err
		}
		return db.history.accept(head)
	})
}
