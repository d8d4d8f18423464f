package upkeep

import (
	"context"
	"time"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// A HousekeepingResult says what a task has done. With an error it counts what was done before.
type HousekeepingResult struct {
	// Count is the number of rows removed, of pages moved, or of tables analyzed.
	Count int
	Took  time.Duration // never negative, even if the clock is put back meanwhile
}

// pauseBetweenBatches leaves the store to requests: a batch holds it for about 2 ms.
const pauseBetweenBatches = 20 * time.Millisecond

// A batch removes the rows that are old at now, up to a limit of its own, and returns how many it has
// removed.
type batch func(ctx context.Context, now time.Time) (removed int, err error)

// A run is one execution of a task. It is measured, and noted if it succeeds.
type run struct {
	upkeep ports.Upkeep
	clock  ports.Clock
	task   ports.HousekeepingTask
	begin  time.Time
}

func startRun(upkeep ports.Upkeep, clock ports.Clock, task ports.HousekeepingTask) run {
	return run{upkeep, clock, task, clock()}
}

// removeInBatches removes in batches what is old when the run begins, and ends the run.
func (r run) removeInBatches(ctx context.Context, size int, remove batch) (HousekeepingResult, error) {
	removed, err := r.repeat(ctx, size, remove)
	return r.end(ctx, removed, removed, err)
}

// repeat calls remove until it removes fewer than size rows, and returns the number of rows removed.
// Each batch is durable by itself, so the rest can wait for another run when ctx ends. A checkpoint
// follows each batch: otherwise a request would have to wait for it.
func (r run) repeat(ctx context.Context, size int, remove batch) (removed int, err error) {
	for {
		n, err := remove(ctx, r.begin)
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

// end returns the result of the run. If the run has not failed, it is noted with the removed rows.
func (r run) end(ctx context.Context, count, removed int, err error) (HousekeepingResult, error) {
	result := HousekeepingResult{count, max(0, r.clock().Sub(r.begin))}
	if err != nil {
		return result, err
	}
	return result, r.upkeep.Note(ctx, ports.HousekeepingRun{Task: r.task, At: r.begin, Took: result.Took, Removed: removed})
}

// removeRows runs remove in one update. A failed update is rolled back, so it counts as 0 rows.
func removeRows(ctx context.Context, store ports.Store, remove func(ports.Records) (int, error)) (removed int, err error) {
	err = store.Update(ctx, func(records ports.Records) (err error) {
		removed, err = remove(records)
		return err
	})
	return steps.Result(removed, err)
}

// endEverySession ends all sessions after the store was put back to an earlier state, and appends
// event. Otherwise a session that was signed out since that state would work again. It returns the
// number of sessions ended.
func endEverySession(records ports.Records, event domain.AuditEvent, now time.Time) (int, error) {
	ended, err := records.Sessions().EndEvery(domain.EndRestored, now)
	if err != nil {
		return 0, err
	}
	return ended, records.Audit().Append(event.Decided(nil))
}
