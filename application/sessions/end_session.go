package sessions

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// EndSession lets an operator end one session by its id.
//
// Errors: [domain.ErrSessionNotFound] if there is no such session, [domain.ErrUnavailable].
type EndSession struct {
	store ports.Store
	clock ports.Clock
}

// EndSessionCommand names the session.
type EndSessionCommand struct {
	Session domain.SessionID
	Client  domain.Client
}

// EndSessionResult tells whether the session had not been ended before.
type EndSessionResult struct {
	Changed bool
}

// NewEndSession makes the use case.
func NewEndSession(store ports.Store, clock ports.Clock) *EndSession {
	return &EndSession{store, clock}
}

// Execute implements [ports.UseCase].
func (u *EndSession) Execute(ctx context.Context, cmd EndSessionCommand) (result EndSessionResult, err error) {
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
		return EndSessionResult{}, err
	}
	return result, nil
}
