package passwords

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gatehouse/domain"
)

// rush has so many callers come at once, each with such a job that takes a time of its own, and
// returns how many were not sent away, and how long the last of them has waited and worked.
// Nobody who is sent away waits.
func rush(t *testing.T, q *queue, callers int, job job, takes time.Duration) (taken int, last time.Duration) {
	t.Helper()
	began := time.Now()
	var mu sync.Mutex
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			err := q.do(t.Context(), job, func() { time.Sleep(takes) })
			mu.Lock()
			defer mu.Unlock()
			switch after := time.Since(began); {
			case err == nil:
				taken++
				last = max(last, after)
			case !errors.Is(err, domain.ErrOverloaded) || after > 0:
				t.Errorf("after %v: %v", after, err)
			}
		})
	}
	all.Wait()
	return taken, last
}

// Costly hashes fill the queue sooner: nobody waits for so long that the request is over.
func TestQueueSendsAwayWhoWouldWaitForTooLong(t *testing.T) {
	second := func(large bool) job { return job{large: large, takes: time.Second} }
	for _, test := range []struct {
		name  string
		job   job
		takes time.Duration
		want  int
		last  time.Duration
	}{
		{"short", job{takes: 10 * time.Millisecond}, 10 * time.Millisecond, 102, 510 * time.Millisecond},
		{"long", second(false), time.Second, 13, 7 * time.Second},
		{"large", second(true), time.Second, 7, 7 * time.Second},
		{"longer than it should", job{takes: 500 * time.Millisecond}, time.Second, 25, 13 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			q := newQueue(2, 100, time.Now)
			if taken, last := rush(t, q, 200, test.job, test.takes); taken != test.want || last != test.last {
				t.Errorf("%s: %d callers were taken, the last was done after %v; want %d and %v", test.name, taken, last, test.want, test.last)
			}
			newCrowd(q).wantFree(t)
		})
	}
}

// A machine that is slower than expected, or busy with something else, takes fewer; when it is
// fast again, as many as before.
func TestQueueLearnsHowFastTheMachineIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(2, 100, time.Now)
		usual := job{takes: 100 * time.Millisecond}
		for _, pace := range []struct {
			takes time.Duration
			want  int
		}{{100 * time.Millisecond, 102}, {time.Second, 13}, {100 * time.Millisecond, 102}} {
			for range 30 { // one after the other
				rush(t, q, 1, usual, pace.takes)
			}
			if taken, _ := rush(t, q, 200, usual, pace.takes); taken < pace.want-1 || taken > pace.want+1 {
				t.Errorf("at %v each, %d callers were taken, want about %d", pace.takes, taken, pace.want)
			}
		}
	})
}

// A clock that is set while a hash is made says nothing about the machine.
func TestQueueLearnsNothingFromAClockThatIsSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ahead := time.Duration(0)
		q := newQueue(2, 100, func() time.Time { return time.Now().Add(ahead) })
		for _, set := range []time.Duration{-time.Hour, 24 * time.Hour} {
			_ = q.do(t.Context(), job{takes: time.Second}, func() { ahead += set })
		}
		if taken, _ := rush(t, q, 200, job{takes: time.Second}, time.Second); taken != 13 {
			t.Errorf("%d callers were taken, want 13", taken)
		}
	})
}

// What a hash takes follows from its costs.
func TestCostsOfKinds(t *testing.T) {
	ending := "$" + salt16 + "$" + tag16
	for _, test := range []struct {
		cheap, dear string
		times       int
	}{
		{"pbkdf2_sha256$100000$salt$" + key32, "pbkdf2_sha256$800000$salt$" + key32, 8},
		{"bcrypt$$2b$10$" + blowfish, "bcrypt$$2b$12$" + blowfish, 4},
		{"scrypt$16384$salt$8$1$" + key64, "scrypt$16384$salt$8$5$" + key64, 5},
		{"argon2$argon2id$v=19$m=1024,t=1,p=1" + ending, "argon2$argon2id$v=19$m=4096,t=3,p=1" + ending, 12},
	} {
		cheap, ok1 := parse(test.cheap)
		dear, ok2 := parse(test.dear)
		if !ok1 || !ok2 {
			t.Fatal(fmt.Sprint("not parsed: ", test))
		}
		if cheap.takes() <= 0 || dear.takes() != time.Duration(test.times)*cheap.takes() {
			t.Errorf("%.30s takes %v, %.30s %v; want %d times that", test.cheap, cheap.takes(), test.dear, dear.takes(), test.times)
		}
	}
}
