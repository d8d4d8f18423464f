package domain

import (
	"net/netip"
	"slices"
	"time"
)

// A SessionID is 128 random bits as 32 lower-case hex digits: the sid claim.
type SessionID string

// A Session is one sign-in on one device, from which every token of it is derived.
type Session struct {
	ID      SessionID
	StaffID StaffID
	// AdoptedToken is the jti of the Django token that this session was made for. It is "" for a
	// session that began with a sign-in here.
	AdoptedToken TokenID
	// OpenedIn is how the first tokens were handed out.
	OpenedIn Carrier
	// Generation counts the refresh tokens that have been the current one, which is
	// CurrentToken since RotatedAt.
	Generation   int64
	CurrentToken TokenID
	RotatedAt    time.Time
	// RenewedToken is the access token of the last renewal, at RenewedAt. "" if there was none.
	RenewedToken TokenID
	RenewedAt    time.Time
	CreatedAt    time.Time
	LastUsedAt   time.Time
	// ExpiresAt is absolute: no token of the session outlives it.
	ExpiresAt time.Time
	// EndedAt is zero while the session is not over; EndReason says what ended it.
	EndedAt   time.Time
	EndReason EndReason
	// Address and UserAgent are those of the sign-in, LastAddress that of the last use.
	Address     netip.Addr
	UserAgent   string
	LastAddress netip.Addr
	// SharedSecret: the session was opened while [Policy.SharedSecretSigns] was set. Only then can
	// honest tokens of [Claims.SharedSecret] name it.
	SharedSecret bool
}

// A Carrier is the part of a message in which tokens travel.
type Carrier string

// The carriers. CarrierUnknown is for tokens that the shop's Django handed out, and for sessions
// from before this was kept: see [Session.Came].
const (
	CarrierUnknown Carrier = ""
	CarrierCookies Carrier = "cookies"
	CarrierBody    Carrier = "body"
)

// An EndReason is what ended a session before its time.
type EndReason string

// The ends of sessions.
const (
	EndSignedOut          EndReason = "signed_out"
	EndBlacklisted        EndReason = "blacklisted"
	EndPasswordChanged    EndReason = "password_changed"
	EndPasswordResetDue   EndReason = "password_reset_due"
	EndAccountDeactivated EndReason = "account_deactivated"
	EndAccountLeft        EndReason = "account_left"
	EndAccountImported    EndReason = "account_imported"
	EndBeforeAdoption     EndReason = "ended_before_adoption"
	EndReplayed           EndReason = "replayed"
	EndReplaced           EndReason = "replaced"
	EndTooMany            EndReason = "too_many_sessions"
	EndRevoked            EndReason = "revoked"
	EndRestored           EndReason = "database_restored"
)

// ofAccount reports whether a change of the account ended the session, and not one of the session
// or the password.
func (r EndReason) ofAccount() bool {
	switch r {
	case EndAccountDeactivated, EndAccountLeft, EndAccountImported, EndPasswordResetDue, EndBeforeAdoption:
		return true
	}
	return false
}

// NewSession opens the session of a sign-in. It has no refresh token before the first
// [Session.Rotate].
func NewSession(id SessionID, staff StaffID, openedIn Carrier, client Client, policy Policy, now time.Time) Session {
	return Session{
		ID:          id,
		StaffID:     staff,
		OpenedIn:    openedIn,
		CreatedAt:   now,
		LastUsedAt:  now,
		ExpiresAt:   now.Add(policy.SessionLifetime),
		Address:     client.Address,
		UserAgent:   client.UserAgent,
		LastAddress: client.Address,

		SharedSecret: policy.SharedSecretSigns,
	}
}

// BeginAfter makes the session no older than moment, which came before it. Otherwise a clock that
// was put back would count it among the sessions that ended at that moment.
func (s *Session) BeginAfter(moment time.Time) {
	if s.CreatedAt.Before(moment) {
		s.CreatedAt = moment
	}
}

// AdoptSession opens the session of a token that the shop's Django issued. The token is its first
// refresh token. The session expires with the token, or after the lifetime of our own sessions if
// that is sooner. If all sessions of its owner were ended in the second of its issue or later, the
// session is over from the start.
func AdoptSession(id SessionID, owner Staff, claims Claims, client Client, policy Policy, now time.Time) Session {
	expires := now.Add(policy.SessionLifetime)
	if claims.ExpiresAt.Before(expires) {
		expires = claims.ExpiresAt
	}
	session := Session{
		ID:           id,
		StaffID:      owner.ID,
		AdoptedToken: claims.ID,
		Generation:   1,
		CurrentToken: claims.ID,
		RotatedAt:    now,
		CreatedAt:    now,
		LastUsedAt:   now,
		ExpiresAt:    expires,
		Address:      client.Address,
		UserAgent:    client.UserAgent,
		LastAddress:  client.Address,
		SharedSecret: policy.SharedSecretSigns,
	}
	if ended := owner.SessionsEndedAt; !ended.IsZero() && !claims.IssuedAt.After(ended) {
		session.End(EndBeforeAdoption, ended)
	}
	return session
}

