package ports

import (
	"iter"
	"time"

	"gatehouse/domain"
)

// AuditRecords are the audit trail: it only grows.
type AuditRecords interface {
	// Append adds the event at the end; its Sequence is given by the store.
	Append(event domain.AuditEvent) error
	// Events yields the newest events that match, newest first, and stops after an error.
	Events(filter AuditFilter) iter.Seq2[domain.AuditEvent, error]
}

// An AuditFilter selects events; zero fields do not restrict.
type AuditFilter struct {
	Staff   domain.StaffID
	Kind    domain.EventKind
	Outcome domain.Outcome
	// Since is inclusive, Until exclusive.
	Since, Until time.Time
	// Limit is the number of events at most; zero means all.
	Limit int
}
