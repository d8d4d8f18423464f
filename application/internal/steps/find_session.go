package steps

import (
	"errors"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// FindSession returns the session of a token. A token of the shop's Django names none. For such a token it
// returns the session that was opened for it earlier, or else a new one with the given id, which the
// caller stores.
//
// Errors: [domain.ErrSessionNotFound], also if the session was removed after its end; those of
// [domain.Session.Named].
func FindSession(
	sessions ports.SessionRecords, owner domain.Staff, claims domain.Claims,
	id domain.SessionID, client domain.Client, policy domain.Policy, now time.Time,
) (domain.Session, error) {
	if claims.Session == "" {
		session, err := sessions.ByAdoptedToken(owner.ID, claims.ID)
		if errors.Is(err, domain.ErrSessionNotFound) {
			return domain.AdoptSession(id, owner, claims, client, policy, now), nil
		}
		return session, err
	}
	session, err := sessions.ByID(claims.Session)
	if err == nil {
		err = session.Named(claims, owner)
	}
	if err != nil {
		return domain.Session{}, err
	}
	return session, nil
}
