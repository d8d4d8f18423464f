package upkeep

import (
	"context"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// RetireAuditEvents removes the audit events that are older than they are to be kept, oldest
// first, in small batches between which other updates come, and leaves a signed checkpoint
// in their stead. It removes only what it has found to be whole: a trail that somebody has
// changed stays as it is, for whoever looks into it.
//
// Errors: [domain.ErrTrailBroken], [domain.ErrUnavailable]; the context's, when that ends it.
type RetireAuditEvents struct {
	store  ports.Store
	upkeep ports.Upkeep
	key    domain.AuditKey
	clock  ports.Clock
	policy domain.Policy
}

// RetireAuditEventsCommand is empty.
type RetireAuditEventsCommand struct{}

// auditBatch is how many events are removed at a time. They lie side by side in the file, but
// not in the index of whom they are about: 2 ms for all with five million in the file.
const auditBatch = 100

// NewRetireAuditEvents makes the use case.
func NewRetireAuditEvents(
	store ports.Store, upkeep ports.Upkeep, key domain.AuditKey, clock ports.Clock, policy domain.Policy,
) *RetireAuditEvents {
	return &RetireAuditEvents{store, upkeep, key, clock, policy}
}

// Execute implements [ports.UseCase].
func (u *RetireAuditEvents) Execute(ctx context.Context, _ RetireAuditEventsCommand) (HousekeepingResult, error) {
	run := startRun(u.upkeep, u.clock, ports.TaskRetireAudit)
	removed, err := run.inBatches(ctx, auditBatch, func() (int, error) { return u.batch(ctx, run.begin) })
	result := run.result(removed)
	if err != nil {
		return result, err
	}
	return result, run.note(ctx, result.Took, removed)
}

// batch reads and checks outside the update, so that the update is short. Events do not
// change in between: there is nothing but Retire that could.
func (u *RetireAuditEvents) batch(ctx context.Context, now time.Time) (removed int, err error) {
	var from, to domain.AuditCheckpoint
	err = u.store.View(ctx, func(records ports.Records) (err error) {
		from, to, err = u.old(records.Audit(), now)
		return err
	})
	if err != nil || from == to {
		return 0, err
	}
	err = u.store.Update(ctx, func(records ports.Records) error {
		switch current, err := records.Audit().Checkpoint(); {
		case err != nil:
			return err
		case current != from: // somebody else retires as well, and will go on
			removed = 0
			return nil
		}
		removed = int(to.Last.Sequence - from.Last.Sequence)
		return records.Audit().Retire(u.key.Sign(to))
	})
	if err != nil {
		return 0, err
	}
	return removed, nil
}

// old returns the checkpoint that is there, and the one, not yet signed, that is to replace
// it; both are the same when no event is old.
func (u *RetireAuditEvents) old(audit ports.AuditRecords, now time.Time) (from, to domain.AuditCheckpoint, err error) {
	if from, err = audit.Checkpoint(); err != nil {
		return from, to, err
	}
	newest, err := audit.Head()
	if err != nil {
		return from, to, err
	}
	check, err := domain.NewTrailCheck(u.key, from)
	if err != nil {
		return from, to, err
	}
	to = from
	for event, err := range audit.Trail(from.Last.Sequence, auditBatch) {
		if err != nil {
			return from, from, err
		}
		if !u.policy.Retires(event.AuditEvent, newest, now) {
			break
		}
		if err := check.Next(event); err != nil {
			return from, from, err
		}
		to = domain.AuditCheckpoint{Last: check.Last(), At: event.At, RemovedAt: now}
	}
	return from, to, nil
}
