package upkeep

import (
	"context"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// ForgetLinks removes one-time links some time after they have expired, in small batches; see
// [domain.ForgetLinksBefore]. Other updates run between two batches.
//
// Errors: [domain.ErrUnavailable]; the context's, when that ends it.
type ForgetLinks struct {
	store  ports.Store
	upkeep ports.Upkeep
	clock  ports.Clock
}

// ForgetLinksCommand is empty.
type ForgetLinksCommand struct{}

// linkBatch is the largest number of links in a batch. They lie all over the file, as sessions do.
const linkBatch = 50

// NewForgetLinks makes the use case.
func NewForgetLinks(store ports.Store, upkeep ports.Upkeep, clock ports.Clock) *ForgetLinks {
	return &ForgetLinks{store, upkeep, clock}
}

// Execute implements [ports.UseCase].
func (u *ForgetLinks) Execute(ctx context.Context, _ ForgetLinksCommand) (HousekeepingResult, error) {
	return startRun(u.upkeep, u.clock, ports.TaskForgetLinks).removeInBatches(ctx, linkBatch, u.batch)
}

func (u *ForgetLinks) batch(ctx context.Context, now time.Time) (int, error) {
	return removeRows(ctx, u.store, func(records ports.Records) (int, error) {
		return records.Links().Forget(domain.ForgetLinksBefore(now), linkBatch)
	})
}
