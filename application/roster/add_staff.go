package roster

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// AddStaff adds an account without a password. Nobody can sign in to it before a link or an operator has set
// one.
//
// Errors: [domain.ErrNotAllowed], [domain.ErrInvalidStaff], [domain.ErrEmailTaken], [domain.ErrUnavailable].
type AddStaff struct {
	store   ports.Store
	clock   ports.Clock
	staffID ports.NewStaffID
}

// AddStaffCommand describes the person.
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
	err = steps.Update(ctx, u.store, func(records ports.Records) error {
		event := domain.NewAuditEvent(domain.EventStaffAdd, cmd.Client, now)
		if err := steps.Permit(event, domain.Staff{Profile: staff.Profile}); err != nil {
			return err
		}
		event.StaffID = staff.ID
		if err := records.Staff().Save(staff); err != nil {
			return err
		}
		return records.Audit().Append(event.Decided(nil))
	})
	return steps.Result(domain.StaffChange{Staff: staff, Changed: true}, err)
}
