package roster

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// DeactivateStaff closes an account and ends its sessions. [ActivateStaff] opens it again.
//
// Errors: [domain.ErrNotAllowed], [domain.ErrStaffNotFound], [domain.ErrUnavailable].
type DeactivateStaff struct {
	store ports.Store
	clock ports.Clock
}

// DeactivateStaffCommand names the person.
type DeactivateStaffCommand struct {
	Email  string
	Client domain.Client
}

// NewDeactivateStaff makes the use case.
func NewDeactivateStaff(store ports.Store, clock ports.Clock) *DeactivateStaff {
	return &DeactivateStaff{store, clock}
}

// Execute implements [ports.UseCase].
func (u *DeactivateStaff) Execute(ctx context.Context, cmd DeactivateStaffCommand) (domain.StaffChange, error) {
	now := u.clock()
	event := domain.NewAuditEvent(domain.EventStaffDeactivate, cmd.Client, now)
	return steps.ChangeStaff(ctx, u.store, cmd.Email, event, func(records ports.Records, staff *domain.Staff) (bool, error) {
		if !staff.Deactivate(now) {
			return false, nil
		}
		_, err := records.Sessions().EndAll(staff.ID, domain.EndAccountDeactivated, now)
		return true, err
	})
}
