package signin

import (
	"context"
	"time"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// RenewAccess gives a new access token to a browser that opens a page. It takes any refresh token that
// [RefreshAccess] would accept now, and does not replace it: a lost answer costs nothing. No session is
// opened or ended. The session counts as used.
//
// Errors: those of [domain.Claims.Check], [domain.Claims.SameOwner], [domain.Session.Check] and
// [domain.Session.Present]; [domain.ErrStaffNotFound]; [domain.ErrSessionNotFound], also for a token of the
// shop's Django without a session; [domain.ErrUnavailable]. Nothing is written beside an error.
type RenewAccess struct {
	store   ports.Store
	parser  ports.TokenParser
	signer  ports.TokenSigner
	clock   ports.Clock
	tokenID ports.NewTokenID
	policy  domain.Policy
}

// RenewAccessCommand is a refresh token and the client that presents it.
type RenewAccessCommand struct {
	Token domain.Token
	// Access is the access token that the browser has besides, or empty. It may be over. If it is
	// genuine and of another person, the refresh token is refused.
	Access domain.Token
	Client domain.Client
}

// RenewAccessResult is the new access token and the time until it expires.
type RenewAccessResult struct {
	Access   domain.Token
	Lifetime time.Duration
}

// NewRenewAccess makes the use case.
func NewRenewAccess(
	store ports.Store, parser ports.TokenParser, signer ports.TokenSigner, clock ports.Clock, tokenID ports.NewTokenID, policy domain.Policy,
) *RenewAccess {
	return &RenewAccess{store, parser, signer, clock, tokenID, policy}
}

// Execute implements [ports.UseCase].
func (u *RenewAccess) Execute(ctx context.Context, cmd RenewAccessCommand) (RenewAccessResult, error) {
	now := u.clock()
	claims, err := steps.ParseToken(ctx, u.parser, cmd.Token, u.policy, now, domain.RefreshToken)
	if err == nil && !cmd.Access.Empty() {
		err = claims.SameOwner(u.genuine(ctx, cmd.Access, now))
	}
	if err != nil {
		return RenewAccessResult{}, err
	}
	var session domain.Session
	err = u.store.Update(ctx, func(records ports.Records) (err error) {
		session, err = u.use(records, claims, cmd.Client, now)
		return err
	})
	if err != nil {
		return RenewAccessResult{}, err
	}
	access := accessClaims(session, claims, u.tokenID(), u.policy, now)
	token, err := u.signer.Sign(ctx, access)
	return steps.Result(RenewAccessResult{token, access.Lifetime()}, err)
}

// genuine are the claims of a token that we have signed, also if it is over, or else none.
func (u *RenewAccess) genuine(ctx context.Context, token domain.Token, now time.Time) domain.Claims {
	claims, err := steps.ParseToken(ctx, u.parser, token, u.policy, now, domain.AccessToken)
	if steps.IsForged(err) {
		return domain.Claims{}
	}
	return claims
}

// use marks the session as used if a refresh would be accepted.
func (u *RenewAccess) use(records ports.Records, claims domain.Claims, client domain.Client, now time.Time) (domain.Session, error) {
	_, session, err := steps.Admit(records, claims, u.policy, now)
	if err != nil {
		return session, err
	}
	if session.ID == "" {
		return session, domain.ErrSessionNotFound
	}
	if _, err := session.Present(claims, u.policy, now); err != nil {
		return session, err
	}
	session.Use(client, now)
	if err := records.Sessions().Save(session); err != nil {
		return session, err
	}
	event := domain.NewAuditEvent(domain.EventTokenRenew, client, now)
	event.StaffID, event.Session = session.StaffID, session.ID
	return session, records.Audit().Append(event.Decided(nil))
}
