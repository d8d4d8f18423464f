package domain

import "time"

// A Deletion is what is kept of a deleted account. If the account comes back under its id, old
// tokens and links must stay dead. It compares with ==.
type Deletion struct {
	ID StaffID
	// At is when it was deleted. Every sign-in until then is over.
	At time.Time
	// Version is the version of the first password if the account comes back.
	Version int64
}

// Delete returns what must be kept of the account when it is deleted now.
func (s Staff) Delete(now time.Time) Deletion {
	return Deletion{s.ID, later(s.SessionsEndedAt, now), s.Credentials.Version + 1}
}

// ComeBack makes a new account go on where the deleted one ended. A zero deletion changes nothing.
// It adds the leeway, so tokens from a machine with a fast clock are over too.
func (s *Staff) ComeBack(deletion Deletion, policy Policy) {
	if deletion == (Deletion{}) {
		return
	}
	s.SessionsEndedAt = later(s.SessionsEndedAt, deletion.At.Add(policy.Leeway))
	s.Credentials.Version = deletion.Version
}
