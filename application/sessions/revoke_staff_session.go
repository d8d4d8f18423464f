package sessions

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// RevokeStaffSession lets an operator end one session by its id.
//
// Errors: [domain.ErrSessionNotFound] if there is no such session, [domain.ErrUnavailable].
type RevokeStaffSession struct {
	store ports.Store
	clock ports.Clock
}

// RevokeStaffSessionCommand names the session.
type RevokeStaffSessionCommand struct {
	Session domain.SessionID
	Client  domain.Client
}

// RevokeStaffSessionResult tells whether the session had not been ended before.
type RevokeStaffSessionResult struct {
	Changed bool
}

// NewRevokeStaffSession makes the use case.
func NewRevokeStaffSession(store ports.Store, clock ports.Clock) *RevokeStaffSession {
	return &RevokeStaffSession{store, clock}
}

// Execute implements [ports.UseCase].
func (u *RevokeStaffSession) Execute(ctx context.Context, cmd RevokeStaffSessionCommand) (result RevokeStaffSessionResult, err error) {
	now := u.clock()
	err = u.store.Update(ctx, func(records ports.Records) error {
		session, err := records.Sessions().ByID(cmd.Session)
		if err != nil || session.Over() {
			return err
		}
		result.Changed = true
		end := steps.Ending{Kind: domain.EventSessionEnd, End: domain.EndRevoked, Reason: domain.ReasonByOperator, Client: cmd.Client, Now: now}
		_, err = end.Apply(records, session)
		return err
	})
	if err != nil {
		return RevokeStaffSessionResult{}, err
	}
	return result, nil
}
