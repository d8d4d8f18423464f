package sqlite

import (
	"database/sql"
	"errors"
	"time"

	"gatehouse/domain"
)

type deletionRecords struct{ access }

// Of implements [ports.DeletionRecords].
func (r deletionRecords) Of(id domain.StaffID) (domain.Deletion, error) {
	deletion := domain.Deletion{ID: id}
	var at storedTime
	err := row(r, `SELECT at, version FROM deletion WHERE staff_id = ?`, []any{string(id)}, &at, &deletion.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return domain.Deletion{}, nil
	}
	deletion.At = at.Time
	return deletion, unavailable("reading a deletion", err)
}

// Save implements [ports.DeletionRecords].
func (r deletionRecords) Save(deletion domain.Deletion) error {
	_, err := r.run(`INSERT OR REPLACE INTO deletion (staff_id, at, version) VALUES (?, ?, ?)`,
		string(deletion.ID), deletion.At.UnixMilli(), deletion.Version)
	return unavailable("storing a deletion", err)
}

// Forget implements [ports.DeletionRecords].
func (r deletionRecords) Forget(before time.Time, limit int) (int, error) {
	removed, err := r.run(`DELETE FROM deletion WHERE staff_id IN (SELECT staff_id FROM deletion WHERE at < ? LIMIT ?)`,
		before.UnixMilli(), int64(limit))
	return int(removed), unavailable("removing deletions", err)
}
