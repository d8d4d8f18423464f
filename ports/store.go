package ports

import (
	"context"

	"gatehouse/domain"
)

// A Store keeps staff, sessions and the audit trail. It may be used concurrently.
//
// An error that is not the callback's own wraps [gatehouse/domain.ErrUnavailable]: the store
// cannot answer right now, and nothing has been changed.
type Store interface {
	// Update runs change alone: no other Update runs at the same time, and no View sees a part of
	// what it writes. When Update returns nil, everything that change wrote has reached the disk
	// and survives a crash or a power cut. When change returns an error or panics, nothing of it
	// remains, and Update returns that error or panics.
	//
	// change must be quick: it must not hash, sign or wait. It is called once at most. The
	// Records are not valid after it returns.
	Update(ctx context.Context, change func(Records) error) error

	// View runs read on one consistent state, which includes every Update that has returned. Many
	// may run at a time. Writing in it is an error.
	View(ctx context.Context, read func(Records) error) error
	// Session returns a session and its owner, as one View would show them. Every request with a
	// token asks this, so it is quick. Errors: [gatehouse/domain.ErrSessionNotFound].
	Session(ctx context.Context, id domain.SessionID) (domain.Staff, domain.Session, error)
}

// Records are the contents of a [Store], seen from within one Update or View. They must not be
// used concurrently.
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
