package memory

import (
	"cmp"
	"iter"
	"maps"
	"slices"

	"gatehouse/domain"
)

type staffRecords struct{ *records }

func (r staffRecords) ByID(id domain.StaffID) (domain.Staff, error) {
	staff, ok := r.state.staff[id]
	if !ok {
		return domain.Staff{}, domain.ErrStaffNotFound
	}
	return staff, nil
}

func (r staffRecords) ByEmail(key domain.EmailKey) (domain.Staff, error) {
	for _, staff := range r.state.staff {
		if staff.Email.Key() == key {
			return staff, nil
		}
	}
	return domain.Staff{}, domain.ErrStaffNotFound
}

func (r staffRecords) Nearest(id domain.StaffID) (domain.Staff, error) {
	usable := slices.DeleteFunc(slices.Collect(maps.Values(r.state.staff)), func(s domain.Staff) bool {
		return !s.Credentials.Hash.Usable()
	})
	if len(usable) == 0 {
		return domain.Staff{}, domain.ErrStaffNotFound
	}
	slices.SortFunc(usable, func(a, b domain.Staff) int { return cmp.Compare(a.ID, b.ID) })
	for _, staff := range usable {
		if staff.ID >= id {
			return staff, nil
		}
	}
	return usable[0], nil
}

func (r staffRecords) All() iter.Seq2[domain.Staff, error] {
	all := slices.SortedFunc(maps.Values(r.state.staff), func(a, b domain.Staff) int {
		return cmp.Compare(a.Email.Key(), b.Email.Key())
	})
	return func(yield func(domain.Staff, error) bool) {
		for _, staff := range all {
			if !yield(staff, nil) {
				return
			}
		}
	}
}

func (r staffRecords) Save(staff domain.Staff) error {
	if err := r.writable(); err != nil {
		return err
	}
	if other, err := r.ByEmail(staff.Email.Key()); err == nil && other.ID != staff.ID {
		return domain.ErrEmailTaken
	}
	r.state.staff[staff.ID] = stored(staff)
	return nil
}

func (r staffRecords) Delete(id domain.StaffID) error {
	if err := r.writable(); err != nil {
		return err
	}
	if _, err := r.ByID(id); err != nil {
		return err
	}
	delete(r.state.staff, id)
	delete(r.state.imports, id)
	maps.DeleteFunc(r.state.sessions, func(_ domain.SessionID, s domain.Session) bool { return s.StaffID == id })
	account := domain.AccountKey(id)
	delete(r.state.links, account)
	maps.DeleteFunc(r.state.outbox, func(_ domain.MailID, m domain.Mail) bool { return m.Account == account })
	maps.DeleteFunc(r.state.counters, func(key domain.CounterKey, _ domain.Counter) bool { return key.Account == account })
	return nil
}
