package sessions

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// RevokeStaffSession ends one session of anybody, for an operator.
//
// Errors: [domain.ErrNotAllowed], [domain.ErrSessionNotFound], [domain.ErrUnavailable].
type RevokeStaffSession struct {
	store ports.Store
	clock ports.Clock
}

// RevokeStaffSessionCommand names the session.
type RevokeStaffSessionCommand struct {
	Session domain.SessionID
	Client  domain.Client
}

// RevokeStaffSessionResult says whether anything changed.
type RevokeStaffSessionResult struct {
	Changed bool // false if the session had been ended before
}

// NewRevokeStaffSession makes the use case.
func NewRevokeStaffSession(store ports.Store, clock ports.Clock) *RevokeStaffSession {
	return &RevokeStaffSession{store, clock}
}

// Execute implements [ports.UseCase].
func (u *RevokeStaffSession) Execute(ctx context.Context, cmd RevokeStaffSessionCommand) (result RevokeStaffSessionResult, err error) {
	now := u.clock()
	err = steps.Update(ctx, u.store, func(records ports.Records) error {
		session, err := records.Sessions().ByID(cmd.Session)
		if err != nil || session.Over() {
			return err
		}
		owner, err := records.Staff().ByID(session.StaffID)
		if err != nil {
			return err
		}
		if err := steps.Permit(domain.NewAuditEvent(domain.EventSessionEnd, cmd.Client, now), owner); err != nil {
			return err
		}
		result.Changed = true
		_, err = revocation(domain.ReasonByOperator, cmd.Client, now).Apply(records, session)
		return err
	})
	return steps.Result(result, err)
}
