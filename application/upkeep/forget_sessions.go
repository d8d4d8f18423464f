package upkeep

import (
	"context"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// ForgetSessions removes old rows in small batches: sessions that expired long ago, and the records of
// accounts deleted so long ago that all their tokens have expired. [domain.Policy.ForgetSessionsBefore]
// and [domain.Policy.ForgetDjangoBefore] say how long. Other updates run between two batches.
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

// sessionBatch is the largest number of rows in a batch. Sessions lie all over the file, so each costs
// several pages. With a million sessions in the file a batch takes 2 ms.
const sessionBatch = 50

// NewForgetSessions makes the use case.
func NewForgetSessions(store ports.Store, upkeep ports.Upkeep, clock ports.Clock, policy domain.Policy) *ForgetSessions {
	return &ForgetSessions{store, upkeep, clock, policy}
}

// Execute implements [ports.UseCase].
func (u *ForgetSessions) Execute(ctx context.Context, _ ForgetSessionsCommand) (HousekeepingResult, error) {
	return startRun(u.upkeep, u.clock, ports.TaskForgetSessions).removeInBatches(ctx, sessionBatch, u.batch)
}

func (u *ForgetSessions) batch(ctx context.Context, now time.Time) (int, error) {
	return removeRows(ctx, u.store, func(records ports.Records) (int, error) {
		django := u.policy.ForgetDjangoBefore(now)
		sessions, err := records.Sessions().Forget(u.policy.ForgetSessionsBefore(now), django, sessionBatch)
		if err != nil {
			return 0, err
		}
		deletions, err := records.Deletions().Forget(django, sessionBatch-sessions)
		return sessions + deletions, err
	})
}
