package ports

import (
	"net/netip"
	"time"

	"gatehouse/domain"
)

// SessionRecords are the sessions. Times come back in UTC, to the millisecond.
type SessionRecords interface {
	// ByID returns [domain.ErrSessionNotFound] when there is no such session.
	ByID(id domain.SessionID) (domain.Session, error)
	// ByAdoptedToken finds the session that was made for a person's token of the shop's
	// Django, or returns [domain.ErrSessionNotFound].
	ByAdoptedToken(staff domain.StaffID, token domain.TokenID) (domain.Session, error)
	// OfStaff returns the person's sessions that have not been ended, also those whose time
	// is over, in the order of their beginning.
	OfStaff(staff domain.StaffID) ([]domain.Session, error)
	// SignedInFrom reports whether the person has, or had, a session that was opened from
	// exactly this address and user agent.
	SignedInFrom(staff domain.StaffID, address netip.Addr, userAgent string) (bool, error)
	// Save stores the session under its id, new or not, with every field as it is given.
	Save(session domain.Session) error
	// EndAll ends every session of the person that is not over, and returns how many.
	EndAll(staff domain.StaffID, reason domain.EndReason, now time.Time) (int, error)
	// EndEvery ends every session of everybody that is not over, returns how many, and
	// lets no token be adopted that was issued before now.
	EndEvery(reason domain.EndReason, now time.Time) (int, error)
	// Forget removes sessions whose time was over before the instant, limit at most, and
	// returns how many. One that was made for a token of the shop's Django must have been over
	// before the instant adopted, too.
	Forget(before, adopted time.Time, limit int) (int, error)
}
