package passwords

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"gatehouse/domain"
)

// A crowd is callers of a queue that work until they are let go, each by its name.
type crowd struct {
	queue   *queue
	release map[string]chan struct{}
	began   []string
	errs    map[string]error
}

func newCrowd(q *queue) *crowd {
	return &crowd{q, map[string]chan struct{}{}, nil, map[string]error{}}
}

// arrive returns when the caller works, waits or was sent away. It needs a synctest
// bubble, where only one caller moves between two Waits. Large work has a capital name.
func (c *crowd) arrive(ctx context.Context, names ...string) {
	for _, name := range names {
		release := make(chan struct{})
		c.release[name] = release
		go func() {
			c.errs[name] = c.queue.do(ctx, job{large: unicode.IsUpper(rune(name[0]))}, func() {
				c.began = append(c.began, name)
				<-release
			})
		}()
		synctest.Wait()
	}
}

// finish lets callers go that work, one after another.
func (c *crowd) finish(names ...string) {
	for _, name := range names {
		c.release[name] <- struct{}{}
		synctest.Wait()
	}
}

func (c *crowd) wantBegan(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(c.began, want) {
		t.Errorf("began %v, want %v", c.began, want)
	}
}

func (c *crowd) wantErr(t *testing.T, name string, want error) {
	t.Helper()
	if err, returned := c.errs[name]; !returned || !errors.Is(err, want) {
		t.Errorf("%s: returned %t, error %v; want %v", name, returned, err, want)
	}
}

// wantFree checks that nobody has kept a place.
func (c *crowd) wantFree(t *testing.T) {
	t.Helper()
	if q := c.queue; len(q.waits)+len(q.large)+len(q.works) != 0 {
		t.Errorf("%d wait, %d large, %d work; want nobody", len(q.waits), len(q.large), len(q.works))
	}
}

func TestQueueWorksInOrderWithinItsBounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(newQueue(2, 2, time.Now))
		c.arrive(t.Context(), "a", "b", "c", "d", "e")
		c.wantBegan(t, "a", "b")
		c.wantErr(t, "e", domain.ErrOverloaded)

		c.finish("a")
		c.wantBegan(t, "a", "b", "c")
		c.arrive(t.Context(), "f")
		c.finish("b", "c", "d", "f")
		c.wantBegan(t, "a", "b", "c", "d", "f")
		for _, name := range []string{"a", "b", "c", "d", "f"} {
			c.wantErr(t, name, nil)
		}
		c.wantFree(t)
	})
}

func TestQueueWorksAtOneLargeThingAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(newQueue(3, 5, time.Now))
		c.arrive(t.Context(), "A", "B", "C")
		c.wantBegan(t, "A")
		c.finish("A")
		c.wantBegan(t, "A", "B")
		c.finish("B", "C")
		c.wantBegan(t, "A", "B", "C")
		c.wantFree(t)
	})
}

func TestQueueLetsSmallWorkPassWhatWaitsForLarge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(newQueue(2, 3, time.Now))
		c.arrive(t.Context(), "A", "B", "c", "d")
		c.wantBegan(t, "A", "c")
		c.finish("c")
		c.wantBegan(t, "A", "c", "d")
		c.finish("A")
		c.wantBegan(t, "A", "c", "d", "B")
		c.finish("B", "d")
		c.wantFree(t)
	})
}

func TestQueueLetsLargeWorkWaitForAWorkerInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(newQueue(1, 4, time.Now))
		c.arrive(t.Context(), "a", "b", "C", "D", "e")
		c.finish("a", "b")
		c.wantBegan(t, "a", "b", "C")
		c.finish("C", "e")
		c.wantBegan(t, "a", "b", "C", "e", "D")
		c.finish("D")
		c.wantFree(t)
	})
}

func TestQueueCountsAllThatWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(newQueue(2, 3, time.Now))
		c.arrive(t.Context(), "A", "B", "c", "D", "e") // B and D wait for A, e for a worker
		c.arrive(t.Context(), "F", "g")
		c.wantErr(t, "F", domain.ErrOverloaded)
		c.wantErr(t, "g", domain.ErrOverloaded)
		c.finish("c", "e")
		c.arrive(t.Context(), "h", "i") // e has left the queue, and the worker is free
		c.wantBegan(t, "A", "c", "e", "h")
		c.finish("h", "i", "A", "B", "D")
		c.wantFree(t)
	})
}

func TestQueueNeedsNoPlaceForWhatBeginsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(newQueue(2, 1, time.Now))
		c.arrive(t.Context(), "A", "B", "C", "d")
		c.wantErr(t, "C", domain.ErrOverloaded)
		c.wantBegan(t, "A", "d")
		c.finish("A", "B", "d")
		c.wantFree(t)
	})
}

func TestQueueIsLeftWhenTheContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(newQueue(1, 2, time.Now))
		cancelled, cancel := context.WithCancel(t.Context())
		late, stop := context.WithTimeout(t.Context(), 2*time.Second)
		defer stop()
		c.arrive(t.Context(), "a")
		c.arrive(cancelled, "b")
		c.arrive(late, "c")

		cancel()
		synctest.Wait()
		c.wantErr(t, "b", context.Canceled)
		c.arrive(t.Context(), "d") // takes b's place
		<-late.Done()
		synctest.Wait()
		c.wantErr(t, "c", context.DeadlineExceeded)
		c.finish("a", "d")
		c.wantBegan(t, "a", "d")
		c.wantFree(t)
	})
}

