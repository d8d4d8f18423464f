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
// costs nothing. No session is opened or ended. The session counts as used, and the audit trail says so.
//
// Another renewal of the session soon afterwards gets the same token, see [domain.Session.Renewed]. For a
// request whose answer may be unseen, the token serves that request alone. Neither writes anything.
//
// Errors: those of [domain.Claims.Check], [domain.Claims.SameOwner], [domain.Session.Check] and
// [domain.Session.Present]; [domain.ErrTokenInvalid] also if the access token is not over, or if
// the policy renews nothing;
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
	// Unseen: the answer may never be looked at, because a browser reads ahead.
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
	_, session, err := steps.SessionOf(ctx, u.store, claims, u.policy, now)
	access, done, err := u.decide(session, claims, cmd, now, err)
	if err == nil && !done {
		access, err = u.write(ctx, claims, cmd, now)
	}
	if err != nil {
		return RenewAccessResult{}, err
	}
	access.NotBefore = claims.NotBefore
	token, err := u.signer.Sign(ctx, access)
	return steps.Result(RenewAccessResult{token, access.ExpiresAt.Sub(now.Truncate(time.Second)), !cmd.Unseen}, err)
}

// parse returns the claims of the refresh token, if nothing about the two tokens forbids a renewal.
func (u *RenewAccess) parse(ctx context.Context, cmd RenewAccessCommand, now time.Time) (domain.Claims, error) {
	if !u.policy.RenewAccess {
		return domain.Claims{}, domain.ErrTokenInvalid
	}
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

// decide returns the claims of the new access token, unless they have to be written first: then done is
// false. found is what finding the session has come to.
func (u *RenewAccess) decide(
	session domain.Session, claims domain.Claims, cmd RenewAccessCommand, now time.Time, found error,
) (access domain.Claims, done bool, err error) {
	if err := u.mayRenew(session, claims, now, found); err != nil {
		return access, false, err
	}
	if access, again := session.Renewed(u.policy, now); again {
		return access, true, nil
	}
	return session.AccessClaims(u.tokenID(), u.policy, now), cmd.Unseen, nil
}

// mayRenew returns why the session renews nothing, or nil.
func (u *RenewAccess) mayRenew(session domain.Session, claims domain.Claims, now time.Time, found error) error {
	if found != nil {
		return found
	}
	if session.ID == "" {
		return domain.ErrSessionNotFound
	}
	_, err := session.Present(claims, u.policy, now)
	return err
}

// write renews in one update. If another request has done so since the first look, its token counts.
func (u *RenewAccess) write(ctx context.Context, claims domain.Claims, cmd RenewAccessCommand, now time.Time) (access domain.Claims, err error) {
	err = u.store.Update(ctx, func(records ports.Records) error {
		_, session, err := steps.Admit(records, claims, u.policy, now)
		var done bool
		if access, done, err = u.decide(session, claims, cmd, now, err); err != nil || done {
			return err
		}
		session.Renew(access.ID, cmd.Client, now)
		return saveRenewal(records, session, cmd.Client, now)
	})
	return access, err
}

// saveRenewal stores the renewed session together with its audit event.
func saveRenewal(records ports.Records, session domain.Session, client domain.Client, now time.Time) error {
	if err := records.Sessions().Save(session); err != nil {
		return err
	}
	event := domain.NewAuditEvent(domain.EventTokenRenew, client, now)
	event.StaffID, event.Session = session.StaffID, session.ID
	return records.Audit().Append(event.Decided(nil))
}
