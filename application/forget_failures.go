package application

import (
	"context"
	"math"

	"gatehouse/domain"
	"gatehouse/ports"
)

// ForgetFailures removes counters of wrong passwords that hold nobody back any more, so that
// they do not pile up. It changes nothing else, and is for housekeeping.
//
// Errors: [domain.ErrUnavailable].
type ForgetFailures struct {
	store  ports.Store
	clock  ports.Clock
	policy domain.Policy
}

// ForgetFailuresCommand says how many counters to remove at most in one step of the store.
type ForgetFailuresCommand struct {
	Limit int
}

// ForgetFailuresResult tells how many were removed.
type ForgetFailuresResult struct {
	Removed int
}

// NewForgetFailures makes the use case.
func NewForgetFailures(store ports.Store, clock ports.Clock, policy domain.Policy) *ForgetFailures {
	return &ForgetFailures{store, clock, policy}
}

// Execute implements [ports.UseCase].
func (u *ForgetFailures) Execute(ctx context.Context, cmd ForgetFailuresCommand) (result ForgetFailuresResult, err error) {
	now, t := u.clock(), u.policy.Throttle
	err = u.store.Update(ctx, func(records ports.Records) error {
		for _, kind := range []domain.CounterKind{domain.PlaceCounter, domain.DeviceCounter, domain.NetworkCounter, domain.AccountCounter} {
			below := math.MaxInt
			if kind == domain.AccountCounter {
				below = t.AccountBudget // the others are held
			}
			removed, err := records.Throttle().Forget(kind, below, now.Add(-t.Memory(kind)), cmd.Limit-result.Removed)
			if err != nil {
				return err
			}
			result.Removed += removed
		}
		return nil
	})
	if err != nil {
		return ForgetFailuresResult{}, err
	}
	return result, nil
}
