package signin

import (
	"context"

	"gatehouse/application"
	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// BlacklistToken ends the session of a refresh token. Anybody who has the token may do that, as with the
// blacklist of SimpleJWT.
//
// Errors: those of [domain.Claims.Check], [domain.ErrSessionEnded] or
// [domain.ErrSessionNotFound] if the session is over already,
// [domain.ErrStaffNotFound], [domain.ErrUnavailable]; [domain.ErrThrottled] as for [RefreshAccess].
type BlacklistToken struct {
	store     ports.Store
	parser    ports.TokenParser
	clock     ports.Clock
	sessionID ports.NewSessionID
	refusals  *application.Refusals
	policy    domain.Policy
}

// BlacklistTokenCommand is a refresh token and the client that presents it.
type BlacklistTokenCommand struct {
	Token  domain.Token
	Client domain.Client
}

// BlacklistTokenResult is empty: the session is over.
type BlacklistTokenResult struct{}

// NewBlacklistToken makes the use case.
func NewBlacklistToken(
	store ports.Store, parser ports.TokenParser, clock ports.Clock, sessionID ports.NewSessionID, refusals *application.Refusals, policy domain.Policy,
) *BlacklistToken {
	return &BlacklistToken{store, parser, clock, sessionID, refusals, policy}
}

// Execute implements [ports.UseCase].
func (u *BlacklistToken) Execute(ctx context.Context, cmd BlacklistTokenCommand) (BlacklistTokenResult, error) {
	now := u.clock()
	claims, refusal := steps.ParseToken(ctx, u.parser, cmd.Token, u.policy, now, domain.RefreshToken)
	if steps.IsForged(refusal) {
		return BlacklistTokenResult{}, refusal
	}
	return BlacklistTokenResult{}, u.refusals.Settle(ctx, u.store, application.Shown(claims, cmd.Client, u.policy, now), func(records ports.Records) (application.Verdict, error) {
		event := domain.NewAuditEvent(domain.EventTokenBlacklist, cmd.Client, now)
		event.Session = claims.Session
		if refusal != nil {
			return application.Verdict{Event: event}, refusal
		}
		owner, err := steps.OwnerOf(records.Staff(), claims)
		event.StaffID = owner.ID
		if err != nil {
			return application.Verdict{Event: event}, err
		}
		session, err := steps.FindSession(records.Sessions(), owner, claims, u.sessionID(), cmd.Client, u.policy, now)
		if err != nil {
			return application.Verdict{Event: event}, err
		}
		event.Session = session.ID
		if session.Over() {
			return application.Verdict{Event: event}, domain.ErrSessionEnded
		}
		session.End(domain.EndBlacklisted, now)
		return application.Verdict{Event: event, Change: func() error { return records.Sessions().Save(session) }}, nil
	})
}
