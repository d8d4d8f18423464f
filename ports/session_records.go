package ports

import (
	"net/netip"
	"time"

	"gatehouse/domain"
)

// SessionRecords are the sessions. Times come back in UTC, to the millisecond.
type SessionRecords interface {
	// ByID returns [domain.ErrSessionNotFound] if there is no such session.
	ByID(id domain.SessionID) (domain.Session, error)
	// ByAdoptedToken finds the session that was made for the person's token of the shop's
	// Django. Errors: [domain.ErrSessionNotFound].
	ByAdoptedToken(staff domain.StaffID, token domain.TokenID) (domain.Session, error)
	// OfStaff returns the person's sessions that were not ended, oldest first. Expired sessions
	// are among them.
	OfStaff(staff domain.StaffID) ([]domain.Session, error)
	// SignedInFrom reports whether a stored session of the person, running or not, was opened
	// from exactly this address and user agent.
	SignedInFrom(staff domain.StaffID, address netip.Addr, userAgent string) (bool, error)
	// Save stores the session under its id, new or not, with every field as it is given.
	Save(session domain.Session) error
	// EndAll ends all sessions of the person that were not ended. It returns how many.
	EndAll(staff domain.StaffID, reason domain.EndReason, now time.Time) (int, error)
	// EndEvery ends all sessions of all people that were not ended, and returns how many. Tokens
	// of the shop's Django that were issued until now cannot be adopted any more.
	EndEvery(reason domain.EndReason, now time.Time) (int, error)
	// Forget removes sessions that ended or expired before the first instant, limit at most. It
	// returns how many. Sessions made for a token of the shop's Django must also have ended or
	// expired before the instant adopted.
	Forget(before, adopted time.Time, limit int) (int, error)
}
