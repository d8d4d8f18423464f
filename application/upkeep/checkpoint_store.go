package upkeep

import (
	"context"

	"gatehouse/ports"
)

// CheckpointStore moves what has been written lately to the place where it stays.
//
// Errors: [domain.ErrUnavailable].
type CheckpointStore struct {
	upkeep ports.Upkeep
	clock  ports.Clock
}

// CheckpointStoreCommand is empty.
type CheckpointStoreCommand struct{}

// pagesOfNote is what noting a run writes itself. If a run were noted because of that, the
// notes would keep an idle service writing for ever.
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
	result := run.result(pages)
	return result, run.note(ctx, result.Took, 0)
}
