package application

import (
	"context"
	"errors"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// SignOut ends the session of every token that is presented, also of expired ones. What
// is no token of ours is passed over: signing out always succeeds, except when it could
// not be made durable.
//
// Errors: [domain.ErrUnavailable].
type SignOut struct {
	store     ports.Store
	parser    ports.TokenParser
	clock     ports.Clock
	sessionID ports.NewSessionID
	policy    domain.Policy
}

// SignOutCommand is whatever the client has brought, of either type.
type SignOutCommand struct {
	Tokens []domain.Token
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
	return &SignOut{store, parser, clock, sessionID, policy}
}

// Execute implements [ports.UseCase].
func (u *SignOut) Execute(ctx context.Context, cmd SignOutCommand) (SignOutResult, error) {
	now := u.clock()
	claims := u.genuine(ctx, cmd.Tokens, now)
	if len(claims) == 0 {
		return SignOutResult{}, ctx.Err()
	}
	var result SignOutResult
	err := u.store.Update(ctx, func(records ports.Records) error {
		for _, c := range claims {
			ended, err := u.end(records, c, cmd.Client, now)
			if err != nil {
				return err
			}
			if ended {
				result.Ended++
			}
		}
		return nil
	})
	return result, err
}

// genuine returns the claims of the tokens that name a session, or might be adopted.
func (u *SignOut) genuine(ctx context.Context, tokens []domain.Token, now time.Time) []domain.Claims {
	var found []domain.Claims
	for _, token := range tokens {
		claims, err := parseToken(ctx, u.parser, token, u.policy, now, domain.AccessToken, domain.RefreshToken)
		expired := errors.Is(err, domain.ErrTokenExpired) && claims.Session != ""
		if err == nil || expired {
			found = append(found, claims)
		}
	}
	return found
}

// end ends the session of one token, and reports whether it was running.
func (u *SignOut) end(records ports.Records, claims domain.Claims, client domain.Client, now time.Time) (bool, error) {
	owner, err := ownerOf(records.Staff(), claims)
	if err != nil {
		return false, unlessRefusal(err)
	}
	session, err := findSession(records.Sessions(), owner, claims, u.sessionID(), client, u.policy, now)
	if err != nil || session.Revoked(owner) {
		return false, unlessRefusal(err)
	}
	session.End(domain.EndSignedOut, now)
	if err := records.Sessions().Save(session); err != nil {
		return false, err
	}
	event := domain.NewAuditEvent(domain.EventSignOut, client, now)
	event.StaffID, event.Session = owner.ID, session.ID
	return true, records.Audit().Append(event.Decided(nil))
}

func unlessRefusal(err error) error {
	if domain.IsRefusal(err) {
		return nil
	}
	return err
}
