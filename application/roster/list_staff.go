package roster

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// ListStaff returns accounts in the order of addresses.
//
// Errors: [domain.ErrNotAllowed], [domain.ErrUnavailable].
type ListStaff struct {
	store ports.Store
	clock ports.Clock
}

// ListStaffQuery limits the number of accounts. Zero means all.
type ListStaffQuery struct {
	Limit  int
	Client domain.Client
}

// NewListStaff makes the use case.
func NewListStaff(store ports.Store, clock ports.Clock) *ListStaff { return &ListStaff{store, clock} }

// Execute implements [ports.UseCase].
func (u *ListStaff) Execute(ctx context.Context, query ListStaffQuery) (all []domain.Staff, err error) {
	if err := steps.PermitReading(ctx, u.store, domain.EventStaffRead, query.Client, u.clock()); err != nil {
		return nil, err
	}
	err = u.store.View(ctx, func(records ports.Records) error {
		for staff, err := range records.Staff().All() {
			if err != nil {
				return err
			}
			if all = append(all, staff); len(all) == query.Limit {
				return nil
			}
		}
		return nil
	})
	return steps.Result(all, err)
}
