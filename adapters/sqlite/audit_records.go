package sqlite

import (
	"database/sql"
	"errors"
	"iter"
	"math"
	"strings"

	"gatehouse/domain"
	"gatehouse/ports"
)

type auditRecords struct{ *connection }

// Append implements [ports.AuditRecords].
func (r auditRecords) Append(event domain.AuditEvent) error {
	end, err := r.end()
	if err != nil {
		return err
	}
	sealed := end.sealed(event)
	if err := r.insert(sealed); err != nil {
		return err
	}
	end.mark = sealed.Mark()
	return nil
}

// insertAtOnce are how many events one statement inserts; running one costs about as much as
// inserting a row.
var insertAtOnce = [...]int{16, 4, 1}

const (
	insertEvents = `
INSERT INTO audit_event (
       sequence,
       at,
       kind,
       outcome,
       reason,
       staff_id,
       subject,
       session_id,
       address,
       user_agent,
       request_id,
       operator,
       previous_address,
       seal
) VALUES `
	eventValues  = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	eventColumns = 14
)

// insertStatements are those for insertAtOnce.
var insertStatements = func() (all [len(insertAtOnce)]string) {
	for i, n := range insertAtOnce {
		all[i] = insertEvents + eventValues + strings.Repeat(", "+eventValues, n-1)
	}
	return all
}()

