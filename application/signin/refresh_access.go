package signin

import (
	"context"
	"time"

	"gatehouse/application"
	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// RefreshAccess gives a new access token for a refresh token. The session must be running, and its owner
// must still be allowed to sign in. Depending on the policy the refresh token is replaced too.
//
// A refresh token that was replaced just now, within the grace, gets the current one again: a second tab
// or a lost answer is no attack. An older one ends the session, because somebody may have stolen it
// (RFC 9700, section 4.14.2). A refusal because of the account ends the session too.
//
// The first refresh with a token of the shop's Django opens a session for it. That counts as a sign-in:
// the person's oldest sessions end if there are too many.
//
// Errors: those of [domain.Claims.Check], [domain.Session.Check] and [domain.Session.Present];
// [domain.ErrStaffNotFound] if the account is deleted; [domain.ErrSessionNotFound];
// [domain.ErrUnavailable]; [domain.ErrThrottled] as a [domain.Throttled] if the same client has been
// refused again and again.
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

// RefreshAccessCommand is a refresh token and the client that presents it.
type RefreshAccessCommand struct {
	Token domain.Token
	// FromCookie is true if the token came in a cookie and the service hands out tokens in cookies.
	FromCookie bool
	Client     domain.Client
}

// RefreshAccessResult is the new access token, and the refresh token to use from now on. The refresh token
// is empty if the presented one stays.
type RefreshAccessResult struct {
	TokenPair
	// InKind says how to send the refresh token: true means the way the presented one came, in a cookie
	// or in the body.
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
	return steps.Result(RefreshAccessResult{pair, u.policy.ReturnsInKind()}, err)
}

// A usedSession is a session after its refresh token was presented.
type usedSession struct {
	session domain.Session
	replace bool          // the client gets the current refresh token
	reason  domain.Reason // for the audit event, "" if it needs none
	changed bool          // the session must be saved
}

// use decides whether the session may be used, and marks it as used or as ended.
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

// save stores the session. For a new one it makes room first.
func (u *RefreshAccess) save(records ports.Records, used usedSession, cmd RefreshAccessCommand, now time.Time) error {
	if used.reason == domain.ReasonAdopted {
		if err := steps.MakeRoomForSession(records, used.session.StaffID, cmd.Client, u.policy, now); err != nil {
			return err
		}
	}
	return records.Sessions().Save(used.session)
}

// answer marks the session as used, and replaces the refresh token if the policy says so. A token that
// was replaced already is not replaced again.
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

// accessClaims are the claims of an access token that is given for a refresh token. The access token is
// not valid earlier than the presented one.
func accessClaims(session domain.Session, presented domain.Claims, id domain.TokenID, policy domain.Policy, now time.Time) domain.Claims {
	access := session.AccessClaims(id, policy, now)
	access.NotBefore = presented.NotBefore
	return access
}
