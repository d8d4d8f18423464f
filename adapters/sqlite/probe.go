package sqlite

import (
	"context"
	"sync"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// probeAge is how old the result of a trial write may be: whoever asks more often does not
// make the disk work.
const probeAge = time.Second

// A prober remembers the last trial write for a while.
type prober struct {
	mu    sync.Mutex
	fresh bool
	err   error
}

// Probe implements [ports.Probe].
func (db *DB) Probe(ctx context.Context) error {
	p := &db.prober
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.fresh {
		p.fresh, p.err = true, db.try(ctx)
		time.AfterFunc(probeAge, p.forget)
	}
	return p.err
}

func (p *prober) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fresh = false
}

// try reads on a connection for reading, and writes on the one for writing.
func (db *DB) try(ctx context.Context) error {
	if err := db.guard.check(); err != nil {
		return unavailable("looking for the files", err)
	}
	err := db.View(ctx, func(r ports.Records) error {
		_, err := r.Staff().Nearest("")
		if domain.IsRefusal(err) { // there is nobody yet
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	return db.Update(ctx, func(r ports.Records) error {
		b := r.(*batch)
		b.running.counted = true // the number is another one
		_, err := b.run(`UPDATE probe SET n = n + 1`)
		return unavailable("trying to write", err)
	})
}
