package upkeep

import (
	"context"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// ForgetSessions removes the sessions whose time has been over for long, and what is
// remembered of accounts that were deleted so long ago that no token of theirs works, in
// small batches between which other updates come.
//
// Errors: [domain.ErrUnavailable]; the context's, when that ends it.
type ForgetSessions struct {
	store  ports.Store
	upkeep ports.Upkeep
	clock  ports.Clock
	policy domain.Policy
}

// ForgetSessionsCommand is empty.
type ForgetSessionsCommand struct{}

// sessionBatch is how many sessions are removed at a time. They lie all over the file, so
// each costs several pages: 2 ms for all with a million in the file.
const sessionBatch = 50

// NewForgetSessions makes the use case.
func NewForgetSessions(store ports.Store, upkeep ports.Upkeep, clock ports.Clock, policy domain.Policy) *ForgetSessions {
	return &ForgetSessions{store, upkeep, clock, policy}
}

// Execute implements [ports.UseCase].
func (u *ForgetSessions) Execute(ctx context.Context, _ ForgetSessionsCommand) (HousekeepingResult, error) {
	run := startRun(u.upkeep, u.clock, ports.TaskForgetSessions)
	removed, err := run.inBatches(ctx, sessionBatch, func() (int, error) { return u.batch(ctx, run.begin) })
	result := run.result(removed)
	if err != nil {
		return result, err
	}
	return result, run.note(ctx, result.Took, removed)
}

func (u *ForgetSessions) batch(ctx context.Context, now time.Time) (removed int, err error) {
	err = u.store.Update(ctx, func(records ports.Records) error {
		django := u.policy.ForgetDjangoBefore(now)
		if removed, err = records.Sessions().Forget(u.policy.ForgetSessionsBefore(now), django, sessionBatch); err != nil {
			return err
		}
		deletions, err := records.Deletions().Forget(django, sessionBatch-removed)
		removed += deletions
		return err
	})
	if err != nil {
		return 0, err
	}
	return removed, nil
}
