package ports

import (
	"iter"
	"net/netip"
	"time"

	"gatehouse/domain"
)

// AuditRecords are the audit trail. Events are only ever added at its end.
type AuditRecords interface {
	// Append seals the event and adds it at the end. The store gives it its Sequence.
	Append(event domain.AuditEvent) error
	// Trail yields the events after that sequence as they are stored, oldest first, limit at
	// most. It stops after an error. After [math.MinInt64] it yields every row, even one that no
	// store would have written.
	Trail(after int64, limit int) iter.Seq2[domain.SealedEvent, error]
	// Head is the place of the newest event. If all have been removed as old, it is the place of
	// the last of them.
	Head() (domain.AuditMark, error)
	// Checkpoint stands for the events that were removed as old. It is zero if none were.
	Checkpoint() (domain.AuditCheckpoint, error)
	// Retire removes the events up to checkpoint.Last, which must be the place of an event that
	// is there. It signs the checkpoint and keeps it in their place.
	Retire(checkpoint domain.AuditCheckpoint) error
	// Unguarded looks at the guards that keep others from changing the trail. It returns half a
	// sentence for each guard that is missing and each extra thing that could change the trail.
	// It returns none if all is as it should be.
	Unguarded() ([]string, error)
	// Events yields the newest events that match, newest first, and stops after an error. The
	// error is [gatehouse/domain.ErrTrailBroken] at a row that no store can have written.
	Events(filter AuditFilter) iter.Seq2[domain.AuditEvent, error]
}

// An AuditFilter selects events. A zero field restricts nothing.
type AuditFilter struct {
	Staff   domain.StaffID
	Kind    domain.EventKind
	Outcome domain.Outcome
	// Address is a network. It matches where the request came from, and where the session was
	// last used from.
	Address netip.Prefix
	// Since is inclusive, Until exclusive.
	Since, Until time.Time
	// Limit is how many events there are at most; zero means all.
	Limit int
}

// Matches reports whether the filter lets the event through. It leaves the limit aside.
func (f AuditFilter) Matches(event domain.AuditEvent) bool {
	return (f.Staff == "" || event.StaffID == f.Staff) &&
		(f.Kind == "" || event.Kind == f.Kind) &&
		(f.Outcome == "" || event.Outcome == f.Outcome) &&
		!event.At.Before(f.Since) &&
		(f.Until.IsZero() || event.At.Before(f.Until)) &&
		f.From(event)
}

// From reports whether the event came from one of the filter's addresses.
func (f AuditFilter) From(event domain.AuditEvent) bool {
	return !f.Address.IsValid() ||
		f.Address.Contains(event.Client.Address) || f.Address.Contains(event.PreviousAddress)
}
