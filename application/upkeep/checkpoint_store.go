package upkeep

import (
	"context"

	"gatehouse/ports"
)

// CheckpointStore moves recent writes from the store's write-ahead log into its main file. Otherwise the
// log would grow.
//
// Errors: [domain.ErrUnavailable].
type CheckpointStore struct {
	upkeep ports.Upkeep
	clock  ports.Clock
}

// CheckpointStoreCommand is empty.
type CheckpointStoreCommand struct{}

// pagesOfNote is the number of pages that a note about a run itself writes. A run that moves no more is
// not noted: otherwise each note would cause the next, and an idle service would write for ever.
const pagesOfNote = 2

// NewCheckpointStore makes the use case.
func NewCheckpointStore(upkeep ports.Upkeep, clock ports.Clock) *CheckpointStore {
	return &CheckpointStore{upkeep, clock}
}

// Execute implements [ports.UseCase].
func (u *CheckpointStore) Execute(ctx context.Context, _ CheckpointStoreCommand) (HousekeepingResult, error) {
	run := startRun(u.upkeep, u.clock, ports.TaskCheckpoint)
	pages, err := u.upkeep.Checkpoint(ctx)
	if err != nil || pages <= pagesOfNote {
		return HousekeepingResult{}, err
	}
	return run.end(ctx, pages, 0, nil)
}
