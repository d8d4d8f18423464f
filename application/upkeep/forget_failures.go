package upkeep

import (
	"context"
	"math"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// ForgetFailures removes counters of wrong passwords that block no attempt any more, in small batches.
// Other updates run between two batches.
//
// Errors: [domain.ErrUnavailable]; the context's, when that ends it.
type ForgetFailures struct {
	store    ports.Store
	upkeep   ports.Upkeep
	clock    ports.Clock
	throttle domain.Throttle
}

// ForgetFailuresCommand is empty.
type ForgetFailuresCommand struct{}

// counterBatch is the largest number of counters in a batch. They lie all over the file, as sessions do.
const counterBatch = 50

// NewForgetFailures makes the use case.
func NewForgetFailures(store ports.Store, upkeep ports.Upkeep, clock ports.Clock, policy domain.Policy) *ForgetFailures {
	return &ForgetFailures{store, upkeep, clock, policy.Throttle}
}

// Execute implements [ports.UseCase].
func (u *ForgetFailures) Execute(ctx context.Context, _ ForgetFailuresCommand) (HousekeepingResult, error) {
	return startRun(u.upkeep, u.clock, ports.TaskForgetFailures).removeInBatches(ctx, counterBatch, u.batch)
}

func (u *ForgetFailures) batch(ctx context.Context, now time.Time) (int, error) {
	return removeRows(ctx, u.store, func(records ports.Records) (removed int, err error) {
		for _, kind := range domain.CounterKinds() {
			below := math.MaxInt
			if kind == domain.AccountCounter {
				below = u.throttle.AccountBudget // from there on the counter locks its account, and stays
			}
			n, err := records.Throttle().Forget(kind, below, now.Add(-u.throttle.Memory(kind)), counterBatch-removed)
			if err != nil {
				return removed, err
			}
			removed += n
		}
		return removed, nil
	})
}
