package ports

import (
	"iter"
	"net/netip"
	"time"

	"gatehouse/domain"
)

// AuditRecords are the audit trail: it only grows.
type AuditRecords interface {
	// Append seals the event and adds it at the end; its Sequence is given by the store.
	Append(event domain.AuditEvent) error
	// Trail yields the events after the one with the sequence, oldest first, limit at most,
	// as they are stored; it stops after an error. After [math.MinInt64] comes whatever
	// there is, even what no store would put there.
	Trail(after int64, limit int) iter.Seq2[domain.SealedEvent, error]
	// Head is the place of the newest event; where all have been retired, that of the last
	// of those.
	Head() (domain.AuditMark, error)
	// Checkpoint stands for the events that have been retired, or is the zero one.
	Checkpoint() (domain.AuditCheckpoint, error)
	// Retire removes the events up to checkpoint.Last, which is the place of an event that is
	// there, and keeps the checkpoint, signed, in their stead.
	Retire(checkpoint domain.AuditCheckpoint) error
	// Unguarded says what is wrong with that which keeps others from changing the trail in
	// the store, or is there and could change anything: half a sentence each, and none if it
	// is as it should be.
	Unguarded() ([]string, error)
	// Events yields the newest events that match, newest first, and stops after an error; one
	// is [gatehouse/domain.ErrTrailBroken], where an event cannot have been written so.
	Events(filter AuditFilter) iter.Seq2[domain.AuditEvent, error]
}

// An AuditFilter selects events; zero fields do not restrict.
type AuditFilter struct {
	Staff   domain.StaffID
	Kind    domain.EventKind
	Outcome domain.Outcome
	// Address is where a request came from, or the session was last used from.
	Address netip.Prefix
	// Since is inclusive, Until exclusive.
	Since, Until time.Time
	// Limit is the number of events at most; zero means all.
	Limit int
}

// Matches reports whether the filter lets the event through. The limit is not its business.
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