// Named decides whether a person's claims may name the session by its id. The session must be
// theirs. A token of the shared secret cannot name a session that was opened while another key
// signed, because neither Django nor we have signed such a token.
//
// Errors: [ErrSessionNotFound], [ErrTokenInvalid].
func (s Session) Named(claims Claims, owner Staff) error {
	switch {
	case s.StaffID != owner.ID:
		return ErrSessionNotFound
	case claims.SharedSecret && !s.SharedSecret:
		return refuse(ErrTokenInvalid, ReasonSharedSecret)
	}
	return nil
}

// Revoked reports whether the session was ended by signing out, by blacklisting or by a change of
// the password. A session that only a change of its owner's account has ended can still be signed
// out.
func (s Session) Revoked(owner Staff) bool {
	return s.Over() && (!s.EndReason.ofAccount() || owner.Credentials.ChangedAt.After(s.CreatedAt))
}

// Over reports whether the session has been ended.
func (s Session) Over() bool { return !s.EndedAt.IsZero() }

// End ends the session. The first end counts, with one exception: a session that a change of the
// account has ended can still be signed out.
func (s *Session) End(reason EndReason, now time.Time) {
	if !s.Over() || s.EndReason.ofAccount() && !reason.ofAccount() {
		s.EndedAt, s.EndReason = now, reason
	}
}

// Check decides whether the owner may use a token of the session at the instant now. The first
// refusal in the list counts. They are in the order in which a person can do something about them.
//
// Errors: [ErrAccountInactive], [ErrPasswordResetRequired] when that is enforced,
// [ErrSessionEnded], [ErrTokenExpired].
func (s Session) Check(owner Staff, policy Policy, now time.Time) error {
	if err := owner.CheckStanding(policy.Today(now)); err != nil {
		return err
	}
	switch {
	case owner.Credentials.NeedsReset && policy.EnforcePasswordReset:
		return refuse(ErrPasswordResetRequired, ReasonPasswordResetRequired)
	case s.EndReason == EndReplaced:
		return refuse(ErrSessionEnded, ReasonReplaced)
	case s.Over(), s.CreatedAt.Before(owner.SessionsEndedAt):
		return refuse(ErrSessionEnded, ReasonSessionEnded)
	case !s.ExpiresAt.After(now):
		return refuse(ErrTokenExpired, ReasonSessionExpired)
	case policy.IdleLifetime > 0 && !s.LastUsedAt.Add(policy.IdleLifetime).After(now):
		return refuse(ErrTokenExpired, ReasonSessionIdle)
	}
	return nil
}

// Running reports whether tokens of the session still work, if its owner may sign in.
func (s Session) Running(policy Policy, now time.Time) bool {
	active := Staff{Profile: Profile{IsActive: true}}
	return s.Check(active, policy, now) == nil
}

// Surplus returns the sessions that must end when one more is opened. Those are the oldest ones.
// sessions has all of a person's, oldest first.
func (p Policy) Surplus(sessions []Session, now time.Time) []Session {
	running := slices.DeleteFunc(slices.Clone(sessions), func(s Session) bool { return !s.Running(p, now) })
	if p.MaxSessions == 0 || len(running) < p.MaxSessions {
		return nil
	}
	return running[:len(running)-p.MaxSessions+1]
}

// EndAfter returns how a refusal of [Session.Check] or [Session.Present] ends the session, and
// false if it does not.
func EndAfter(err error) (EndReason, bool) {
	switch ReasonOf(err) {
	case ReasonInactive:
		return EndAccountDeactivated, true
	case ReasonLeft:
		return EndAccountLeft, true
	case ReasonPasswordResetRequired:
		return EndPasswordResetDue, true
	case ReasonReplayed:
		return EndReplayed, true
	}
	return "", false
}

// AccessClaims are the claims of a new access token. It expires with the session at the latest.
func (s Session) AccessClaims(id TokenID, policy Policy, now time.Time) Claims {
	expires := now.Add(policy.AccessLifetime)
	if s.ExpiresAt.Before(expires) {
		expires = s.ExpiresAt
	}
	return s.claims(AccessToken, id, expires, policy, now)
}

// RefreshClaims are the claims of the session's current refresh token. They are the same each
// time.
func (s Session) RefreshClaims(policy Policy) Claims {
	claims := s.claims(RefreshToken, s.CurrentToken, s.ExpiresAt, policy, s.RotatedAt)
	claims.Generation = s.Generation
	return claims
}

func (s Session) claims(kind TokenType, id TokenID, expires time.Time, policy Policy, now time.Time) Claims {
	claims := Claims{
		Type:      kind,
		ExpiresAt: expires.Truncate(time.Second),
		IssuedAt:  now.Truncate(time.Second),
		ID:        id,
		UserID:    string(s.StaffID),
		Session:   s.ID,
		Issuer:    policy.Issuer,
	}
	if policy.Audience != "" {
		claims.Audience = []string{policy.Audience}
	}
	return claims
}
