package memory

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"gatehouse/domain"
)

type sessionRecords struct{ *records }

func (r sessionRecords) ByID(id domain.SessionID) (domain.Session, error) {
	session, ok := r.state.sessions[id]
	if !ok {
		return domain.Session{}, domain.ErrSessionNotFound
	}
	return session, nil
}

func (r sessionRecords) ByAdoptedToken(staff domain.StaffID, token domain.TokenID) (domain.Session, error) {
	for _, session := range r.state.sessions {
		if session.StaffID == staff && session.AdoptedToken == token && token != "" {
			return session, nil
		}
	}
	return domain.Session{}, domain.ErrSessionNotFound
}

func (r sessionRecords) OfStaff(staff domain.StaffID) (found []domain.Session, err error) {
	for _, session := range r.state.sessions {
		if session.StaffID == staff && !session.Over() {
			found = append(found, session)
		}
	}
	slices.SortFunc(found, func(a, b domain.Session) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return found, nil
}

func (r sessionRecords) SignedInFrom(staff domain.StaffID, address netip.Addr, userAgent string) (bool, error) {
	for _, session := range r.state.sessions {
		if session.StaffID == staff && session.Address == address && session.UserAgent == userAgent {
			return true, nil
		}
	}
	return false, nil
}

func (r sessionRecords) Save(session domain.Session) error {
	if err := r.writable(); err != nil {
		return err
	}
	r.state.sessions[session.ID] = stored(session)
	return nil
}

func (r sessionRecords) EndAll(staff domain.StaffID, reason domain.EndReason, now time.Time) (int, error) {
	if err := r.writable(); err != nil {
		return 0, err
	}
	ended := 0
	for id, session := range r.state.sessions {
		if session.StaffID == staff && !session.Over() {
			session.End(reason, now)
			r.state.sessions[id] = stored(session)
			ended++
		}
	}
	return ended, nil
}

func (r sessionRecords) EndEvery(reason domain.EndReason, now time.Time) (int, error) {
	ended := 0
	for id, owner := range r.state.staff {
		n, err := r.EndAll(id, reason, now)
		if err != nil {
			return 0, err
		}
		owner.SessionsEndedAt = now
		r.state.staff[id] = stored(owner)
		ended += n
	}
	return ended, r.writable()
}

func (r sessionRecords) Forget(before, adopted time.Time, limit int) (int, error) {
	if err := r.writable(); err != nil {
		return 0, err
	}
	removed := 0
	for id, session := range r.state.sessions {
		kept := session.AdoptedToken != "" && !session.ExpiresAt.Before(adopted)
		if removed < limit && session.ExpiresAt.Before(before) && !kept {
			delete(r.state.sessions, id)
			removed++
		}
	}
	return removed, nil
}
