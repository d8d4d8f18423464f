package sqlite

import (
	"database/sql"
	"errors"
	"iter"
	"math"
	"strings"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

type auditRecords struct{ access }

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
       actor,
       actor_id,
       seal
) VALUES `
	eventValues  = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	eventColumns = 16
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
			address(event.Client.Address), event.Client.UserAgent, event.Client.RequestID, event.Client.Actor.Name,
			address(event.PreviousAddress), string(event.Client.Actor.Kind), string(event.Client.Actor.Staff), event.Seal[:],
		)
	}
	_, err := r.run(statement, args...)
	return unavailable("appending to the audit trail", err)
}

// Head implements [ports.AuditRecords].
func (r auditRecords) Head() (mark domain.AuditMark, err error) {
	var seal []byte
	err = row(r, `SELECT sequence, seal FROM audit_event ORDER BY sequence DESC LIMIT 1`, nil, &mark.Sequence, &seal)
	if errors.Is(err, sql.ErrNoRows) {
		checkpoint, err := r.Checkpoint()
		return checkpoint.Last, err
	}
	mark.Seal = storedSeal(seal)
	return mark, unavailable("reading the end of the audit trail", err)
}

// Checkpoint implements [ports.AuditRecords]. One with a value of the wrong type, which the
// triggers would compare otherwise, is returned without a signature.
func (r auditRecords) Checkpoint() (c domain.AuditCheckpoint, err error) {
	var sequence, seal, at, removed, signature any
	err = row(r, `SELECT sequence, seal, at, removed_at, signature FROM audit_checkpoint`, nil,
		&sequence, &seal, &at, &removed, &signature)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return domain.AuditCheckpoint{}, nil
	case err != nil:
		return c, unavailable("reading the audit checkpoint", err)
	}
	sealed, whole1 := seal.([]byte)
	signed, whole2 := signature.([]byte)
	number, whole3 := sequence.(int64)
	happened, whole4 := at.(int64)
	gone, whole5 := removed.(int64)
	c.Last = domain.AuditMark{Sequence: number, Seal: storedSeal(sealed)}
	c.At, c.RemovedAt = time.UnixMilli(happened).UTC(), time.UnixMilli(gone).UTC()
	if whole1 && whole2 && whole3 && whole4 && whole5 {
		c.Signature = storedSeal(signed)
	}
	return c, nil
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
	return r.trail(selectEvent, after, limit)
}

func (r auditRecords) trail(columns string, after int64, limit int) iter.Seq2[domain.SealedEvent, error] {
	where := `WHERE sequence > ?1`
	if after == math.MinInt64 { // which somebody may have stored
		where = `WHERE sequence >= ?1`
	}
	return each(r, "reading the audit trail", scanSealedEvent,
		columns+`, seal FROM audit_event `+where+` ORDER BY sequence LIMIT ?2`, after, limit)
}

// trailOf reads the trail of a schema that may be older than this program.
func trailOf(c *connection, version int64) ports.AuditRecords {
	if version < versionActors {
		return earlierAudit{auditRecords{c}}
	}
	return auditRecords{c}
}

// earlierAudit is the trail of a schema before [versionActors].
type earlierAudit struct{ auditRecords }

// Trail implements [ports.AuditRecords].
func (r earlierAudit) Trail(after int64, limit int) iter.Seq2[domain.SealedEvent, error] {
	return r.trail(selectEarlierEvent, after, limit)
}
