package steps

import (
	"errors"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// FindSession returns the session that a token belongs to. For a token of the shop's
// Django, which has none, it is the one that was made for this token before, or a new one
// that is not stored yet; id is used for that.
//
// A session that is gone has ended: its owner's account was deleted or it was cleaned up.
// Errors are those of [domain.Session.Named], too.
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
