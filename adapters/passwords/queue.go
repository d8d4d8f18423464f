package passwords

import (
	"context"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// A queue lets a fixed number of callers work at once, at most one of them at something
// large, and a fixed number wait, first come, first served. Large work waits for its turn
// among the large before it waits for a worker, so that the others pass it meanwhile. The
// waiting callers are the queue: it has no goroutine of its own. Nobody waits who would have to
// wait for too long.
type queue struct {
	waits chan struct{} // holds one for each caller that waits
	large chan struct{} // holds one while the turn of large work is taken
	works chan struct{} // holds one for each caller that works
	load  *load
}

func newQueue(workers, length int, clock ports.Clock) *queue {
	return &queue{
		load:  newLoad(workers, clock),
		waits: make(chan struct{}, length),
		large: make(chan struct{}, 1),
		works: make(chan struct{}, workers),
	}
}

// hasRoom reports whether somebody who came now could work or wait.
func (q *queue) hasRoom() bool {
	return len(q.works) < cap(q.works) || len(q.waits) < cap(q.waits) && !q.load.tooLong(false)
}

// A job is what is known about work before it is done.
type job struct {
	large bool
	takes time.Duration // usually
}

// do calls work when its turn comes. It returns [domain.ErrOverloaded] at once if it would
// have to wait, and nobody else may or it would be for too long, and the context's error if
// that ends before the turn comes; then work is not called. Once work has begun it runs to its
// end.
func (q *queue) do(ctx context.Context, job job, work func()) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	needed := slots{q.works}
	if job.large {
		needed = slots{q.large, q.works}
	}
	tooLong := q.load.tooLong(job.large) // without this job
	q.load.add(job.large, job.takes)
	defer q.load.add(job.large, -job.takes)
	if err := q.begin(ctx, needed, tooLong); err != nil {
		return err
	}
	defer needed.free()
	q.load.measure(job.takes, work)
	return nil
}

// begin overtakes nobody: a channel that someone waits for is full.
func (q *queue) begin(ctx context.Context, needed slots, tooLong bool) error {
	if needed.tryTake() {
		return nil
	}
	if tooLong {
		return domain.ErrOverloaded
	}
	select {
	case q.waits <- struct{}{}:
	default:
		return domain.ErrOverloaded
	}
	defer func() { <-q.waits }()
	return needed.take(ctx)
}

// Slots are channels that hold one for each caller that has such a slot. A caller takes
// them in their order, and has all or none in the end.
type slots []chan struct{}

// tryTake takes the slots if there is nothing to wait for.
func (s slots) tryTake() bool {
	for i, slot := range s {
		select {
		case slot <- struct{}{}:
		default:
			s[:i].free()
			return false
		}
	}
	return true
}

// take waits for each slot, but no longer than the context lasts.
func (s slots) take(ctx context.Context) error {
	for i, slot := range s {
		select {
		case slot <- struct{}{}:
		case <-ctx.Done():
			s[:i].free()
			return ctx.Err()
		}
	}
	// A select with two ready cases takes either.
	if err := ctx.Err(); err != nil {
		s.free()
		return err
	}
	return nil
}

func (s slots) free() {
	for _, slot := range s {
		<-slot
	}
}
