package upkeep

import (
	"context"
	"math"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// ForgetFailures removes the counters of wrong passwords that hold nobody back any more, in
// small batches between which other updates come.
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

// counterBatch is how many counters are removed at a time. They lie all over the file, as
// sessions do.
const counterBatch = 50

// NewForgetFailures makes the use case.
func NewForgetFailures(store ports.Store, upkeep ports.Upkeep, clock ports.Clock, policy domain.Policy) *ForgetFailures {
	return &ForgetFailures{store, upkeep, clock, policy.Throttle}
}

// Execute implements [ports.UseCase].
func (u *ForgetFailures) Execute(ctx context.Context, _ ForgetFailuresCommand) (HousekeepingResult, error) {
	run := startRun(u.upkeep, u.clock, ports.TaskForgetFailures)
	removed, err := run.inBatches(ctx, counterBatch, func() (int, error) { return u.batch(ctx, run.begin) })
	result := run.result(removed)
	if err != nil {
		return result, err
	}
	return result, run.note(ctx, result.Took, removed)
}

func (u *ForgetFailures) batch(ctx context.Context, now time.Time) (removed int, err error) {
	err = u.store.Update(ctx, func(records ports.Records) error {
		removed = 0
		for _, kind := range domain.CounterKinds() {
			below := math.MaxInt
			if kind == domain.AccountCounter {
				below = u.throttle.AccountBudget // the others hold their account
			}
			n, err := records.Throttle().Forget(kind, below, now.Add(-u.throttle.Memory(kind)), counterBatch-removed)
			if err != nil {
				return err
			}
			removed += n
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return removed, nil
}
