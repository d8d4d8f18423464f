package domain

import "time"

// A Policy is what the operator has decided. It does not change while the service runs.
type Policy struct {
	// AccessLifetime is how long an access token works, at most to its session's end.
	AccessLifetime time.Duration
	// SessionLifetime is how long a session lasts, however often it is refreshed.
	SessionLifetime time.Duration
	// IdleLifetime ends a session that has not been refreshed for so long; zero: never.
	IdleLifetime time.Duration
	// Rotation says when a refresh gives a new refresh token as well.
	Rotation Rotation
	// RefreshGrace is how long the previous refresh token is still answered with the current one.
	// A second tab sends it, or a client that missed a reply.
	RefreshGrace time.Duration
	// RenewAccess: a browser whose access token is over gets a new one in passing.
	RenewAccess bool
	// MaxSessions is how many sessions one person can have. One more ends the oldest. Zero: any
	// number.
	MaxSessions int
	// Leeway is how far another machine's clock may be off when a token is checked.
	Leeway time.Duration

	// Issuer and Audience are written into tokens, and required of them, unless empty.
	Issuer, Audience string
	// SharedSecretSigns: our own tokens are signed with the secret that the shop's Django
	// knows, too (HS256).
	SharedSecretSigns bool
	// AcceptDjangoTokensUntil ends the time in which tokens of the shop's Django are taken: those
	// without a session, and those of [Claims.SharedSecret]. Zero: they never are.
	AcceptDjangoTokensUntil time.Time

	// EnforcePasswordReset makes a due password reset block sign-ins. Otherwise it is only
	// announced.
	EnforcePasswordReset bool
	// AuditRetention is how long audit events are kept; zero: for ever.
	AuditRetention time.Duration
	// PasswordMinLength is the least number of code points of a new password.
	PasswordMinLength int
	// Throttle is how many passwords may be guessed.
	Throttle Throttle
	// Links are one-time links and the letters that bring them.
	Links LinkPolicy
	// OpenPaths are those that the guard lets everybody reach.
	OpenPaths OpenPaths
	// TimeZone is the shop's. A leaving date takes effect at its midnight.
	TimeZone *time.Location
}

// A Rotation says when refresh tokens are replaced.
type Rotation string

// The rotations. RotateCookies is for sessions that were opened in cookies, where a client need
// not do anything; one that got its tokens in a body may not expect a new one.
const (
	RotateNever   Rotation = "false"
	RotateAlways  Rotation = "true"
	RotateCookies Rotation = "auto"
)

// Rotates reports whether a refresh replaces the refresh token of a session that was opened in
// this carrier. How the token comes now does not count, because a thief would send a stolen cookie
// in a body.
func (p Policy) Rotates(openedIn Carrier) bool {
	return p.Rotation == RotateAlways || p.Rotation == RotateCookies && openedIn == CarrierCookies
}

// ReturnsInKind reports whether a new refresh token goes back the way the old one came. Otherwise
// it goes where the service hands out tokens, as in SimpleJWT.
func (p Policy) ReturnsInKind() bool { return p.Rotation == RotateCookies }

// Today is the calendar day in the shop at the instant now.
func (p Policy) Today(now time.Time) Date { return DateAt(now, p.TimeZone) }
