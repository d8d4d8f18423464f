package application

import (
	"context"

	"gatehouse/domain"
	"gatehouse/ports"
)

// ListStaff returns every account in the order of addresses.
//
// Errors: [domain.ErrUnavailable].
type ListStaff struct {
	store ports.Store
}

// ListStaffQuery is empty.
type ListStaffQuery struct{}

// NewListStaff makes the use case.
func NewListStaff(store ports.Store) *ListStaff { return &ListStaff{store} }

// Execute implements [ports.UseCase].
func (u *ListStaff) Execute(ctx context.Context, _ ListStaffQuery) (all []domain.Staff, err error) {
	err = u.store.View(ctx, func(records ports.Records) error {
		for staff, err := range records.Staff().All() {
			if err != nil {
				return err
			}
			all = append(all, staff)
		}
		return nil
	})
	return all, err
}
