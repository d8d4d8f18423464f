package signin

import (
	"cmp"
	"context"
	"errors"
	"time"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// RenewAccess gives a new access token to a browser whose access token is missing or expired, in passing.
// It takes any refresh token that [RefreshAccess] would accept now, and does not replace it: a lost answer
// costs nothing. No session is opened or ended. The session counts as used.
//
// For a request whose answer may be unseen the token serves that request alone, and nothing is written.
//
// Errors: those of [domain.Claims.Check], [domain.Claims.SameOwner], [domain.Session.Check] and
// [domain.Session.Present]; [domain.ErrTokenInvalid] also if the access token is not over;
// [domain.ErrStaffNotFound]; [domain.ErrSessionNotFound], also for a token of the shop's Django without a
// session; [domain.ErrUnavailable]. Nothing is written beside an error.
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
	// Access is the access token that the browser has besides, or empty. It must be over, and of the
	// same person.
	Access domain.Token
	// Unseen: maybe nobody looks at the answer, because a browser reads ahead.
	Unseen bool
	Client domain.Client
}

// RenewAccessResult is the new access token and the time until it expires.
type RenewAccessResult struct {
	Access   domain.Token
	Lifetime time.Duration
	// Keep: the browser is to keep the token. Otherwise it serves this request alone.
	Keep bool
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
	claims, err := u.parse(ctx, cmd, now)
	if err != nil {
		return RenewAccessResult{}, err
	}
	within := u.store.Update
	if cmd.Unseen {
		within = u.store.View
	}
	var session domain.Session
	err = within(ctx, func(records ports.Records) (err error) {
		session, err = u.use(records, claims, cmd, now)
		return err
	})
	if err != nil {
		return RenewAccessResult{}, err
	}
	access := accessClaims(session, claims, u.tokenID(), u.policy, now)
	token, err := u.signer.Sign(ctx, access)
	return steps.Result(RenewAccessResult{token, access.Lifetime(), !cmd.Unseen}, err)
}

// parse returns the claims of the refresh token, if nothing about the two tokens forbids a renewal.
func (u *RenewAccess) parse(ctx context.Context, cmd RenewAccessCommand, now time.Time) (domain.Claims, error) {
	over, err := u.over(ctx, cmd.Access, now)
	if err != nil {
		return domain.Claims{}, err
	}
	claims, err := steps.ParseToken(ctx, u.parser, cmd.Token, u.policy, now, domain.RefreshToken)
	return claims, cmp.Or(err, claims.SameOwner(over))
}

// over returns the claims of an access token, which must have expired. Those of an empty one are empty.
func (u *RenewAccess) over(ctx context.Context, access domain.Token, now time.Time) (domain.Claims, error) {
	if access.Empty() {
		return domain.Claims{}, nil
	}
	claims, err := steps.ParseToken(ctx, u.parser, access, u.policy, now, domain.AccessToken)
	if errors.Is(err, domain.ErrTokenExpired) {
		return claims, nil
	}
	return claims, cmp.Or(err, domain.ErrTokenInvalid)
}

// use marks the session as used if a refresh would be accepted.
func (u *RenewAccess) use(records ports.Records, claims domain.Claims, cmd RenewAccessCommand, now time.Time) (domain.Session, error) {
	_, session, err := steps.Admit(records, claims, u.policy, now)
	if err != nil {
		return session, err
	}
	if session.ID == "" {
		return session, domain.ErrSessionNotFound
	}
	if _, err := session.Present(claims, u.policy, now); err != nil || cmd.Unseen {
		return session, err
	}
	session.Use(cmd.Client, now)
	if err := records.Sessions().Save(session); err != nil {
		return session, err
	}
	event := domain.NewAuditEvent(domain.EventTokenRenew, cmd.Client, now)
	event.StaffID, event.Session = session.StaffID, session.ID
	return session, records.Audit().Append(event.Decided(nil))
}
