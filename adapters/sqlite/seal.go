package sqlite

import (
	"fmt"
	"hash"
	"io"
	"strings"

	"gatehouse/domain"
)

// A trailEnd is how far the audit trail goes on a connection that writes: the next event is
// sealed with what is here. It is read from the database when it is not known.
type trailEnd struct {
	key   domain.AuditKey
	mark  domain.AuditMark
	known bool
}

// forget has the end read again, because another process may have written.
func (e *trailEnd) forget() { e.known = false }

// end returns the connection's trail end.
func (c *connection) end() (*trailEnd, error) {
	if !c.trail.known {
		mark, err := auditRecords{c}.Head()
		if err != nil {
			return nil, err
		}
		c.trail.mark, c.trail.known = mark, true
	}
	return &c.trail, nil
}

// sealed gives the event its place at the end of the trail.
func (e *trailEnd) sealed(event domain.AuditEvent) domain.SealedEvent {
	event.Sequence = e.mark.Sequence + 1
	return domain.SealedEvent{AuditEvent: event, Seal: e.key.Seal(e.mark, event)}
}

// sealOldEvents moves the events of a database of version 1, which had no seals.
func sealOldEvents(c *connection) error {
	old := each(c, "reading the unsealed audit trail", scanEvent, selectEarlierEvent+` FROM audit_event_unsealed ORDER BY sequence`)
	for event, err := range old {
		if err != nil {
			return err
		}
		if err := (auditRecords{c}).Append(event.AuditEvent); err != nil {
			return fmt.Errorf("sealing event %d: %w", event.Sequence, err)
		}
	}
	return c.exec(dropUnsealed)
}

const dropUnsealed = `DROP TABLE audit_event_unsealed`

// A backup ends with a line that holds the keyed digest of all the bytes before it. SQLite does
// not look behind the last page of a database, so it is one for every program all the same.
// Decision 0009 says why it is there and not in a table.
const (
	trailerStart  = "\ngatehouse backup 1 "
	trailerLength = int64(len(trailerStart) + 2*len(domain.Seal{}) + 1)
)

// trailer is the line for a digest to which everything has been written.
func trailer(digest hash.Hash) string {
	var seal domain.Seal
	digest.Sum(seal[:0])
	return trailerStart + seal.String() + "\n"
}

// claimed returns the trailer with which a file of this size ends, "" if it has none. Whether it
// is right shows when the bytes before it have been read.
func claimed(file io.ReaderAt, size int64) (string, error) {
	if size < trailerLength {
		return "", nil
	}
	end := make([]byte, trailerLength)
	if _, err := file.ReadAt(end, size-trailerLength); err != nil {
		return "", err
	}
	if !strings.HasPrefix(string(end), trailerStart) {
		return "", nil
	}
	return string(end), nil
}
