package sessions

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// RevokeStaffSessions ends all sessions of one person, for an operator. It also revokes all tokens of the
// shop's Django that were issued to them until now. The account stays open.
//
// Errors: [domain.ErrNotAllowed], [domain.ErrStaffNotFound], [domain.ErrUnavailable].
type RevokeStaffSessions struct {
	store  ports.Store
	clock  ports.Clock
	policy domain.Policy
}

// RevokeStaffSessionsCommand names the person.
type RevokeStaffSessionsCommand struct {
	Email  string
	Client domain.Client
}

// RevokeStaffSessionsResult is the person, and the number of sessions ended.
type RevokeStaffSessionsResult struct {
	Staff domain.Staff
	Ended int
}

// NewRevokeStaffSessions makes the use case.
func NewRevokeStaffSessions(store ports.Store, clock ports.Clock, policy domain.Policy) *RevokeStaffSessions {
	return &RevokeStaffSessions{store, clock, policy}
}

// Execute implements [ports.UseCase].
func (u *RevokeStaffSessions) Execute(ctx context.Context, cmd RevokeStaffSessionsCommand) (result RevokeStaffSessionsResult, err error) {
	now := u.clock()
	event := domain.NewAuditEvent(domain.EventStaffSessions, cmd.Client, now)
	change, err := steps.ChangeStaff(ctx, u.store, cmd.Email, event, func(records ports.Records, staff *domain.Staff) (bool, error) {
		staff.EndSessions(now)
		result.Ended, err = revocation(domain.ReasonByOperator, cmd.Client, now).Others(records, staff.ID, "", u.policy)
		return true, err
	})
	result.Staff = change.Staff
	return steps.Result(result, err)
}
