package sqlite

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"

	"gatehouse/domain"
	"gatehouse/ports"
)

// maxBatch is how many updates share a commit at most: enough for every caller that can
// be waiting, and few enough for the first of them not to wait long for the last.
const maxBatch = 256

// A writer runs updates one after the other, and commits those that are waiting together:
// the disk is asked once for all of them. A caller who finds nobody writing does it himself,
// because to wake another goroutine and be woken by it takes as long as a commit. Those who
// come meanwhile are served by a goroutine that ends when nobody waits any more.
type writer struct {
	connect    func() (*connection, error)
	watch      *watch
	history    *history
	cache      *cache      // nil for a process that does not serve
	connection *connection // nil after a failure, until the next batch; for the one who writes
	batch      *batch      // on the connection

	mu      sync.Mutex
	waiting []*update
	writing bool // somebody does
	closing bool
	idle    sync.Cond // nobody is writing
}

func newWriter(first *connection, connect func() (*connection, error), watch *watch, history *history, cache *cache) *writer {
	w := &writer{connect: connect, watch: watch, history: history, cache: cache, connection: first, batch: newBatch(first, cache)}
	w.idle.L = &w.mu
	return w
}

// update hands in a change and waits until it is durable or refused. Who gives up while the
// change is waiting takes it back; once its batch has begun the caller waits for the outcome,
// because it may have happened.
func (w *writer) update(ctx context.Context, change func(ports.Records) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	u := &update{ctx: ctx, change: change}
	mine, err := w.enter(u)
	if err != nil {
		return err
	}
	if mine {
		w.writeAlone(u)
	} else if err := w.wait(u); err != nil {
		return err
	}
	if u.panicked != nil {
		panic(u.panicked)
	}
	return u.err
}

// enter reports whether the caller is to write himself. If not, the update is in the queue.
func (w *writer) enter(u *update) (mine bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.closing:
		return false, errClosed
	case !w.writing:
		w.writing = true
		return true, nil
	}
	u.done = make(chan struct{})
	w.waiting = append(w.waiting, u)
	return false, nil
}

// wait returns when the update is answered. It is not, after an error.
func (w *writer) wait(u *update) error {
	select {
	case <-u.done:
		return nil
	case <-u.ctx.Done():
	}
	if w.takeBack(u) {
		return u.ctx.Err()
	}
	<-u.done
	return nil
}

// takeBack reports whether the update was still waiting.
func (w *writer) takeBack(u *update) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.Index(w.waiting, u)
	if i < 0 {
		return false
	}
	w.waiting = slices.Delete(w.waiting, i, i+1)
	return true
}

// writeAlone commits one update, and leaves those who wait by then to a goroutine.
func (w *writer) writeAlone(u *update) {
	defer func() {
		if w.leave() {
			go w.writeWaiting()
		}
	}()
	w.commit([]*update{u})
}

// writeWaiting commits until nobody waits. Should a change end the goroutine, another goes on.
func (w *writer) writeWaiting() {
	more := true
	defer func() {
		if more {
			go w.writeWaiting()
		}
	}()
	for ; more; more = w.leave() {
		w.commit(w.next())
	}
}

// leave reports whether more updates wait. If none do, the writer stops.
func (w *writer) leave() (more bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.waiting) > 0 {
		return true
	}
	w.writing = false
	w.idle.Broadcast()
	return false
}

// next takes the updates that wait. It first gives up the processor, so that more of them can arrive:
// the more updates share a commit, the less each of them costs.
func (w *writer) next() (batch []*update) {
	runtime.Gosched()
	w.mu.Lock()
	defer w.mu.Unlock()
	n := min(len(w.waiting), maxBatch)
	batch, w.waiting = w.waiting[:n:n], w.waiting[n:]
	return batch
}

// close lets the updates that have been handed in finish.
func (w *writer) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closing = true
	for w.writing {
		w.idle.Wait()
	}
	w.drop()
}

// drop gives the connection up.
func (w *writer) drop() {
	if w.connection != nil {
		_ = w.connection.close()
		w.connection = nil
	}
}

// commit runs a batch and answers everybody in it. If the transaction as a whole fails,
// nothing in it has happened, and the connection is given up: what state it is in is not
// worth finding out. So it is after a panic, which goes to everybody in the batch: who
// writes for them has nobody above who could take it.
func (w *writer) commit(batch []*update) {
	err := errAbandoned // unless transact returns
	defer func() { w.answer(batch, err, recover()) }()
	err = w.transact(batch)
}

// answer tells everybody in a batch what became of it; err and panicked are those of the whole.
func (w *writer) answer(batch []*update, err error, panicked any) {
	if err != nil {
		w.watch.note(err)
		w.drop()
		for _, u := range batch {
			u.err, u.panicked = err, panicked
		}
	}
	for _, u := range batch {
		w.watch.note(u.err)
		if u.done != nil {
			close(u.done)
		}
	}
}

func (w *writer) transact(updates []*update) error {
	if err := w.watch.check(); err != nil {
		return unavailable("writing", err)
	}
	if w.connection == nil {
		fresh, err := w.connect()
		if err != nil {
			return unavailable("opening the database again", err)
		}
		w.connection, w.batch = fresh, newBatch(fresh, w.cache)
	}
	b := w.batch
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
	if trail := b.connection.trail; trail.known {
		w.history.advance(trail.mark)
	}
	return nil
}

// errAbandoned answers the updates of a batch that was ended from within, as runtime.Goexit
// does.
var errAbandoned = errors.Join(domain.ErrUnavailable, errors.New("writing has ended halfway"))
