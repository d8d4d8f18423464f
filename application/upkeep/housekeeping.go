package upkeep

import (
	"context"
	"time"

	"gatehouse/ports"
)

// A HousekeepingResult tells what a task has done, also when an error has stopped it.
type HousekeepingResult struct {
	// Count is how many rows were removed, pages moved, or tables looked over.
	Count int
	Took  time.Duration
}

// pauseBetweenBatches leaves the store to requests for several times as long as a batch
// holds it.
const pauseBetweenBatches = 20 * time.Millisecond

// inBatches repeats batch, which removes size rows at most, until it finds fewer. It returns
// how many it has removed, also with an error. Each batch is durable by itself: when ctx is
// over, the rest is left for another time. What a batch has written is moved at once, so that
// no request has to do it.
func (r run) inBatches(ctx context.Context, size int, batch func() (int, error)) (removed int, err error) {
	for {
		n, err := batch()
		removed += n
		if err != nil || n < size {
			return removed, err
		}
		if _, err := r.upkeep.Checkpoint(ctx); err != nil {
			return removed, err
		}
		select {
		case <-ctx.Done():
			return removed, ctx.Err()
		case <-time.After(pauseBetweenBatches):
		}
	}
}

// A run measures a task and has it noted.
type run struct {
	upkeep ports.Upkeep
	clock  ports.Clock
	task   ports.HousekeepingTask
	begin  time.Time
}

func startRun(upkeep ports.Upkeep, clock ports.Clock, task ports.HousekeepingTask) run {
	return run{upkeep, clock, task, clock()}
}

// result is what the use case returns.
func (r run) result(count int) HousekeepingResult {
	return HousekeepingResult{count, max(0, r.clock().Sub(r.begin))} // the clock may be put back
}

// note keeps the run, of which so many rows are gone.
func (r run) note(ctx context.Context, took time.Duration, removed int) error {
	return r.upkeep.Note(ctx, ports.HousekeepingRun{Task: r.task, At: r.begin, Took: took, Removed: removed})
}
