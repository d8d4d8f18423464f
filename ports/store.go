package ports

import (
	"context"

	"gatehouse/domain"
)

// A Store keeps staff, sessions and the audit trail.
//
// Any error that is not the callback's own wraps [gatehouse/domain.ErrUnavailable]: the
// store cannot answer right now, and nothing has been changed.
type Store interface {
	// Update runs change alone: no other Update runs at the same time, and nobody sees
	// what it writes before it is complete. When Update returns nil, everything that
	// change wrote has reached the disk and survives a crash or a power cut. When
	// change returns an error or panics, nothing of it remains, and Update returns that
	// error or panics.
	//
	// change must be quick: it must not hash, sign or wait. It may be called once only.
	// The Records are no longer valid after it returns.
	Update(ctx context.Context, change func(Records) error) error

	// View runs read on one consistent state that includes every Update that has
	// returned. Many may run at a time. Writing in it is an error.
	View(ctx context.Context, read func(Records) error) error
	// Session returns a session and its owner as one View would show them, or
	// [gatehouse/domain.ErrSessionNotFound]. Every request with a token asks this, so it is
	// made to be quick.
	Session(ctx context.Context, id domain.SessionID) (domain.Staff, domain.Session, error)
}

// Records are what a [Store] holds, as seen from within one Update or View. They must
// not be used from several goroutines.
type Records interface {
	Staff() StaffRecords
	Sessions() SessionRecords
	Imports() ImportRecords
	Throttle() ThrottleRecords
	Links() LinkRecords
	Outbox() OutboxRecords
	Deletions() DeletionRecords
	Audit() AuditRecords
}
