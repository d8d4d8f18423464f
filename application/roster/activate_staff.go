package roster

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// ActivateStaff opens an account again, even of somebody who had left. It also unlocks the account after too
// many wrong passwords.
//
// Errors: [domain.ErrNotAllowed], [domain.ErrStaffNotFound], [domain.ErrUnavailable].
type ActivateStaff struct {
	store  ports.Store
	clock  ports.Clock
	policy domain.Policy
}

// ActivateStaffCommand names the person.
type ActivateStaffCommand struct {
	Email  string
	Client domain.Client
}

// NewActivateStaff makes the use case.
func NewActivateStaff(store ports.Store, clock ports.Clock, policy domain.Policy) *ActivateStaff {
	return &ActivateStaff{store, clock, policy}
}

// Execute implements [ports.UseCase].
func (u *ActivateStaff) Execute(ctx context.Context, cmd ActivateStaffCommand) (domain.StaffChange, error) {
	now := u.clock()
	event := domain.NewAuditEvent(domain.EventStaffActivate, cmd.Client, now)
	return steps.ChangeStaff(ctx, u.store, cmd.Email, event, func(records ports.Records, staff *domain.Staff) (bool, error) {
		freed, err := steps.Unlock(records, staff.ID)
		return staff.Activate(u.policy.Today(now), now) || freed, err
	})
}
