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
