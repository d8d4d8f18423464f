package roster

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// AddStaff makes an account that has no password yet.
//
// Errors: [domain.ErrInvalidStaff], [domain.ErrEmailTaken], [domain.ErrUnavailable].
type AddStaff struct {
	store   ports.Store
	clock   ports.Clock
	staffID ports.NewStaffID
}

// AddStaffCommand is who the person is.
type AddStaffCommand struct {
	Profile domain.Profile
	Client  domain.Client
}

// NewAddStaff makes the use case.
func NewAddStaff(store ports.Store, clock ports.Clock, staffID ports.NewStaffID) *AddStaff {
	return &AddStaff{store, clock, staffID}
}

// Execute implements [ports.UseCase].
func (u *AddStaff) Execute(ctx context.Context, cmd AddStaffCommand) (domain.StaffChange, error) {
	now := u.clock()
	staff, err := domain.NewStaff(u.staffID(), cmd.Profile, now)
	if err != nil {
		return domain.StaffChange{}, err
	}
	err = u.store.Update(ctx, func(records ports.Records) error {
		if err := records.Staff().Save(staff); err != nil {
			return err
		}
		event := domain.NewAuditEvent(domain.EventStaffAdd, cmd.Client, now)
		event.StaffID = staff.ID
		return records.Audit().Append(event.Decided(nil))
	})
	return steps.Result(domain.StaffChange{Staff: staff, Changed: true}, err)
}