// insert inserts them with as few statements as there can be.
func (r auditRecords) insert(events ...domain.SealedEvent) error {
	for i, n := range insertAtOnce {
		for ; len(events) >= n; events = events[n:] {
			if err := r.insertWith(insertStatements[i], events[:n]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r auditRecords) insertWith(statement string, events []domain.SealedEvent) error {
	args := make([]any, 0, len(events)*eventColumns)
	for i := range events {
		event := &events[i]
		args = append(args,
			event.Sequence, event.At.UnixMilli(), string(event.Kind), string(event.Outcome), string(event.Reason),
			string(event.StaffID), string(event.Subject), string(event.Session),
			address(event.Client.Address), event.Client.UserAgent, event.Client.RequestID, event.Client.Operator,
			address(event.PreviousAddress), event.Seal[:],
		)
	}
	_, err := r.run(statement, args...)
	return unavailable("appending to the audit trail", err)
}

// Head implements [ports.AuditRecords].
func (r auditRecords) Head() (mark domain.AuditMark, err error) {
	var seal []byte
	err = r.row(`SELECT sequence, seal FROM audit_event ORDER BY sequence DESC LIMIT 1`, nil, &mark.Sequence, &seal)
	if errors.Is(err, sql.ErrNoRows) {
		checkpoint, err := r.Checkpoint()
		return checkpoint.Last, err
	}
	mark.Seal = storedSeal(seal)
	return mark, unavailable("reading the end of the audit trail", err)
}

// Checkpoint implements [ports.AuditRecords].
func (r auditRecords) Checkpoint() (c domain.AuditCheckpoint, err error) {
	var seal, signature []byte
	var at, removed storedTime
	err = r.row(`SELECT sequence, seal, at, removed_at, signature FROM audit_checkpoint`, nil,
		&c.Last.Sequence, &seal, &at, &removed, &signature)
	if errors.Is(err, sql.ErrNoRows) {
		return domain.AuditCheckpoint{}, nil
	}
	c.Last.Seal, c.Signature = storedSeal(seal), storedSeal(signature)
	c.At, c.RemovedAt = at.Time, removed.Time
	return c, unavailable("reading the audit checkpoint", err)
}

// Retire implements [ports.AuditRecords].
func (r auditRecords) Retire(c domain.AuditCheckpoint) error {
	_, err := r.run(`
INSERT INTO audit_checkpoint (id, sequence, seal, at, removed_at, signature)
VALUES (1, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
       sequence   = excluded.sequence,
       seal       = excluded.seal,
       at         = excluded.at,
       removed_at = excluded.removed_at,
       signature  = excluded.signature`,
		c.Last.Sequence, c.Last.Seal[:], c.At.UnixMilli(), c.RemovedAt.UnixMilli(), c.Signature[:])
	if err != nil {
		return unavailable("sealing old audit events", err)
	}
	_, err = r.run(`DELETE FROM audit_event WHERE sequence <= ?`, c.Last.Sequence)
	return unavailable("removing old audit events", err)
}

// Trail implements [ports.AuditRecords].
func (r auditRecords) Trail(after int64, limit int) iter.Seq2[domain.SealedEvent, error] {
	where := `WHERE sequence > ?1`
	if after == math.MinInt64 { // which somebody may have stored
		where = `WHERE sequence >= ?1`
	}
	return each(r.connection, "reading the audit trail", scanSealedEvent,
		selectEvent+`, seal FROM audit_event `+where+` ORDER BY sequence LIMIT ?2`, after, limit)
}

// Events implements [ports.AuditRecords].
func (r auditRecords) Events(filter ports.AuditFilter) iter.Seq2[domain.AuditEvent, error] {
	until := int64(math.MaxInt64)
	if !filter.Until.IsZero() {
		until = filter.Until.UnixMilli()
	}
	where := ` WHERE at >= ?1 AND at < ?2`
	if filter.Staff != "" {
		where += ` AND staff_id = ?3 AND staff_id <> ''` // the second half lets the index be used
	}
	found := each(r.connection, "reading the audit trail", scanEvent, selectEvent+`
  FROM audit_event`+where+`
   AND (?4 = '' OR kind = ?4)
   AND (?5 = '' OR outcome = ?5)
 ORDER BY sequence DESC`,
		filter.Since.UnixMilli(), until, string(filter.Staff), string(filter.Kind), string(filter.Outcome),
	)
	return limited(found, filter)
}

// limited applies what SQL cannot say of addresses, and the limit after it.
func limited(events iter.Seq2[domain.AuditEvent, error], filter ports.AuditFilter) iter.Seq2[domain.AuditEvent, error] {
	return func(yield func(domain.AuditEvent, error) bool) {
		left := filter.Limit
		for event, err := range events {
			if err == nil && !filter.From(event) {
				continue
			}
			if !yield(event, err) {
				return
			}
			if left--; left == 0 {
				return
			}
		}
	}
}

const selectEvent = `
SELECT sequence,
       at,
       kind,
       outcome,
       reason,
       staff_id,
       subject,
       session_id,
       address,
       user_agent,
       request_id,
       operator,
       previous_address`

// A storedEvent is where the columns of selectEvent are scanned into.
type storedEvent struct {
	domain.AuditEvent
	at                storedTime
	address, previous string
}

func (e *storedEvent) columns() []any {
	return []any{
		&e.Sequence, &e.at, &e.Kind, &e.Outcome, &e.Reason,
		&e.StaffID, &e.Subject, &e.Session,
		&e.address, &e.Client.UserAgent, &e.Client.RequestID, &e.Client.Operator, &e.previous,
	}
}

func (e *storedEvent) event() domain.AuditEvent {
	e.At, e.Client.Address, e.PreviousAddress = e.at.Time, storedAddress(e.address), storedAddress(e.previous)
	return e.AuditEvent
}

// unlike reports whether a column is not in the spelling that this package writes.
func (e *storedEvent) unlike() bool {
	return address(e.Client.Address) != e.address || address(e.PreviousAddress) != e.previous
}

func scanEvent(row scanner) (domain.AuditEvent, error) {
	var stored storedEvent
	err := row.Scan(stored.columns()...)
	return stored.event(), err
}

func scanSealedEvent(row scanner) (sealed domain.SealedEvent, err error) {
	var stored storedEvent
	var seal []byte
	err = row.Scan(append(stored.columns(), &seal)...)
	sealed.AuditEvent = stored.event()
	sealed.Seal = storedSeal(seal)
	sealed.Altered = stored.unlike() || len(seal) != len(sealed.Seal)
	return sealed, err
}
