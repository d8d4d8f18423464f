package sqlite

import (
	"fmt"

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
