package signin

import (
	"context"
	"time"

	"gatehouse/application"
	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// RefreshAccess gives a new access token for a refresh token whose session is running and
// whose owner may still sign in; by policy it gives a new refresh token as well. A token of
// the shop's Django becomes a session when it is first presented, and that counts as a sign-in:
// it ends the person's oldest sessions if there are too many.
//
// The refresh token before the current one is answered, within the grace, with the current
// one again. An older one ends the session.
//
// Errors: those of [domain.Claims.Check], [domain.Session.Check] and
// [domain.Session.Present], [domain.ErrStaffNotFound] when the account is deleted,
// [domain.ErrSessionNotFound], [domain.ErrUnavailable]; [domain.ErrThrottled] as a
// [domain.Throttled], instead of another refusal, for who shows again and again what is refused.
// A refusal that lies with the account ends the session.
type RefreshAccess struct {
	store     ports.Store
	parser    ports.TokenParser
	signer    ports.TokenSigner
	clock     ports.Clock
	sessionID ports.NewSessionID
	tokenID   ports.NewTokenID
	refusals  *application.Refusals
	policy    domain.Policy
}

// RefreshAccessCommand is a refresh token, and who presents it.
type RefreshAccessCommand struct {
	Token domain.Token
	// FromCookie: the token came in a cookie, where tokens are handed out in cookies.
	FromCookie bool
	Client     domain.Client
}

// RefreshAccessResult is the new access token, and the refresh token that the client is to
// use from now on; that one is empty if the presented one stays.
type RefreshAccessResult struct {
	TokenPair
	// InKind: the refresh token goes back the way the presented one came.
	InKind bool
}

// NewRefreshAccess makes the use case.
func NewRefreshAccess(
	store ports.Store, parser ports.TokenParser, signer ports.TokenSigner,
	clock ports.Clock, sessionID ports.NewSessionID, tokenID ports.NewTokenID, refusals *application.Refusals, policy domain.Policy,
) *RefreshAccess {
	return &RefreshAccess{store, parser, signer, clock, sessionID, tokenID, refusals, policy}
}

// Execute implements [ports.UseCase].
func (u *RefreshAccess) Execute(ctx context.Context, cmd RefreshAccessCommand) (RefreshAccessResult, error) {
	now := u.clock()
	claims, refusal := steps.ParseToken(ctx, u.parser, cmd.Token, u.policy, now, domain.RefreshToken)
	if steps.IsForged(refusal) {
		return RefreshAccessResult{}, refusal
	}
	var used usedSession
	err := u.refusals.Settle(ctx, u.store, application.Shown(claims, cmd.Client, u.policy, now), func(records ports.Records) (application.Verdict, error) {
		event := domain.NewAuditEvent(domain.EventTokenRefresh, cmd.Client, now)
		event.Session = claims.Session
		if refusal != nil {
			return application.Verdict{Event: event}, refusal
		}
		var err error
		used, err = u.use(records, claims, cmd, now)
		event.StaffID, event.Session, event.Reason = used.session.StaffID, used.session.ID, used.reason
		if domain.ReasonOf(err) == domain.ReasonReplayed {
			event.PreviousAddress = used.session.LastAddress
		}
		if !used.changed {
			return application.Verdict{Event: event}, err
		}
		return application.Verdict{Event: event, Change: func() error { return u.save(records, used, cmd, now) }}, err
	})
	if err != nil {
		return RefreshAccessResult{}, err
	}
	pair, err := u.sign(ctx, used, claims, now)
	return RefreshAccessResult{pair, u.policy.ReturnsInKind()}, err
}

// A usedSession is a session after a refresh token of it was presented.
type usedSession struct {
	session domain.Session
	replace bool          // the client is to get the current refresh token
	reason  domain.Reason // how it went, if that needs saying
	changed bool          // the session is to be saved
}

// use decides whether the session may be used. The result notes that it was, or that it is over.
func (u *RefreshAccess) use(records ports.Records, claims domain.Claims, cmd RefreshAccessCommand, now time.Time) (usedSession, error) {
	owner, err := steps.OwnerOf(records.Staff(), claims)
	if err != nil {
		return usedSession{session: domain.Session{StaffID: owner.ID, ID: claims.Session}}, err
	}
	fresh := u.sessionID()
	session, err := steps.FindSession(records.Sessions(), owner, claims, fresh, cmd.Client, u.policy, now)
	if err != nil {
		return usedSession{session: domain.Session{StaffID: owner.ID, ID: claims.Session}}, err
	}
	refusal := session.Check(owner, u.policy, now)
	var presented domain.Presentation
	if refusal == nil {
		presented, refusal = session.Present(claims, u.policy, now)
	}
	used := usedSession{session: session, changed: session.ID == fresh || refusal == nil}
	if reason, ends := domain.EndAfter(refusal); ends {
		used.session.End(reason, now)
		used.changed = used.changed || used.session != session
	} else if refusal == nil {
		if session.ID == fresh {
			used.reason = domain.ReasonAdopted
		}
		u.answer(&used, presented, cmd, now)
	}
	return used, refusal
}

// save stores the session. One that was adopted takes the place of another, if there are too many.
func (u *RefreshAccess) save(records ports.Records, used usedSession, cmd RefreshAccessCommand, now time.Time) error {
	if used.reason == domain.ReasonAdopted {
		if err := steps.MakeRoomForSession(records, used.session.StaffID, cmd.Client, u.policy, now); err != nil {
			return err
		}
	}
	return records.Sessions().Save(used.session)
}

// answer notes the use, and rotates if the policy says so and this has not been done.
func (u *RefreshAccess) answer(used *usedSession, presented domain.Presentation, cmd RefreshAccessCommand, now time.Time) {
	used.session.Came(cmd.FromCookie)
	switch {
	case presented == domain.PresentedPrevious:
		used.replace, used.reason = true, domain.ReasonRepeated
	case u.policy.Rotates(used.session.OpenedIn):
		used.session.Rotate(u.tokenID(), now)
		used.replace = true
		if used.reason == "" {
			used.reason = domain.ReasonRotated
		}
	}
	used.session.Use(cmd.Client, now)
}

func (u *RefreshAccess) sign(ctx context.Context, used usedSession, presented domain.Claims, now time.Time) (pair TokenPair, err error) {
	access := accessClaims(used.session, presented, u.tokenID(), u.policy, now)
	pair.AccessLifetime = access.Lifetime()
	if pair.Access, err = u.signer.Sign(ctx, access); err != nil || !used.replace {
		return pair, err
	}
	refresh := used.session.RefreshClaims(u.policy)
	refresh.NotBefore = presented.NotBefore
	pair.RefreshLifetime = refresh.ExpiresAt.Sub(now.Truncate(time.Second))
	pair.Refresh, err = u.signer.Sign(ctx, refresh)
	return pair, err
}

// accessClaims are those of an access token that is given for a refresh token. It is not good before
// the one that it comes from.
func accessClaims(session domain.Session, presented domain.Claims, id domain.TokenID, policy domain.Policy, now time.Time) domain.Claims {
	access := session.AccessClaims(id, policy, now)
	access.NotBefore = presented.NotBefore
	return access
}
