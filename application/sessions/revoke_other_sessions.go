package sessions

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// RevokeOtherSessions ends every session of a person but the one that asks.
//
// Errors: those of [signin.CurrentStaff].
type RevokeOtherSessions struct {
	store  ports.Store
	parser ports.TokenParser
	clock  ports.Clock
	policy domain.Policy
}

// RevokeOtherSessionsCommand is an access token of the session that stays.
type RevokeOtherSessionsCommand struct {
	Token  domain.Token
	Client domain.Client
}

// RevokeOtherSessionsResult tells how many sessions have ended.
type RevokeOtherSessionsResult struct {
	Ended int
}

// NewRevokeOtherSessions makes the use case.
func NewRevokeOtherSessions(store ports.Store, parser ports.TokenParser, clock ports.Clock, policy domain.Policy) *RevokeOtherSessions {
	return &RevokeOtherSessions{store, parser, clock, policy}
}

// Execute implements [ports.UseCase].
func (u *RevokeOtherSessions) Execute(ctx context.Context, cmd RevokeOtherSessionsCommand) (result RevokeOtherSessionsResult, err error) {
	now := u.clock()
	claims, err := steps.ParseToken(ctx, u.parser, cmd.Token, u.policy, now, domain.AccessToken)
	if err != nil {
		return RevokeOtherSessionsResult{}, err
	}
	err = u.store.Update(ctx, func(records ports.Records) error {
		owner, current, err := steps.Admit(records, claims, u.policy, now)
		if err != nil {
			return err
		}
		end := steps.Ending{Kind: domain.EventSessionEnd, End: domain.EndRevoked, Reason: domain.ReasonByOwner, Client: cmd.Client, Now: now}
		result.Ended, err = end.Others(records, owner.ID, current.ID, u.policy)
		return err
	})
	if err != nil {
		return RevokeOtherSessionsResult{}, err
	}
	return result, nil
}
