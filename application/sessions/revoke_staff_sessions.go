package sessions

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// RevokeStaffSessions lets an operator end every session of a person, and with them every
// token of the shop's Django that was issued until now. The account stays open.
//
// Errors: [domain.ErrStaffNotFound], [domain.ErrUnavailable].
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

// RevokeStaffSessionsResult tells how many sessions have ended.
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
		end := steps.Ending{Kind: domain.EventSessionEnd, End: domain.EndRevoked, Reason: domain.ReasonByOperator, Client: cmd.Client, Now: now}
		result.Ended, err = end.Others(records, staff.ID, "", u.policy)
		return true, err
	})
	if err != nil {
		return RevokeStaffSessionsResult{}, err
	}
	result.Staff = change.Staff
	return result, nil
}
