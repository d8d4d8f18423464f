package passwords

import (
	"sync"
	"time"

	"gatehouse/ports"
)

// longestWait is how long a newcomer may have to expect to wait: with what a hash takes, it
// should be over before the request's time of ten seconds is.
const longestWait = 6 * time.Second

// A load estimates how long a newcomer would wait. What is ahead of him is known by what each
// hash says about its cost; how much longer that takes here and now is learned from the last
// hashes. It may be used concurrently.
type load struct {
	clock   ports.Clock
	workers int

	mu          sync.Mutex
	ahead       time.Duration // of all that work or wait, at the usual speed
	largeAhead  time.Duration // of the large among them
	timesSlower float64       // than the usual speed
}

func newLoad(workers int, clock ports.Clock) *load {
	return &load{clock: clock, workers: workers, timesSlower: 1}
}

// add counts work that arrives, or, if takes is negative, that leaves.
func (l *load) add(large bool, takes time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ahead += takes
	if large {
		l.largeAhead += takes
	}
}

// tooLong reports whether a newcomer with such work would wait for longer than longestWait.
func (l *load) tooLong(large bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	wait := l.ahead / time.Duration(l.workers)
	if large { // one at a time
		wait = max(wait, l.largeAhead)
	}
	return time.Duration(float64(wait)*l.timesSlower) > longestWait
}

// measure does the work and learns from how long it took.
func (l *load) measure(takes time.Duration, work func()) {
	began := l.clock()
	work()
	took := l.clock().Sub(began)
	if took <= 0 || takes <= 0 || took > 10*longestWait { // too little to tell, or the clock was set
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	const weight = 1.0 / 8
	l.timesSlower += weight * (float64(took)/float64(takes) - l.timesSlower)
}
