package domain

import "time"

// A Policy is what the operator has decided. It does not change while the service runs.
type Policy struct {
	// AccessLifetime is how long an access token works, at most to its session's end.
	AccessLifetime time.Duration
	// SessionLifetime is how long a session lasts, however often it is refreshed.
	SessionLifetime time.Duration
	// Leeway is how far another machine's clock may be off when a token is checked.
	Leeway time.Duration

	// Issuer and Audience are written into tokens, and required of them, unless empty.
	Issuer, Audience string
	// AcceptDjangoTokensUntil ends the time in which tokens without a session (as
	// SimpleJWT makes them) are taken. Zero: they never are.
	AcceptDjangoTokensUntil time.Time

	// EnforcePasswordReset makes a due password reset block; else it is only announced.
	EnforcePasswordReset bool
	// PasswordMinLength is the least number of code points of a new password.
	PasswordMinLength int
	// TimeZone is where the shop is: at its midnight a leaving date takes effect.
	TimeZone *time.Location
}

// Today is the calendar day in the shop at the instant now.
func (p Policy) Today(now time.Time) Date { return DateAt(now, p.TimeZone) }
