package porttest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"gatehouse/domain"
	"gatehouse/ports"
)

// A FaultyStore is a store that can be made to fail.
type FaultyStore interface {
	ports.Store
	// FailAt lets the n-th statement that writes from now on fail, as a full disk does (none
	// if n is zero), and
	// takes back what it was told before. The function it returns tells whether it came to
	// that.
	FailAt(n int) (reached func() bool)
}

// StoreFaults tests that each failure of the disk, whenever it comes, leaves just what was
// acknowledged: neither less nor more. open is as for [Store].
func StoreFaults(t *testing.T, open func(*testing.T) FaultyStore) {
	store, alone := open(t), open(t)
	readers, writers := readersAndWriters(t, open(t))
	for first := 0; first < len(writers); first += 4 {
		some := writers[first:min(first+4, len(writers))]
		t.Run(some[0].records+"."+some[0].name, func(t *testing.T) {
			n := 2 // the first is the end of the update that the others wait for
			for faultAt(t, store, alone, readers, some, n) {
				n++
			}
			if n < 20 {
				t.Errorf("%d updates write with %d statements: want more of both", len(some), n)
			}
		})
	}
}

// faultAt lets the n-th statement of a shared commit fail, and reports whether there was one.
func faultAt(t *testing.T, store FaultyStore, alone ports.Store, readers, writers []method, n int) bool {
	t.Helper()
	fill(t, store)
	fill(t, alone)
	stateOf(t, store, readers) // so that a store which remembers has something to remember
	refused := errors.New("refused")
	changes := []func(ports.Records) error{use(1)}
	for i, m := range writers {
		changes = append(changes, step{calls: []method{m}, n: n + i}.run, use(1+i%3))
	}
	changes = append(changes, func(r ports.Records) error {
		return errors.Join(step{calls: writers, n: n}.run(r), refused)
	}, use(2))
	var reached func() bool
	failures := togetherAfter(t, store, func() { reached = store.FailAt(n) }, changes...)
	for i, change := range changes {
		switch err := failures[i]; {
		case err == nil:
			update(t, alone, change)
		case !errors.Is(err, domain.ErrUnavailable) && !errors.Is(err, refused):
			t.Fatalf("statement %d: an update returns %v", n, err)
		}
	}
	sameState(t, fmt.Sprintf("statement %d: who comes after it", n), stateOf(t, store, readers), stateOf(t, alone, readers))
	if !reached() {
		store.FailAt(0) // never
		return false
	}
	for _, s := range []ports.Store{store, alone} { // and the store goes on
		if err := s.Update(context.Background(), use(3)); err != nil {
			t.Fatalf("statement %d: the next update: %v", n, err)
		}
	}
	sameState(t, fmt.Sprintf("statement %d: who comes later", n), stateOf(t, store, readers), stateOf(t, alone, readers))
	return true
}
