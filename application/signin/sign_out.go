package signin

import (
	"context"
	"time"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// SignOut ends the sessions of the presented tokens, even of expired ones. The scope may add the other
// sessions of the same person, or choose them instead. Invalid tokens are ignored: signing out always
// succeeds unless it cannot be stored.
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

// The scopes. If the session of the token is not running, ScopeOthers does nothing and ScopeAll does the
// same as ScopeThis.
const (
	ScopeThis   Scope = "this"   // the session of the token; "" means the same
	ScopeOthers Scope = "others" // the other sessions of the person
	ScopeAll    Scope = "all"    // both, and all tokens of the shop's Django issued until now
)

// SignOutCommand holds the tokens that the client has sent.
type SignOutCommand struct {
	Tokens []domain.Token // access or refresh tokens
	Scope  Scope
	Client domain.Client
}

// SignOutResult counts the sessions that were ended.
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

// end ends the sessions that one token and the scope name, and returns their number.
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
