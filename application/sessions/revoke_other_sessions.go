package sessions

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// RevokeOtherSessions ends all sessions of the person who asks, except the one that asks.
//
// Errors: those of [signin.CurrentStaff].
type RevokeOtherSessions struct{ desk }

// RevokeOtherSessionsCommand is an access token of the session that stays.
type RevokeOtherSessionsCommand struct {
	Token  domain.Token
	Client domain.Client
}

// RevokeOtherSessionsResult counts the sessions that were ended.
type RevokeOtherSessionsResult struct {
	Ended int
}

// NewRevokeOtherSessions makes the use case.
func NewRevokeOtherSessions(store ports.Store, parser ports.TokenParser, clock ports.Clock, policy domain.Policy) *RevokeOtherSessions {
	return &RevokeOtherSessions{desk{store, parser, clock, policy}}
}

// Execute implements [ports.UseCase].
func (u *RevokeOtherSessions) Execute(ctx context.Context, cmd RevokeOtherSessionsCommand) (result RevokeOtherSessionsResult, err error) {
	err = u.serve(ctx, cmd.Token, u.store.Update, func(records ports.Records, who asker) (err error) {
		result.Ended, err = revocation(domain.ReasonByOwner, cmd.Client, who.now).Others(records, who.owner.ID, who.current.ID, u.policy)
		return err
	})
	return steps.Result(result, err)
}
