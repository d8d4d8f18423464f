package sessions

import (
	"context"
	"slices"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// RevokeSession ends one of a person's own sessions, perhaps the one that asks.
//
// Errors: those of [signin.CurrentStaff], [domain.ErrNotYourSession].
type RevokeSession struct {
	store  ports.Store
	parser ports.TokenParser
	clock  ports.Clock
	policy domain.Policy
}

// RevokeSessionCommand is an access token, and which session is to end.
type RevokeSessionCommand struct {
	Token   domain.Token
	Session domain.SessionID
	Client  domain.Client
}

// RevokeSessionResult tells whether the session that asked has ended itself.
type RevokeSessionResult struct {
	Own bool
}

// NewRevokeSession makes the use case.
func NewRevokeSession(store ports.Store, parser ports.TokenParser, clock ports.Clock, policy domain.Policy) *RevokeSession {
	return &RevokeSession{store, parser, clock, policy}
}

// Execute implements [ports.UseCase].
func (u *RevokeSession) Execute(ctx context.Context, cmd RevokeSessionCommand) (result RevokeSessionResult, err error) {
	now := u.clock()
	claims, err := steps.ParseToken(ctx, u.parser, cmd.Token, u.policy, now, domain.AccessToken)
	if err != nil {
		return RevokeSessionResult{}, err
	}
	err = u.store.Update(ctx, func(records ports.Records) error {
		owner, current, err := steps.Admit(records, claims, u.policy, now)
		if err != nil {
			return err
		}
		all, err := records.Sessions().OfStaff(owner.ID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(s domain.Session) bool { return s.ID == cmd.Session && s.Running(u.policy, now) })
		if i < 0 {
			return domain.ErrNotYourSession
		}
		result.Own = all[i].ID == current.ID
		end := steps.Ending{Kind: domain.EventSessionEnd, End: domain.EndRevoked, Reason: domain.ReasonByOwner, Client: cmd.Client, Now: now}
		_, err = end.Apply(records, all[i])
		return err
	})
	if err != nil {
		return RevokeSessionResult{}, err
	}
	return result, nil
}
