package memory

import (
	"cmp"
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

func (r sessionRecords) Save(session domain.Session) error {
	if err := r.writable(); err != nil {
		return err
	}
	r.state.sessions[session.ID] = session
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
			r.state.sessions[id] = session
			ended++
		}
	}
	return ended, nil
}
