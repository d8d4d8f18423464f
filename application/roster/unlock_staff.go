package roster

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// UnlockStaff unlocks an account after too many wrong passwords.
//
// Errors: [domain.ErrNotAllowed], [domain.ErrStaffNotFound], [domain.ErrUnavailable].
type UnlockStaff struct {
	store ports.Store
	clock ports.Clock
}

// UnlockStaffCommand names the person.
type UnlockStaffCommand struct {
	Email  string
	Client domain.Client
}

// NewUnlockStaff makes the use case.
func NewUnlockStaff(store ports.Store, clock ports.Clock) *UnlockStaff {
	return &UnlockStaff{store, clock}
}

// Execute implements [ports.UseCase].
func (u *UnlockStaff) Execute(ctx context.Context, cmd UnlockStaffCommand) (domain.StaffChange, error) {
	event := domain.NewAuditEvent(domain.EventStaffUnlock, cmd.Client, u.clock())
	return steps.ChangeStaff(ctx, u.store, cmd.Email, event, func(records ports.Records, staff *domain.Staff) (bool, error) {
		return steps.Unlock(records, staff.ID)
	})
}
