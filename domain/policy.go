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
	// RefreshGrace is how long the refresh token before the current one is still good for
	// the current one: a second tab, or a reply that was lost, presents it.
	RefreshGrace time.Duration
	// MaxSessions is how many sessions one person can have; the oldest end beyond it.
	// Zero: any number.
	MaxSessions int
	// Leeway is how far another machine's clock may be off when a token is checked.
	Leeway time.Duration

	// Issuer and Audience are written into tokens, and required of them, unless empty.
	Issuer, Audience string
	// SharedSecretSigns: our own tokens are signed with the secret that the shop's Django
	// knows, too (HS256).
	SharedSecretSigns bool
	// AcceptDjangoTokensUntil ends the time in which tokens without a session (as
	// SimpleJWT makes them) are taken, and those of [Claims.SharedSecret]. Zero: they never
	// are.
	AcceptDjangoTokensUntil time.Time

	// EnforcePasswordReset makes a due password reset block; else it is only announced.
	EnforcePasswordReset bool
	// AuditRetention is how long audit events are kept; zero: for ever.
	AuditRetention time.Duration
	// PasswordMinLength is the least number of code points of a new password.
	PasswordMinLength int
	// Throttle is how many passwords may be guessed.
	Throttle Throttle
	// Links are one-time links and the letters that bring them.
	Links LinkPolicy
	// TimeZone is where the shop is: at its midnight a leaving date takes effect.
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

// Rotates reports whether a refresh replaces the refresh token of a session that was opened so.
// How the token comes does not count: a cookie that was stolen would be sent in a body.
func (p Policy) Rotates(openedIn Carrier) bool {
	return p.Rotation == RotateAlways || p.Rotation == RotateCookies && openedIn == CarrierCookies
}

// ReturnsInKind reports whether a successor goes back the way its predecessor came. Else it goes
// where the service hands out tokens, as SimpleJWT's rotation does.
func (p Policy) ReturnsInKind() bool { return p.Rotation == RotateCookies }

// Today is the calendar day in the shop at the instant now.
func (p Policy) Today(now time.Time) Date { return DateAt(now, p.TimeZone) }
