package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"sync"
	"time"
)

const (
	visitorsInAll    = 6
	peopleOfVisitor  = 6
	people           = visitorsInAll*peopleOfVisitor + 1 // and one who is watched
	longestLoad      = 100 * time.Millisecond
	longestBeginning = 20 * time.Millisecond
	startsKilled     = 10 // in so many cycles a start is killed, too
)

// A trial is one house, those who visit it, and what has come of that.
type trial struct {
	house    *house
	visitors []*visitor
	tally    *tally
	history  *history
	random   *rand.Rand
	progress io.Writer
	server   *server
	watched  *session // of somebody who only reads; see watch

	checked       time.Time // when the database was last looked at
	cycle         int
	inspected     int // the cycle of the last inspection
	chains        int // how often the audit trail was verified
	killedStarts  int // servers that were killed before they listened
	killedInLoads int
}

// newTrial moves people into a new house below dir and starts it.
func newTrial(ctx context.Context, h *house, seed uint64) (*trial, error) {
	t := &trial{house: h, tally: newTally(), progress: io.Discard, random: rand.New(rand.NewPCG(seed, 0))}
	for n := range visitorsInAll {
		v := &visitor{tally: t.tally, random: rand.New(rand.NewPCG(seed, uint64(n)+1))}
		for k := range peopleOfVisitor {
			v.people = append(v.people, newPerson(n*peopleOfVisitor+k))
		}
		t.visitors = append(t.visitors, v)
	}
	if err := t.start(ctx); err != nil {
		return nil, err
	}
	db, err := h.openLedger()
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }()
	t.checked = time.Now()
	r, err := read(ctx, db, 0, t.checked)
	t.history = newHistory(r)
	return t, err
}

func (t *trial) start(ctx context.Context) (err error) {
	if t.server, err = t.house.start(ctx); err != nil {
		return err
	}
	for _, v := range t.visitors {
		v.caller = newCaller(t.server.URL)
	}
	return nil
}

// kill ends the server and everybody's connections with it.
func (t *trial) kill() {
	t.server.Kill()
	t.hangUp()
}

// stop lets the server finish.
func (t *trial) stop() {
	t.server.stop()
	t.hangUp()
}

func (t *trial) hangUp() {
	for _, v := range t.visitors {
		v.close()
	}
}

// run kills the server so many times, and stops early after enough losses.
func (t *trial) run(ctx context.Context, cycles int) error {
	const enough, reported = 10, 1000
	for range cycles {
		if err := t.once(ctx); err != nil {
			return fmt.Errorf("cycle %d: %w", t.cycle, err)
		}
		if t.cycle%reported == 0 {
			_, _ = fmt.Fprintf(t.progress, "after %d cycles: %d acknowledged, %d lost\n", t.cycle, t.tally.all(), len(t.tally.losses()))
		}
		if len(t.tally.losses()) >= enough {
			break
		}
	}
	return t.finish(ctx)
}

// once puts load on the server, kills it at a random moment, starts it again and looks for
// what was answered.
func (t *trial) once(ctx context.Context) error {
	t.cycle++
	next := t.nextLoad()
	t.work(ctx, next.changes, func() {
		pause(ctx, next.length)
		t.tally.check(t.server.Alive(), "the process has ended by itself: %s", t.server.Stderr.Tail())
		t.kill()
	})
	t.killedInLoads++
	if t.cycle%startsKilled == 0 {
		if err := t.killWhileStarting(ctx); err != nil {
			return err
		}
	}
	if err := t.start(ctx); err != nil {
		return err
	}
	if err := t.check(ctx); err != nil {
		return err
	}
	return t.confirm(ctx, false)
}

// A load is for how long everybody works, and how many of them begin with a change of their
// password: that takes long, and would hardly ever be answered before the kill otherwise.
type load struct {
	length  time.Duration
	changes int // one visitor in so many
}

// nextLoad chooses the moment of the kill. Most loads are short, so that there can be many.
func (t *trial) nextLoad() load {
	next := load{longestLoad, 30}
	if t.random.IntN(8) == 0 {
		next = load{5 * longestLoad, 3}
	}
	next.length = time.Duration(t.random.Int64N(int64(next.length)))
	return next
}

// work lets everybody work until the function returns. They stop after what they are doing
// then, if not before for want of an answer.
func (t *trial) work(ctx context.Context, changes int, until func()) {
	over := make(chan struct{})
	var all sync.WaitGroup
	for _, v := range t.visitors {
		all.Go(func() { v.work(ctx, changes, over) })
	}
	until()
	close(over)
	all.Wait()
}

func pause(ctx context.Context, length time.Duration) {
	select {
	case <-time.After(length):
	case <-ctx.Done():
	}
}

// killWhileStarting kills a server that has perhaps not begun to listen: while it recovers
// the database, most often.
func (t *trial) killWhileStarting(ctx context.Context) error {
	s, err := t.house.launch(ctx)
	if err != nil {
		return err
	}
	pause(ctx, time.Duration(t.random.Int64N(int64(longestBeginning))))
	s.Kill()
	t.killedStarts++
	return nil
}

// confirm lets every visitor try what it was promised.
func (t *trial) confirm(ctx context.Context, all bool) error {
	errs := make(chan error, len(t.visitors))
	for _, v := range t.visitors {
		go func() { errs <- v.confirm(ctx, all) }()
	}
	var failed error
	for range t.visitors {
		if err := <-errs; err != nil {
			failed = err
		}
	}
	if failed != nil && !t.server.Alive() {
		return t.server.ended()
	}
	return failed
}

// inspects reports whether the whole database is due to be looked at: often at first, and
// then each time that it has grown by a tenth.
func (t *trial) inspects() bool {
	const first = 25
	due := t.cycle-t.inspected >= max(first, t.cycle/10)
	if due {
		t.inspected = t.cycle
	}
	return due
}

// finish tries everything once more, and verifies the whole.
func (t *trial) finish(ctx context.Context) error {
	if err := t.confirm(ctx, true); err != nil {
		return err
	}
	t.inspected = -1000 // due
	return t.check(ctx)
}

// end stops the server, if it still runs, and takes everything away.
func (t *trial) end() {
	if t.server != nil && t.server.Alive() {
		t.kill()
	}
	_ = os.RemoveAll(t.house.data)
}
