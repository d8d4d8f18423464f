package application

import (
	"context"

	"gatehouse/domain"
	"gatehouse/ports"
)

// BlacklistToken ends the session of a refresh token, whoever presents it.
//
// Errors: those of [domain.Claims.Check], [domain.ErrSessionEnded] or
// [domain.ErrSessionNotFound] when the session is over already,
// [domain.ErrStaffNotFound], [domain.ErrUnavailable]; [domain.ErrThrottled] as for [RefreshAccess].
type BlacklistToken struct {
	store     ports.Store
	parser    ports.TokenParser
	clock     ports.Clock
	sessionID ports.NewSessionID
	refusals  *Refusals
	policy    domain.Policy
}

// BlacklistTokenCommand is a refresh token, and who presents it.
type BlacklistTokenCommand struct {
	Token  domain.Token
	Client domain.Client
}

// BlacklistTokenResult is empty: the session is over.
type BlacklistTokenResult struct{}

// NewBlacklistToken makes the use case.
func NewBlacklistToken(
	store ports.Store, parser ports.TokenParser, clock ports.Clock, sessionID ports.NewSessionID, refusals *Refusals, policy domain.Policy,
) *BlacklistToken {
	return &BlacklistToken{store, parser, clock, sessionID, refusals, policy}
}

// Execute implements [ports.UseCase].
func (u *BlacklistToken) Execute(ctx context.Context, cmd BlacklistTokenCommand) (BlacklistTokenResult, error) {
	now := u.clock()
	claims, refusal := parseToken(ctx, u.parser, cmd.Token, u.policy, now, domain.RefreshToken)
	if isForged(refusal) {
		return BlacklistTokenResult{}, refusal
	}
	return BlacklistTokenResult{}, u.refusals.settle(ctx, u.store, shown(claims, cmd.Client, u.policy, now), func(records ports.Records) (verdict, error) {
		event := domain.NewAuditEvent(domain.EventTokenBlacklist, cmd.Client, now)
		event.Session = claims.Session
		if refusal != nil {
			return verdict{event: event}, refusal
		}
		owner, err := ownerOf(records.Staff(), claims)
		event.StaffID = owner.ID
		if err != nil {
			return verdict{event: event}, err
		}
		session, err := findSession(records.Sessions(), owner, claims, u.sessionID(), cmd.Client, u.policy, now)
		if err != nil {
			return verdict{event: event}, err
		}
		event.Session = session.ID
		if session.Over() {
			return verdict{event: event}, domain.ErrSessionEnded
		}
		session.End(domain.EndBlacklisted, now)
		return verdict{event, func() error { return records.Sessions().Save(session) }}, nil
	})
}
