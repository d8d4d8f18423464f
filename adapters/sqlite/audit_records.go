package sqlite

import (
	"iter"
	"math"

	"gatehouse/domain"
	"gatehouse/ports"
)

type auditRecords struct{ *connection }

// Append implements [ports.AuditRecords].
func (r auditRecords) Append(event domain.AuditEvent) error {
	_, err := r.run(`
INSERT INTO audit_event (
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
       previous_address
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		millis(event.At), string(event.Kind), string(event.Outcome), string(event.Reason),
		string(event.StaffID), string(event.Subject), string(event.Session),
		address(event.Client.Address), event.Client.UserAgent, event.Client.RequestID, event.Client.Operator,
		address(event.PreviousAddress),
	)
	return unavailable("appending to the audit trail", err)
}

// Events implements [ports.AuditRecords].
func (r auditRecords) Events(filter ports.AuditFilter) iter.Seq2[domain.AuditEvent, error] {
	until, limit := int64(math.MaxInt64), int64(-1)
	if !filter.Until.IsZero() {
		until = filter.Until.UnixMilli()
	}
	if filter.Limit > 0 {
		limit = int64(filter.Limit)
	}
	where := ` WHERE at >= ?1 AND at < ?2`
	if filter.Staff != "" {
		where += ` AND staff_id = ?3 AND staff_id <> ''` // the second half lets the index be used
	}
	return each(r.connection, "reading the audit trail", scanEvent, `
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
       previous_address
  FROM audit_event`+where+`
   AND (?4 = '' OR kind = ?4)
   AND (?5 = '' OR outcome = ?5)
 ORDER BY sequence DESC
 LIMIT ?6`,
		filter.Since.UnixMilli(), until, string(filter.Staff), string(filter.Kind), string(filter.Outcome), limit,
	)
}

func scanEvent(row scanner) (event domain.AuditEvent, err error) {
	var at storedTime
	var address, previous string
	err = row.Scan(
		&event.Sequence, &at, &event.Kind, &event.Outcome, &event.Reason,
		&event.StaffID, &event.Subject, &event.Session,
		&address, &event.Client.UserAgent, &event.Client.RequestID, &event.Client.Operator, &previous,
	)
	event.At, event.Client.Address, event.PreviousAddress = at.Time, storedAddress(address), storedAddress(previous)
	return event, err
}
