package sqlite

import (
	"context"
	"sync"

	"gatehouse/ports"
)

// maxBatch is how many updates share a commit at most: enough for every caller that can
// be waiting, and few enough for the first of them not to wait long for the last.
const maxBatch = 256

// A writer runs updates one after the other, and commits those that are waiting together:
// the disk is asked once for all of them.
type writer struct {
	connect    func() (*connection, error)
	guard      *guard
	history    *history
	cache      *cache      // nil for a process that does not serve
	connection *connection // nil after a failure, until the next batch
	queue      chan *update
	closing    chan struct{}
	closed     chan struct{}
	closeOnce  sync.Once
}

// An update is one caller's change, and what became of it.
type update struct {
	ctx      context.Context
	change   func(ports.Records) error
	err      error
	panicked any
	done     chan struct{}
}

func newWriter(first *connection, connect func() (*connection, error), guard *guard, history *history, cache *cache) *writer {
	w := &writer{
		connect:    connect,
		guard:      guard,
		history:    history,
		cache:      cache,
		connection: first,
		queue:      make(chan *update, maxBatch),
		closing:    make(chan struct{}),
		closed:     make(chan struct{}),
	}
	go w.loop()
	return w
}

// update hands in a change and waits until it is durable or refused. A caller that gives
// up while its change is still waiting leaves it behind to be skipped; once the change has
// begun the caller waits for the outcome, because it may have happened.
func (w *writer) update(ctx context.Context, change func(ports.Records) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	u := &update{ctx: ctx, change: change, done: make(chan struct{})}
	select {
	case <-w.closing:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	case w.queue <- u:
	}
	select {
	case <-u.done:
	case <-w.closed:
		select {
		case <-u.done: // answered by the last batch
		default:
			return errClosed
		}
	}
	if u.panicked != nil {
		panic(u.panicked)
	}
	return u.err
}

// close lets the updates that have been handed in finish.
func (w *writer) close() {
	w.closeOnce.Do(func() { close(w.closing) })
	<-w.closed
}

func (w *writer) loop() {
	defer close(w.closed)
	defer func() {
		if w.connection != nil {
			_ = w.connection.close()
		}
	}()
	for {
		select {
		case first := <-w.queue:
			w.commit(w.batch(first))
		case <-w.closing:
			if len(w.queue) == 0 {
				return
			}
		}
	}
}

// batch takes what is waiting, without waiting for more.
func (w *writer) batch(first *update) []*update {
	batch := []*update{first}
	for len(batch) < maxBatch {
		select {
		case next := <-w.queue:
			batch = append(batch, next)
		default:
			return batch
		}
	}
	return batch
}

// commit runs a batch and answers everybody in it. If the transaction as a whole fails,
// nothing in it has happened, and the connection is given up: what state it is in is not
// worth finding out.
func (w *writer) commit(batch []*update) {
	if err := w.transact(batch); err != nil {
		w.guard.note(err)
		if w.connection != nil {
			_ = w.connection.close()
			w.connection = nil
		}
		for _, u := range batch {
			u.err, u.panicked = err, nil
		}
	}
	for _, u := range batch {
		w.guard.note(u.err)
		close(u.done)
	}
}

func (w *writer) transact(updates []*update) error {
	if err := w.guard.check(); err != nil {
		return unavailable("writing", err)
	}
	if w.connection == nil {
		fresh, err := w.connect()
		if err != nil {
			return unavailable("opening the database again", err)
		}
		w.connection = fresh
	}
	b := &batch{connection: w.connection, cache: w.cache}
	if err := b.begin(); err != nil {
		return err
	}
	for _, u := range updates {
		if err := u.run(b); err != nil {
			return err
		}
	}
	if err := b.commit(); err != nil {
		return err
	}
	if b.trail.known {
		w.history.advance(b.trail.mark)
	}
	return nil
}

// run runs one change. The error it returns is about the whole transaction; that of the
// change stays in u.
func (u *update) run(b *batch) error {
	if u.err = u.ctx.Err(); u.err != nil {
		return nil
	}
	end := b.trail
	u.apply(b)
	if u.err != nil || u.panicked != nil {
		return b.undo(end)
	}
	return b.accept()
}

func (u *update) apply(b *batch) {
	defer func() { u.panicked = recover() }()
	u.err = u.change(b)
}
