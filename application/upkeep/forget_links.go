package upkeep

import (
	"context"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// ForgetLinks removes one-time links that have expired, in small batches between which other
// updates come.
//
// Errors: [domain.ErrUnavailable]; the context's, when that ends it.
type ForgetLinks struct {
	store  ports.Store
	upkeep ports.Upkeep
	clock  ports.Clock
}

// ForgetLinksCommand is empty.
type ForgetLinksCommand struct{}

// NewForgetLinks makes the use case.
func NewForgetLinks(store ports.Store, upkeep ports.Upkeep, clock ports.Clock) *ForgetLinks {
	return &ForgetLinks{store, upkeep, clock}
}

// Execute implements [ports.UseCase].
func (u *ForgetLinks) Execute(ctx context.Context, _ ForgetLinksCommand) (HousekeepingResult, error) {
	run := startRun(u.upkeep, u.clock, ports.TaskForgetLinks)
	removed, err := run.inBatches(ctx, counterBatch, func() (int, error) { return u.batch(ctx, run.begin) })
	result := run.result(removed)
	if err != nil {
		return result, err
	}
	return result, run.note(ctx, result.Took, removed)
}

func (u *ForgetLinks) batch(ctx context.Context, now time.Time) (removed int, err error) {
	err = u.store.Update(ctx, func(records ports.Records) error {
		removed, err = records.Links().Forget(domain.ForgetLinksBefore(now), counterBatch)
		return err
	})
	if err != nil {
		return 0, err
	}
	return removed, nil
}
