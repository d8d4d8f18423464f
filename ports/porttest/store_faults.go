package porttest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"gatehouse/domain"
	"gatehouse/ports"
)

// A FaultyStore is a store that can be made to fail.
type FaultyStore interface {
	ports.Store
	// FailAt lets the n-th statement that writes from now on fail, as a full disk does (none
	// if n is zero), and takes back what it was told before. If whole is true, the store has
	// given up all that its transaction has written by then. The function it returns tells
	// whether it came to that.
	FailAt(n int, whole bool) (reached func() bool)
}

// StoreFaults tests that each failure of the disk, whenever it comes, leaves just what was
// acknowledged: neither less nor more. open is as for [Store].
func StoreFaults(t *testing.T, open func(*testing.T) FaultyStore) {
	readers, writers := readersAndWriters(t, open(t))
	each := func(some []method, whole bool) {
		t.Run(fmt.Sprintf("%s.%s, whole: %t", some[0].records, some[0].name, whole), func(t *testing.T) {
			t.Parallel()
			store, alone := open(t), open(t)
			n := 2 // the first is the end of the update that the others wait for
			for faultAt(t, store, alone, readers, some, n, whole) {
				n++
			}
			if n < 20 {
				t.Errorf("the updates write with %d statements: want more", n)
			}
		})
	}
	for some := range slices.Chunk(writers, 4) {
		each(some, false)
	}
	each(writers[:4], true)
}

// faultAt lets the n-th statement of a shared commit fail, and reports whether there was one.
func faultAt(t *testing.T, store FaultyStore, alone ports.Store, readers, writers []method, n int, whole bool) bool {
	t.Helper()
	fill(t, store)
	fill(t, alone)
	stateOf(t, store, readers) // so that a store which remembers has something to remember
	refused := errors.New("refused")
	changes := []func(ports.Records) error{use(1)}
	for i, m := range writers {
		fails := func(r ports.Records) error { // and would leave nothing but what it writes
			_, err := m.callWith(r, n+9)
			return errors.Join(err, refused)
		}
		changes = append(changes, step{calls: []method{m}, n: n + i}.run, fails, use(1+i%3))
	}
	changes = append(changes, func(r ports.Records) error {
		return errors.Join(step{calls: writers, n: n}.run(r), refused)
	}, use(2))
	var reached func() bool
	failures := togetherAfter(t, store, func() { reached = store.FailAt(n, whole) }, changes...)
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
		store.FailAt(0, false) // never
		return false
	}
	for _, s := range []ports.Store{store, alone} { // and the store goes on
		if err := s.Update(context.Background(), use(3)); err != nil {
			t.Fatalf("statement %d: the next update: %v", n, err)
		}
	}
	return true
}
