package upkeep

import (
	"context"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// RetireAuditEvents removes audit events that are older than the policy keeps them. It goes from the
// oldest on in small batches, and other updates run between two batches. A signed checkpoint takes the
// place of what is removed. Events are verified before they are removed: an altered trail stays as it
// is, so that it can be investigated.
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

// auditBatch is the largest number of events in a batch. They lie side by side in the file, but not in
// its index by person. With five million events in the file a batch takes 2 ms.
const auditBatch = 100

// NewRetireAuditEvents makes the use case.
func NewRetireAuditEvents(
	store ports.Store, upkeep ports.Upkeep, key domain.AuditKey, clock ports.Clock, policy domain.Policy,
) *RetireAuditEvents {
	return &RetireAuditEvents{store, upkeep, key, clock, policy}
}

// Execute implements [ports.UseCase].
func (u *RetireAuditEvents) Execute(ctx context.Context, _ RetireAuditEventsCommand) (HousekeepingResult, error) {
	return startRun(u.upkeep, u.clock, ports.TaskRetireAudit).removeInBatches(ctx, auditBatch, u.batch)
}

// batch reads and verifies before the update, so that the update is short. That is safe, because only
// Retire changes events that are stored.
func (u *RetireAuditEvents) batch(ctx context.Context, now time.Time) (int, error) {
	var from, to domain.AuditCheckpoint
	err := u.store.View(ctx, func(records ports.Records) (err error) {
		from, to, err = u.old(records.Audit(), now)
		return err
	})
	if err != nil || from == to {
		return 0, err
	}
	return removeRows(ctx, u.store, func(records ports.Records) (int, error) {
		current, err := records.Audit().Checkpoint()
		if err != nil || current != from { // another process retires events too, and will go on
			return 0, err
		}
		return int(to.Last.Sequence - from.Last.Sequence), records.Audit().Retire(u.key.Sign(to))
	})
}

// old returns the present checkpoint and the one that will replace it, not yet signed. Both are equal
// if no event is old.
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
