package signin

import (
	"context"
	"time"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// SignOut ends the session of every token that is presented, also of expired ones, or by
// scope other sessions of the same person. What is no token of ours is passed over: signing
// out always succeeds, except when it could not be made durable.
//
// Errors: [domain.ErrUnavailable].
type SignOut struct {
	presented steps.Presented
	store     ports.Store
	clock     ports.Clock
	policy    domain.Policy
}

// A Scope says which sessions end.
type Scope string

// The scopes: the session that is presented, the person's others, or both. The last two
// need a token whose session is running.
const (
	ScopeThis   Scope = "this"
	ScopeOthers Scope = "others"
	ScopeAll    Scope = "all"
)

// SignOutCommand is whatever the client has brought, of either type.
type SignOutCommand struct {
	Tokens []domain.Token
	Scope  Scope
	Client domain.Client
}

// SignOutResult tells how many sessions this has ended.
type SignOutResult struct {
	Ended int
}

// NewSignOut makes the use case.
func NewSignOut(
	store ports.Store, parser ports.TokenParser, clock ports.Clock, sessionID ports.NewSessionID, policy domain.Policy,
) *SignOut {
	return &SignOut{steps.Presented{Parser: parser, SessionID: sessionID, Policy: policy}, store, clock, policy}
}

// Execute implements [ports.UseCase].
func (u *SignOut) Execute(ctx context.Context, cmd SignOutCommand) (result SignOutResult, err error) {
	now := u.clock()
	claims := u.presented.Genuine(ctx, cmd.Tokens, now)
	if len(claims) == 0 {
		return SignOutResult{}, ctx.Err()
	}
	err = u.store.Update(ctx, func(records ports.Records) error {
		for _, c := range claims {
			ended, err := u.end(records, c, cmd, now)
			if err != nil {
				return err
			}
			result.Ended += ended
		}
		return nil
	})
	return steps.Result(result, err)
}

// end ends what one token and the scope say, and returns how many sessions that were.
func (u *SignOut) end(records ports.Records, claims domain.Claims, cmd SignOutCommand, now time.Time) (ended int, err error) {
	owner, session, found, err := u.presented.Session(records, claims, cmd.Client, now)
	if err != nil || !found {
		return 0, err
	}
	end := steps.Ending{Kind: domain.EventSignOut, End: domain.EndSignedOut, Reason: "", Client: cmd.Client, Now: now}
	running := session.Check(owner, u.policy, now) == nil
	if running && cmd.Scope == ScopeAll {
		owner.EndSessions(now)
		if err := records.Staff().Save(owner); err != nil {
			return 0, err
		}
	}
	if running && (cmd.Scope == ScopeAll || cmd.Scope == ScopeOthers) {
		if ended, err = end.Others(records, owner.ID, session.ID, u.policy); err != nil {
			return 0, err
		}
	}
	if cmd.Scope == ScopeOthers {
		return ended, nil
	}
	this, err := end.Apply(records, session)
	return ended + this, err
}
