package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"gatehouse/cmd/internal/running"
)

// A fault is something that happens to a running service, and passes.
type fault struct {
	name       string
	begin, end func() error
	// hold is how long it lasts at least, and until there were so many refusals.
	hold     time.Duration
	refusals int
	// blocks: nothing at all can be written meanwhile.
	blocks bool
}

// What has to go on during a fault, and afterwards.
const (
	readsDuring = 20
	doneAfter   = 20
	// slowestRead is as long as the database waits for a lock.
	slowestRead = 2 * time.Second
)

// endure lets all visitors work before, during and after a fault. Every write must be done or
// answered 503, every read must be answered, the process must live on, and all must be well as soon
// as the fault has passed.
func (t *trial) endure(ctx context.Context, f fault) error {
	if err := errors.Join(t.watch(ctx), t.confirm(ctx, false)); err != nil {
		return err
	}
	if err := f.begin(); err != nil {
		return fmt.Errorf("%s: %w", f.name, err)
	}
	err := t.suffer(ctx, f)
	if ending := f.end(); err == nil {
		err = ending
	}
	if err != nil {
		return fmt.Errorf("%s: %w", f.name, err)
	}
	if err := t.recover(ctx, f); err != nil {
		return fmt.Errorf("after %s: %w", f.name, err)
	}
	return t.check(ctx)
}

// suffer is the time while the fault lasts.
func (t *trial) suffer(ctx context.Context, f fault) error {
	begin, refused, written := time.Now(), t.tally.refusals(), t.tally.writes()
	var waiting error
	t.reading(ctx, f, func(r *reader) {
		t.work(ctx, 3, func() {
			pause(ctx, f.hold-time.Since(begin))
			waiting = t.await(ctx, func() bool {
				return t.tally.refusals()-refused >= f.refusals && r.count.Load() >= readsDuring
			})
		})
	})
	t.tally.check(t.server.Alive(), "%s: the process has ended: %s", f.name, t.server.Stderr.Tail())
	done := t.tally.writes() - written
	t.tally.check(!f.blocks || done == 0, "%s: %d writes were acknowledged", f.name, done)
	return waiting
}

// A reader reads all the time, and counts.
type reader struct {
	visitor
	count atomic.Int64
}

// reading has somebody read while during runs. No read may wait for whoever writes.
func (t *trial) reading(ctx context.Context, f fault, during func(*reader)) {
	r := &reader{visitor: visitor{caller: t.visitors[0].caller, tally: t.tally}}
	over := make(chan struct{})
	var reading sync.WaitGroup
	reading.Go(func() { r.read(ctx, f, t.watched, over) })
	during(r)
	close(over)
	reading.Wait()
}

func (r *reader) read(ctx context.Context, f fault, s *session, over <-chan struct{}) {
	for {
		select {
		case <-over:
			return
		default:
		}
		begin := time.Now()
		if r.me(ctx, s) != nil || r.list(ctx, s) != nil {
			return
		}
		took := time.Since(begin)
		r.tally.check(took < slowestRead, "%s: reading took %v", f.name, took)
		r.count.Add(1)
	}
}

// watch signs somebody in whom nobody else acts for.
func (t *trial) watch(ctx context.Context) error {
	v := visitor{caller: t.visitors[0].caller, tally: t.tally}
	p := newPerson(people - 1)
	if err := v.signIn(ctx, p); err != nil {
		return err
	}
	if len(p.sessions) == 0 {
		return fmt.Errorf("%s could not sign in", p.email)
	}
	t.watched = p.sessions[0]
	return nil
}

// recover works until enough has been done again, and then nothing may be refused any more.
func (t *trial) recover(ctx context.Context, f fault) error {
	written := t.tally.writes()
	var waiting error
	t.work(ctx, 30, func() {
		waiting = t.await(ctx, func() bool { return t.tally.writes()-written >= doneAfter })
	})
	if waiting != nil {
		return waiting
	}
	refused := t.tally.refusals()
	t.work(ctx, 30, func() { pause(ctx, 2*longestLoad) })
	t.tally.check(t.tally.refusals() == refused, "after %s: still 503", f.name)
	return ctx.Err()
}

// await waits until something has come about.
func (t *trial) await(ctx context.Context, reached func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, running.Patience)
	defer cancel()
	for !reached() {
		pause(ctx, time.Millisecond)
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("waiting for what does not come about: %w", err)
		}
		if !t.server.Alive() {
			return t.server.ended()
		}
	}
	return nil
}
