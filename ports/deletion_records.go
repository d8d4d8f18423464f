package ports

import (
	"time"

	"gatehouse/domain"
)

// DeletionRecords remember accounts that were deleted. Times come back in UTC, to the
// millisecond.
type DeletionRecords interface {
	// Of returns the newest deletion of an account with the id, or the zero deletion.
	Of(id domain.StaffID) (domain.Deletion, error)
	// Save stores the deletion. It replaces an earlier one of the same id.
	Save(deletion domain.Deletion) error
	// Forget removes deletions from before the instant, limit at most. It returns how many.
	Forget(before time.Time, limit int) (int, error)
}
