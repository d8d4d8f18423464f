package sqlite

import (
	"context"
	"sync"
	"syscall"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

const (
	// probeAge is how old the result of a trial may be. More frequent questions get the same result,
	// so that they do not load the disk.
	probeAge = time.Second
	// probePatience is how long a trial may wait for others.
	probePatience = 5 * time.Second
)

// A prober keeps the newest trial for a while.
type prober struct {
	mu      sync.Mutex
	current *trial
}

// A trial is one look at whether the database can do its work.
type trial struct {
	done chan struct{} // closed when the rest is known
	room domain.Room
	err  error
}

// Probe implements [ports.Probe]. The first to come makes the trial, for all who come meanwhile. Whether
// the files are there is looked up each time: it costs next to nothing.
func (db *DB) Probe(ctx context.Context) (domain.Room, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if err := db.watch.check(); err != nil {
		return 0, unavailable("looking for the files", err)
	}
	t, first := db.prober.join()
	if first {
		db.carryOut(ctx, t)
	}
	select {
	case <-t.done:
		return t.room, t.err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// join returns the trial that counts now, and whether the caller is to make it.
func (p *prober) join() (t *trial, first bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if first = p.current == nil; first {
		p.current = &trial{done: make(chan struct{})}
	}
	return p.current, first
}

func (p *prober) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.current = nil
}

// carryOut makes the trial. It goes on when its caller gives up, because others wait for it.
func (db *DB) carryOut(ctx context.Context, t *trial) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), probePatience)
	defer cancel()
	t.err = errAbandoned // unless try returns
	defer func() {
		close(t.done)
		time.AfterFunc(probeAge, db.prober.forget)
	}()
	t.room, t.err = db.try(ctx)
	if ctx.Err() != nil {
		t.err = unavailable("trying to read and write", ctx.Err())
	}
}

// try reads on a connection for reading, writes on the one for writing, and asks for the room.
func (db *DB) try(ctx context.Context) (domain.Room, error) {
	err := db.View(ctx, func(r ports.Records) error {
		_, err := r.Staff().Nearest("")
		if domain.IsRefusal(err) { // there is nobody yet
			return nil
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	if err := db.Update(ctx, tryToWrite); err != nil {
		return 0, err
	}
	return db.room()
}

func tryToWrite(r ports.Records) error {
	b := r.(*batch)
	b.running.counted = true // the number is another one
	_, err := b.run(`UPDATE probe SET n = n + 1`)
	return unavailable("trying to write", err)
}

// room asks the file system of the data folder. What is kept for root does not count. A file system
// that has no size does not know either.
func (db *DB) room() (domain.Room, error) {
	var system syscall.Statfs_t
	if err := syscall.Fstatfs(int(db.folder.Fd()), &system); err != nil {
		return 0, unavailable("asking how much room there is", err)
	}
	if system.Blocks == 0 {
		return domain.RoomUnknown, nil
	}
	return domain.Room(system.Bavail) * domain.Room(system.Bsize), nil
}
