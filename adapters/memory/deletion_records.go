package memory

import (
	"time"

	"gatehouse/domain"
)

type deletionRecords struct{ *records }

func (r deletionRecords) Of(id domain.StaffID) (domain.Deletion, error) {
	return r.state.deletions[id], nil
}

func (r deletionRecords) Save(deletion domain.Deletion) error {
	if err := r.writable(); err != nil {
		return err
	}
	r.state.deletions[deletion.ID] = stored(deletion)
	return nil
}

func (r deletionRecords) Forget(before time.Time, limit int) (removed int, err error) {
	if err := r.writable(); err != nil {
		return 0, err
	}
	for id, deletion := range r.state.deletions {
		if removed < limit && deletion.At.Before(before) {
			delete(r.state.deletions, id)
			removed++
		}
	}
	return removed, nil
}
