package roster

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// LeaveStaff sets the first day on which a person does not work in the shop any more. When that day begins
// in the shop's time zone, all their tokens stop working. If it has begun already, their sessions end at
// once.
//
// Errors: [domain.ErrNotAllowed], [domain.ErrStaffNotFound], [domain.ErrUnavailable].
type LeaveStaff struct {
	store  ports.Store
	clock  ports.Clock
	policy domain.Policy
}

// LeaveStaffCommand names the person and the day.
type LeaveStaffCommand struct {
	Email  string
	On     domain.Date
	Client domain.Client
}

// NewLeaveStaff makes the use case.
func NewLeaveStaff(store ports.Store, clock ports.Clock, policy domain.Policy) *LeaveStaff {
	return &LeaveStaff{store, clock, policy}
}

// Execute implements [ports.UseCase].
func (u *LeaveStaff) Execute(ctx context.Context, cmd LeaveStaffCommand) (domain.StaffChange, error) {
	now := u.clock()
	event := domain.NewAuditEvent(domain.EventStaffLeave, cmd.Client, now)
	return steps.ChangeStaff(ctx, u.store, cmd.Email, event, func(records ports.Records, staff *domain.Staff) (bool, error) {
		if staff.DateLeft == cmd.On {
			return false, nil
		}
		today := u.policy.Today(now)
		staff.Leave(cmd.On, today, now)
		if staff.CheckStanding(today) == nil {
			return true, nil
		}
		_, err := records.Sessions().EndAll(staff.ID, domain.EndAccountLeft, now)
		return true, err
	})
}
