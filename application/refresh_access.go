package application

import (
	"context"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// RefreshAccess gives a new access token for a refresh token whose session is running and
// whose owner may still sign in. A token of the shop's Django becomes a session when it is
// first presented.
//
// Errors: those of [domain.Claims.Check] and [domain.Session.Check],
// [domain.ErrStaffNotFound] when the account is deleted, [domain.ErrSessionNotFound],
// [domain.ErrUnavailable]. A refusal that lies with the account ends the session.
type RefreshAccess struct {
	store     ports.Store
	parser    ports.TokenParser
	signer    ports.TokenSigner
	clock     ports.Clock
	sessionID ports.NewSessionID
	tokenID   ports.NewTokenID
	policy    domain.Policy
}

// RefreshAccessCommand is a refresh token, and who presents it.
type RefreshAccessCommand struct {
	Token  domain.Token
	Client domain.Client
}

// RefreshAccessResult is the new access token.
type RefreshAccessResult struct {
	Access         domain.Token
	AccessLifetime time.Duration
}

// NewRefreshAccess makes the use case.
func NewRefreshAccess(
	store ports.Store, parser ports.TokenParser, signer ports.TokenSigner,
	clock ports.Clock, sessionID ports.NewSessionID, tokenID ports.NewTokenID, policy domain.Policy,
) *RefreshAccess {
	return &RefreshAccess{store, parser, signer, clock, sessionID, tokenID, policy}
}

// Execute implements [ports.UseCase].
func (u *RefreshAccess) Execute(ctx context.Context, cmd RefreshAccessCommand) (RefreshAccessResult, error) {
	now := u.clock()
	claims, refusal := parseToken(ctx, u.parser, cmd.Token, u.policy, now, domain.RefreshToken)
	var session domain.Session
	err := settle(ctx, u.store, func(records ports.Records) (domain.AuditEvent, error) {
		event := domain.NewAuditEvent(domain.EventTokenRefresh, cmd.Client, now)
		event.Session = claims.Session
		if refusal != nil {
			return event, refusal
		}
		var err error
		session, err = u.use(records, claims, cmd.Client, now)
		event.StaffID, event.Session = session.StaffID, session.ID
		if session.AdoptedToken != "" && session.CreatedAt.Equal(now) {
			event.Reason = domain.ReasonAdopted
		}
		return event, err
	})
	if err != nil {
		return RefreshAccessResult{}, err
	}
	access := session.AccessClaims(u.tokenID(), u.policy, now)
	access.NotBefore = claims.NotBefore // a token is not good before the one it comes from
	token, err := u.signer.Sign(ctx, access)
	return RefreshAccessResult{token, access.Lifetime()}, err
}

// use decides whether the session may be used, and writes down that it was, or that it is
// over.
func (u *RefreshAccess) use(records ports.Records, claims domain.Claims, client domain.Client, now time.Time) (domain.Session, error) {
	owner, err := ownerOf(records.Staff(), claims)
	if err != nil {
		return domain.Session{StaffID: owner.ID, ID: claims.Session}, err
	}
	session, err := findSession(records.Sessions(), owner, claims, u.sessionID(), client, now)
	if err != nil {
		return domain.Session{StaffID: owner.ID, ID: claims.Session}, err
	}
	refusal := session.Check(owner, u.policy, now)
	if reason, ends := domain.EndAfter(refusal); ends {
		session.End(reason, now)
	} else if refusal == nil {
		session.LastUsedAt = now
	}
	if err := records.Sessions().Save(session); err != nil {
		return session, err
	}
	return session, refusal
}
