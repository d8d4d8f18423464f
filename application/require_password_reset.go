package application

import (
	"context"

	"gatehouse/domain"
	"gatehouse/ports"
)

// RequirePasswordReset makes a change of the password due: until then the person gets no tokens.
//
// Errors: [domain.ErrStaffNotFound], [domain.ErrUnavailable].
type RequirePasswordReset struct {
	store ports.Store
	clock ports.Clock
}

// RequirePasswordResetCommand names the person.
type RequirePasswordResetCommand struct {
	Email  string
	Client domain.Client
}

// NewRequirePasswordReset makes the use case.
func NewRequirePasswordReset(store ports.Store, clock ports.Clock) *RequirePasswordReset {
	return &RequirePasswordReset{store, clock}
}

// Execute implements [ports.UseCase].
func (u *RequirePasswordReset) Execute(ctx context.Context, cmd RequirePasswordResetCommand) (StaffChange, error) {
	now := u.clock()
	event := domain.NewAuditEvent(domain.EventStaffReset, cmd.Client, now)
	return changeStaff(ctx, u.store, cmd.Email, event, func(_ ports.Records, staff *domain.Staff) (bool, error) {
		return staff.RequirePasswordReset(now), nil
	})
}
