package roster

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// ShowStaff returns one account by its address, and says whether wrong passwords have locked it.
//
// Errors: [domain.ErrNotAllowed], [domain.ErrStaffNotFound], [domain.ErrUnavailable].
type ShowStaff struct {
	store  ports.Store
	clock  ports.Clock
	policy domain.Policy
}

// ShowStaffQuery names the person.
type ShowStaffQuery struct {
	Email  string
	Client domain.Client
}

// ShowStaffResult is the account.
type ShowStaffResult struct {
	Staff domain.Staff
	// Failures is the number of wrong passwords in a row.
	Failures int
	// Held is true if there were too many: only devices that have signed in before can sign in.
	Held bool
}

// NewShowStaff makes the use case.
func NewShowStaff(store ports.Store, clock ports.Clock, policy domain.Policy) *ShowStaff {
	return &ShowStaff{store, clock, policy}
}

// Execute implements [ports.UseCase].
func (u *ShowStaff) Execute(ctx context.Context, query ShowStaffQuery) (ShowStaffResult, error) {
	now := u.clock()
	if err := steps.PermitReading(ctx, u.store, domain.EventStaffRead, query.Client, now); err != nil {
		return ShowStaffResult{}, err
	}
	var result ShowStaffResult
	err := u.store.View(ctx, func(records ports.Records) (err error) {
		if result.Staff, err = records.Staff().ByEmail(domain.Email(query.Email).Key()); err != nil {
			return err
		}
		counters, err := records.Throttle().OfAccount(domain.AccountKey(result.Staff.ID))
		for _, counter := range counters {
			if counter.Kind == domain.AccountCounter {
				result.Failures, result.Held = counter.Failures, u.policy.Throttle.Held(counter, now)
			}
		}
		return err
	})
	return steps.Result(result, err)
}
