package domain

import "time"

// A Deletion is what is kept of an account that was deleted: enough to keep what worked
// before from working again, should the account come back under its id. It compares with ==.
type Deletion struct {
	ID StaffID
	// At is when it was deleted. Every sign-in until then is over.
	At time.Time
	// Version is that of the first password of an account that comes back.
	Version int64
}

// longestToken is how long a token may work that the shop's Django has issued. We do not know
// what is set there. Browsers keep no cookie longer than 400 days (RFC 6265bis, 5.5).
const longestToken = 400 * 24 * time.Hour

// Delete says what is to be kept of the account when it is deleted now.
func (s Staff) Delete(now time.Time) Deletion {
	return Deletion{s.ID, later(s.SessionsEndedAt, now), s.Credentials.Version + 1}
}

// ComeBack makes an account that is added begin where the deletion has ended the one before.
// Nothing happens if the deletion is zero. What another machine with a fast clock had issued
// is over too.
func (s *Staff) ComeBack(deletion Deletion, policy Policy) {
	if deletion == (Deletion{}) {
		return
	}
	s.SessionsEndedAt = later(s.SessionsEndedAt, deletion.At.Add(policy.Leeway))
	s.Credentials.Version = deletion.Version
}

// ForgetDeletionsBefore returns the instant before which an account must have been deleted
// for the deletion to be forgotten: until then a token of it may not have expired. It is the
// zero time, so that nothing is forgotten, as long as tokens of the shop's Django are taken.
func (p Policy) ForgetDeletionsBefore(now time.Time) time.Time {
	if !p.ForgetsAdopted(now) {
		return time.Time{}
	}
	return p.ForgetSessionsBefore(now).Add(-max(p.SessionLifetime, longestToken))
}
