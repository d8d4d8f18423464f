package domain

import "time"

// sessionKept is how long a session is remembered after it ended or expired. It is longer than a
// clock is likely to be wrong, or a database to be put back. If a session were forgotten sooner, its
// token could be good again once the clock is right. A token of the shop's Django would even get a
// new session after signing out.
const sessionKept = 7 * 24 * time.Hour

// ForgetSessionsBefore returns the instant before which the time of a session must have been
// over for the session to be removed.
func (p Policy) ForgetSessionsBefore(now time.Time) time.Time { return now.Add(-sessionKept) }

// longestToken is how long a token may work that the shop's Django has issued. We do not know
// what is set there. Browsers keep no cookie longer than 400 days (RFC 6265bis, 5.5).
const longestToken = 400 * 24 * time.Hour

// ForgetDjangoBefore returns the instant before which something must have been over, so that what
// tells of it can be removed: a deleted account, or a session that was made for a token of the
// shop's Django. Such a token may work longer than its session lasts, and then nothing else tells
// that it is used up. The result is the zero time, so that nothing is forgotten, as long as such
// tokens are taken. After that it lies further back than they work, because an operator may take
// them again.
func (p Policy) ForgetDjangoBefore(now time.Time) time.Time {
	before := p.ForgetSessionsBefore(now)
	if !p.AcceptDjangoTokensUntil.Before(before) {
		return time.Time{}
	}
	return before.Add(-max(p.SessionLifetime, longestToken))
}

// Retires reports whether an audit event is old enough to be removed. The newest event stays,
// because the trail goes on from it.
func (p Policy) Retires(event AuditEvent, newest AuditMark, now time.Time) bool {
	return p.AuditRetention > 0 && event.Sequence < newest.Sequence && event.At.Before(now.Add(-p.AuditRetention))
}
