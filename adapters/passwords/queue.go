package passwords

import (
	"context"

	"gatehouse/domain"
)

// A queue lets a fixed number of callers work at once and a fixed number wait, first
// come, first served. The waiting callers are the queue: it has no goroutine of its own.
type queue struct {
	places chan struct{} // holds one for each caller that works or waits
	works  chan struct{} // holds one for each caller that works
}

func newQueue(workers, length int) *queue {
	return &queue{
		places: make(chan struct{}, workers+length),
		works:  make(chan struct{}, workers),
	}
}

// do calls work when its turn comes. It returns [domain.ErrOverloaded] at once if nobody
// else may wait, and the context's error if that ends before the turn comes; then work is
// not called. Once work has begun it runs to its end.
func (q *queue) do(ctx context.Context, work func()) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case q.places <- struct{}{}:
	default:
		return domain.ErrOverloaded
	}
	defer func() { <-q.places }()
	if err := q.begin(ctx); err != nil {
		return err
	}
	defer func() { <-q.works }()
	work()
	return nil
}

func (q *queue) begin(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case q.works <- struct{}{}:
	}
	// A select with two ready cases takes either.
	if err := ctx.Err(); err != nil {
		<-q.works
		return err
	}
	return nil
}
