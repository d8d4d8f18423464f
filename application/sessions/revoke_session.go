package sessions

import (
	"context"
	"slices"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// RevokeSession ends one session of the person who asks. It may be the one that asks.
//
// Errors: those of [signin.CurrentStaff]; [domain.ErrNotYourSession], also if there is no such session or
// it is over, so that nothing is told about other people's sessions.
type RevokeSession struct{ desk }

// RevokeSessionCommand is an access token and the session to end.
type RevokeSessionCommand struct {
	Token   domain.Token
	Session domain.SessionID
	Client  domain.Client
}

// RevokeSessionResult says which session was ended.
type RevokeSessionResult struct {
	Own bool // it was the session of the access token
}

// NewRevokeSession makes the use case.
func NewRevokeSession(store ports.Store, parser ports.TokenParser, clock ports.Clock, policy domain.Policy) *RevokeSession {
	return &RevokeSession{desk{store, parser, clock, policy}}
}

// Execute implements [ports.UseCase].
func (u *RevokeSession) Execute(ctx context.Context, cmd RevokeSessionCommand) (result RevokeSessionResult, err error) {
	err = u.serve(ctx, cmd.Token, u.store.Update, func(records ports.Records, who asker) error {
		mine, err := records.Sessions().OfStaff(who.owner.ID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(mine, func(s domain.Session) bool { return s.ID == cmd.Session && s.Running(u.policy, who.now) })
		if i < 0 {
			return domain.ErrNotYourSession
		}
		result.Own = mine[i].ID == who.current.ID
		_, err = revocation(domain.ReasonByOwner, cmd.Client, who.now).Apply(records, mine[i])
		return err
	})
	return steps.Result(result, err)
}
