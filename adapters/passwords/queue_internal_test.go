package passwords

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"gatehouse/domain"
)

// A crowd is callers of a queue that work until they are let go, one by one.
type crowd struct {
	queue   *queue
	release chan struct{}
	began   []string
	errs    map[string]error
}

func newCrowd(workers, length int) *crowd {
	return &crowd{newQueue(workers, length), make(chan struct{}), nil, map[string]error{}}
}

// arrive returns when the caller works, waits or was sent away. It needs a synctest
// bubble, where only one caller moves between two Waits.
func (c *crowd) arrive(ctx context.Context, name string) {
	go func() {
		c.errs[name] = c.queue.do(ctx, func() {
			c.began = append(c.began, name)
			<-c.release
		})
	}()
	synctest.Wait()
}

func (c *crowd) finishOne() {
	c.release <- struct{}{}
	synctest.Wait()
}

func (c *crowd) wantBegan(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(c.began, want) {
		t.Errorf("began %v, want %v", c.began, want)
	}
}

func TestQueueWorksInOrderWithinItsBounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(2, 2)
		for _, name := range []string{"a", "b", "c", "d", "e"} {
			c.arrive(t.Context(), name)
		}
		c.wantBegan(t, "a", "b")
		if err := c.errs["e"]; !errors.Is(err, domain.ErrOverloaded) {
			t.Errorf("a caller too many got %v, want %v", err, domain.ErrOverloaded)
		}

		c.finishOne()
		c.wantBegan(t, "a", "b", "c")
		c.arrive(t.Context(), "f")
		for range 4 {
			c.finishOne()
		}
		c.wantBegan(t, "a", "b", "c", "d", "f")
		for _, name := range []string{"a", "b", "c", "d", "f"} {
			if err, returned := c.errs[name]; err != nil || !returned {
				t.Errorf("%s: error %v, returned %t; want no error", name, err, returned)
			}
		}
	})
}

func TestQueueIsLeftWhenTheContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(1, 2)
		cancelled, cancel := context.WithCancel(t.Context())
		late, stop := context.WithTimeout(t.Context(), 2*time.Second)
		defer stop()
		c.arrive(t.Context(), "a")
		c.arrive(cancelled, "b")
		c.arrive(late, "c")

		cancel()
		synctest.Wait()
		if err := c.errs["b"]; !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled caller got %v, want %v", err, context.Canceled)
		}
		c.arrive(t.Context(), "d") // takes b's place
		<-late.Done()
		synctest.Wait()
		if err := c.errs["c"]; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("late caller got %v, want %v", err, context.DeadlineExceeded)
		}
		c.finishOne()
		c.finishOne()
		c.wantBegan(t, "a", "d")
	})
}

// Both cases of the select are ready here, so a wrong one shows in one of many tries.
func TestQueueNeverBeginsAfterTheContextEnded(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	q := newQueue(1, 1)
	for range 100 {
		if err := q.begin(ctx); !errors.Is(err, context.Canceled) {
			t.Fatalf("begin = %v, want %v", err, context.Canceled)
		}
		if len(q.works) != 0 {
			t.Fatal("the worker is not free again")
		}
	}
}

func TestHasherRefusesWhenItsQueueIsFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hasher := New(Config{Workers: 1, QueueLength: 1, Memory: 8, Time: 1})
		c := newCrowd(0, 0)
		c.queue = hasher.queue
		c.arrive(t.Context(), "a")
		c.arrive(t.Context(), "b")

		secret := domain.NewPassword("secret")
		if hash, err := hasher.Hash(t.Context(), secret); !errors.Is(err, domain.ErrOverloaded) || !hash.Empty() {
			t.Errorf("Hash: error %v, empty %t; want %v and no hash", err, hash.Empty(), domain.ErrOverloaded)
		}
		matched, err := hasher.Matches(t.Context(), secret, domain.UnusablePassword)
		if !errors.Is(err, domain.ErrOverloaded) || matched {
			t.Errorf("Matches = %t, %v; want false, %v", matched, err, domain.ErrOverloaded)
		}
		c.finishOne()
		c.finishOne()
		if _, err := hasher.Hash(t.Context(), secret); err != nil {
			t.Errorf("Hash after the rush: %v", err)
		}
	})
}

func TestDefaultQueue(t *testing.T) {
	for _, test := range []struct {
		config          Config
		workers, length int
	}{
		{Config{Workers: 3}, 3, 168},
		{Config{Workers: 3, QueueLength: 5}, 3, 5},
	} {
		q := New(test.config).queue
		if workers, length := cap(q.works), cap(q.places)-cap(q.works); workers != test.workers || length != test.length {
			t.Errorf("%+v: %d workers, queue of %d; want %d and %d",
				test.config, workers, length, test.workers, test.length)
		}
	}
}
