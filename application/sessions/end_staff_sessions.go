package sessions

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// EndStaffSessions lets an operator end every session of a person, and with them every
// token of the shop's Django that was issued until now. The account stays open.
//
// Errors: [domain.ErrStaffNotFound], [domain.ErrUnavailable].
type EndStaffSessions struct {
	store  ports.Store
	clock  ports.Clock
	policy domain.Policy
}

// EndStaffSessionsCommand names the person.
type EndStaffSessionsCommand struct {
	Email  string
	Client domain.Client
}

// EndStaffSessionsResult tells how many sessions have ended.
type EndStaffSessionsResult struct {
	Staff domain.Staff
	Ended int
}

// NewEndStaffSessions makes the use case.
func NewEndStaffSessions(store ports.Store, clock ports.Clock, policy domain.Policy) *EndStaffSessions {
	return &EndStaffSessions{store, clock, policy}
}

// Execute implements [ports.UseCase].
func (u *EndStaffSessions) Execute(ctx context.Context, cmd EndStaffSessionsCommand) (result EndStaffSessionsResult, err error) {
	now := u.clock()
	event := domain.NewAuditEvent(domain.EventStaffSessions, cmd.Client, now)
	change, err := steps.ChangeStaff(ctx, u.store, cmd.Email, event, func(records ports.Records, staff *domain.Staff) (bool, error) {
		staff.EndSessions(now)
		end := steps.Ending{Kind: domain.EventSessionEnd, End: domain.EndRevoked, Reason: domain.ReasonByOperator, Client: cmd.Client, Now: now}
		result.Ended, err = end.Others(records, staff.ID, "", u.policy)
		return true, err
	})
	if err != nil {
		return EndStaffSessionsResult{}, err
	}
	result.Staff = change.Staff
	return result, nil
}
