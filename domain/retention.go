package domain

import "time"

// sessionKept is how long a session is remembered after its time is over. It is longer than
// a clock that was set wrong, or a database that was put back, is likely to be off by: a
// token that seems to be over while the session goes must not be good again when the clock
// has been set right. For a token of the shop's Django that would mean a new session, even
// if the old one had been ended by signing out.
const sessionKept = 7 * 24 * time.Hour

// ForgetSessionsBefore returns the instant before which the time of a session must have been
// over for the session to be removed.
func (p Policy) ForgetSessionsBefore(now time.Time) time.Time { return now.Add(-sessionKept) }

// ForgetsAdopted reports whether that goes for sessions too that were made for a token of
// the shop's Django. Such a token may work longer than its session lasts, and the session is
// all that tells that it has been used up: it is kept until no such token is taken.
func (p Policy) ForgetsAdopted(now time.Time) bool {
	return p.AcceptDjangoTokensUntil.Before(p.ForgetSessionsBefore(now))
}

// Retires reports whether an audit event is old enough to be removed. The newest event never
// is: the trail goes on from it.
func (p Policy) Retires(event AuditEvent, newest AuditMark, now time.Time) bool {
	return p.AuditRetention > 0 && event.Sequence < newest.Sequence && event.At.Before(now.Add(-p.AuditRetention))
}
