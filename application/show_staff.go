package application

import (
	"context"

	"gatehouse/domain"
	"gatehouse/ports"
)

// ShowStaff returns one account by its address.
//
// Errors: [domain.ErrStaffNotFound], [domain.ErrUnavailable].
type ShowStaff struct {
	store ports.Store
}

// ShowStaffQuery names the person.
type ShowStaffQuery struct {
	Email string
}

// NewShowStaff makes the use case.
func NewShowStaff(store ports.Store) *ShowStaff { return &ShowStaff{store} }

// Execute implements [ports.UseCase].
func (u *ShowStaff) Execute(ctx context.Context, query ShowStaffQuery) (staff domain.Staff, err error) {
	err = u.store.View(ctx, func(records ports.Records) error {
		staff, err = records.Staff().ByEmail(domain.Email(query.Email).Key())
		return err
	})
	return staff, err
}
