package sqlite

import (
	"iter"
	"math"
	"strings"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// Events implements [ports.AuditRecords]. A value of another type than its column has would
// match nothing, and its event would be left out silently: it is looked for as well.
func (r auditRecords) Events(filter ports.AuditFilter) iter.Seq2[domain.AuditEvent, error] {
	until := int64(math.MaxInt64)
	if !filter.Until.IsZero() {
		until = filter.Until.UnixMilli()
	}
	found := each(r, "reading the audit trail", scanEvent, selectEvent+`
  FROM audit_event
 WHERE (at >= ?1 AND at < ?2 OR typeof(at) <> 'integer')
   AND (?3 = '' OR staff_id = ?3 OR typeof(staff_id) <> 'text')
   AND (?4 = '' OR kind = ?4 OR typeof(kind) <> 'text')
   AND (?5 = '' OR outcome = ?5 OR typeof(outcome) <> 'text')
 ORDER BY sequence DESC`,
		filter.Since.UnixMilli(), until, string(filter.Staff), string(filter.Kind), string(filter.Outcome),
	)
	return limited(found, filter)
}

// limited applies what SQL cannot say of addresses, and the limit after it. It ends with an
// error at an event that is not in the spelling that this package writes.
func limited(events iter.Seq2[domain.SealedEvent, error], filter ports.AuditFilter) iter.Seq2[domain.AuditEvent, error] {
	return func(yield func(domain.AuditEvent, error) bool) {
		left := filter.Limit
		for event, err := range events {
			if err == nil && event.Altered {
				err = &domain.TrailBreak{Sequence: event.Sequence, How: domain.TrailAltered}
			}
			if err == nil && !filter.From(event.AuditEvent) {
				continue
			}
			if !yield(event.AuditEvent, err) || err != nil {
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
       previous_address,
       actor,
       actor_id`

// selectEarlierEvent is of a schema before [versionActors].
var selectEarlierEvent = strings.Replace(selectEvent, "actor,\n       actor_id", "'',\n       ''", 1)

// A storedEvent is what the columns of selectEvent, and then the seal, hold, as the driver
// gives it: whatever else it were scanned into, it would be converted to.
type storedEvent struct {
	columns [16]any
	altered bool // a value is not of its column's type, or not spelled as this package does
}

func (e *storedEvent) scan(row scanner, columns int) error {
	var into [len(e.columns)]any
	for i := range into {
		into[i] = &e.columns[i]
	}
	return row.Scan(into[:columns]...)
}

func (e *storedEvent) number(column int) int64 {
	number, is := e.columns[column].(int64)
	e.altered = e.altered || !is
	return number
}

func (e *storedEvent) text(column int) string {
	text, is := e.columns[column].(string)
	e.altered = e.altered || !is
	return text
}

func (e *storedEvent) event() (event domain.AuditEvent) {
	event.Sequence = e.number(0)
	event.At = time.UnixMilli(e.number(1)).UTC()
	event.Kind = domain.EventKind(e.text(2))
	event.Outcome = domain.Outcome(e.text(3))
	event.Reason = domain.Reason(e.text(4))
	event.StaffID = domain.StaffID(e.text(5))
	event.Subject = domain.SubjectHash(e.text(6))
	event.Session = domain.SessionID(e.text(7))
	from, before := e.text(8), e.text(12)
	event.Client = domain.Client{
		Address: storedAddress(from), UserAgent: e.text(9), RequestID: e.text(10),
		Actor: domain.Actor{Kind: domain.ActorKind(e.text(13)), Staff: domain.StaffID(e.text(14)), Name: e.text(11)},
	}
	event.PreviousAddress = storedAddress(before)
	e.altered = e.altered || address(event.Client.Address) != from || address(event.PreviousAddress) != before
	return event
}

// scanEvent reads an event without its seal.
func scanEvent(row scanner) (read domain.SealedEvent, err error) {
	var stored storedEvent
	err = stored.scan(row, 15)
	read.AuditEvent = stored.event()
	read.Altered = stored.altered
	return read, err
}

func scanSealedEvent(row scanner) (sealed domain.SealedEvent, err error) {
	var stored storedEvent
	err = stored.scan(row, 16)
	sealed.AuditEvent = stored.event()
	seal, _ := stored.columns[15].([]byte)
	sealed.Seal = storedSeal(seal)
	sealed.Altered = stored.altered || len(seal) != len(sealed.Seal)
	return sealed, err
}
