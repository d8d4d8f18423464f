package memory

import "gatehouse/domain"

type importRecords struct{ *records }

func (r importRecords) Last(id domain.StaffID) (domain.ImportedState, error) {
	return r.state.imports[id], nil
}

func (r importRecords) Remember(id domain.StaffID, state domain.ImportedState) error {
	if err := r.writable(); err != nil {
		return err
	}
	r.state.imports[id] = stored(state)
	return nil
}
