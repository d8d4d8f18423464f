package upkeep

import (
	"context"

	"gatehouse/ports"
)

// OptimizeStore refreshes the statistics by which the store plans its queries, so that they stay fast as
// it grows and shrinks.
//
// Errors: [domain.ErrUnavailable].
type OptimizeStore struct {
	upkeep ports.Upkeep
	clock  ports.Clock
}

// OptimizeStoreCommand is empty.
type OptimizeStoreCommand struct{}

// NewOptimizeStore makes the use case.
func NewOptimizeStore(upkeep ports.Upkeep, clock ports.Clock) *OptimizeStore {
	return &OptimizeStore{upkeep, clock}
}

// Execute implements [ports.UseCase].
func (u *OptimizeStore) Execute(ctx context.Context, _ OptimizeStoreCommand) (HousekeepingResult, error) {
	run := startRun(u.upkeep, u.clock, ports.TaskOptimize)
	tables, err := u.upkeep.Optimize(ctx)
	return run.end(ctx, tables, 0, err)
}
