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
// [domain.ErrStaffNotFound], [domain.ErrUnavailable].
type BlacklistToken struct {
	store     ports.Store
	parser    ports.TokenParser
	clock     ports.Clock
	sessionID ports.NewSessionID
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
	store ports.Store, parser ports.TokenParser, clock ports.Clock, sessionID ports.NewSessionID, policy domain.Policy,
) *BlacklistToken {
	return &BlacklistToken{store, parser, clock, sessionID, policy}
}

// Execute implements [ports.UseCase].
func (u *BlacklistToken) Execute(ctx context.Context, cmd BlacklistTokenCommand) (BlacklistTokenResult, error) {
	now := u.clock()
	claims, refusal := parseToken(ctx, u.parser, cmd.Token, u.policy, now, domain.RefreshToken)
	if isForged(refusal) {
		return BlacklistTokenResult{}, refusal
	}
	return BlacklistTokenResult{}, settle(ctx, u.store, func(records ports.Records) (domain.AuditEvent, error) {
		event := domain.NewAuditEvent(domain.EventTokenBlacklist, cmd.Client, now)
		event.Session = claims.Session
		if refusal != nil {
			return event, refusal
		}
		owner, err := ownerOf(records.Staff(), claims)
		event.StaffID = owner.ID
		if err != nil {
			return event, err
		}
		session, err := findSession(records.Sessions(), owner, claims, u.sessionID(), cmd.Client, u.policy, now)
		if err != nil {
			return event, err
		}
		event.Session = session.ID
		if session.Over() {
			return event, domain.ErrSessionEnded
		}
		session.End(domain.EndBlacklisted, now)
		return event, records.Sessions().Save(session)
	})
}