// B has the turn of large work and waits for a worker, C waits for B's turn.
func TestQueueIsLeftInBothWaitsOfLargeWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(newQueue(1, 3, time.Now))
		first, cancelFirst := context.WithCancel(t.Context())
		second, cancelSecond := context.WithCancel(t.Context())
		c.arrive(t.Context(), "a")
		c.arrive(first, "B")
		c.arrive(second, "C")
		c.arrive(t.Context(), "D")

		cancelSecond()
		synctest.Wait()
		c.wantErr(t, "C", context.Canceled)
		cancelFirst()
		synctest.Wait()
		c.wantErr(t, "B", context.Canceled)
		c.finish("a", "D")
		c.wantBegan(t, "a", "D")
		c.wantFree(t)
	})
}

// Both cases of the select are ready here, so a wrong one shows in one of many tries.
func TestQueueNeverBeginsAfterTheContextEnded(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := newCrowd(newQueue(1, 1, time.Now))
	for range 100 {
		if err := (slots{c.queue.large, c.queue.works}).take(ctx); !errors.Is(err, context.Canceled) {
			t.Fatalf("take = %v, want %v", err, context.Canceled)
		}
		c.wantFree(t)
	}
}

func TestHasherRefusesWhenItsQueueIsFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hasher := New(Config{Workers: 1, QueueLength: 1, Memory: 8, Time: 1}, time.Now)
		c := newCrowd(hasher.queue)
		c.arrive(t.Context(), "a", "b")

		secret := domain.NewPassword("secret")
		if hash, err := hasher.Hash(t.Context(), secret); !errors.Is(err, domain.ErrOverloaded) || !hash.Empty() {
			t.Errorf("Hash: error %v, empty %t; want %v and no hash", err, hash.Empty(), domain.ErrOverloaded)
		}
		matched, err := hasher.Matches(t.Context(), secret, domain.UnusablePassword)
		if !errors.Is(err, domain.ErrOverloaded) || matched {
			t.Errorf("Matches = %t, %v; want false, %v", matched, err, domain.ErrOverloaded)
		}
		c.finish("a", "b")
		if _, err := hasher.Hash(t.Context(), secret); err != nil {
			t.Errorf("Hash after the rush: %v", err)
		}
	})
}

func TestHasherTakesForLargeWhatNeedsMoreMemoryThanAnyWorkerHas(t *testing.T) {
	ending := "$" + salt16 + "$" + tag16
	for _, test := range []struct {
		encoded string
		memory  uint32 // of a new hash
		want    bool
	}{
		{"argon2$argon2id$v=19$m=32768,t=1,p=1" + ending, 8, false},
		{"argon2$argon2id$v=19$m=32769,t=1,p=1" + ending, 8, true},
		{"argon2$argon2d$v=16$m=32769,t=1,p=1" + ending, 8, true},
		{"argon2$argon2id$v=19$m=102400,t=1,p=1" + ending, 102400, false},
		{"argon2$argon2id$v=19$m=102401,t=1,p=1" + ending, 102400, true},
		{"argon2$argon2id$v=19$m=262145,t=1,p=1" + ending, 8, false},
		{"scrypt$32768$salt$8$1$" + key64, 8, false},
		{"scrypt$65536$salt$8$1$" + key64, 8, true},
		{"pbkdf2_sha256$10000000$salt$" + key32, 8, false},
		{"bcrypt$$2b$16$" + blowfish, 8, false},
		{"!", 102400, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			hasher := New(Config{Workers: 1, Memory: test.memory, Time: 1}, time.Now)
			if got := waitsForLarge(t, hasher, test.encoded); got != test.want {
				t.Errorf("%.45q with a new hash of %d KiB: large %t, want %t",
					test.encoded, test.memory, got, test.want)
			}
		})
	}
}

// waitsForLarge reports whether a check of the hash takes the turn of large work. The only
// worker is busy until it has given up.
func waitsForLarge(t *testing.T, hasher *Hasher, encoded string) bool {
	c := newCrowd(hasher.queue)
	c.arrive(t.Context(), "a")
	ctx, cancel := context.WithCancel(t.Context())
	go hasher.Matches(ctx, domain.NewPassword("secret"), domain.NewPasswordHash(encoded))
	synctest.Wait()
	large := len(hasher.queue.large) == 1
	cancel()
	c.finish("a")
	return large
}

func TestDefaultQueue(t *testing.T) {
	for _, test := range []struct {
		config          Config
		workers, length int
	}{
		{Config{Workers: 3}, 3, 168},
		{Config{Workers: 3, QueueLength: 5}, 3, 5},
	} {
		q := New(test.config, time.Now).queue
		if workers, length := cap(q.works), cap(q.waits); workers != test.workers || length != test.length {
			t.Errorf("%+v: %d workers, queue of %d; want %d and %d",
				test.config, workers, length, test.workers, test.length)
		}
	}
}
