//go:build system

package acceptance

import (
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"gatehouse/cmd/internal/running"
)

// Bodies and headers that are too large are refused with an answer that arrives, by the
// proxy or by Gatehouse.
func TestSizesThroughProxies(t *testing.T) {
	throughEach(t, func(t *testing.T, f *front) {
		for _, size := range []int{65 << 10, 1 << 20, 8 << 20} {
			got := f.ask(t, somewhere, wirePost(tokenPath, `{"username":"`+strings.Repeat("x", size)+`"}`))
			if got.status != 413 {
				t.Errorf("a body of %d bytes is answered %v", size, got.status)
			}
		}
		for _, size := range []int{17 << 10, 40 << 10, 1 << 20} {
			got := f.ask(t, somewhere, wireGet(mePath, "Cookie: access_token="+strings.Repeat("x", size)))
			if got.status != 431 && got.status != 400 {
				t.Errorf("headers of %d bytes are answered %v", size, got.status)
			}
		}
		if got := f.ask(t, somewhere, wirePost(tokenPath, `{"username":"`+strings.Repeat("x", 63<<10)+`","password":"x"}`)); got.status != 400 {
			t.Errorf("a body that is not too large is answered %v", got)
		}
	})
}

// While Gatehouse is down the proxy says so, and it works again with the first request after
// a restart, also after a crash.
func TestRestartsBehindProxies(t *testing.T) {
	throughEach(t, func(t *testing.T, f *front) {
		p := pair{}.after(f.ask(t, somewhere, goodSignIn()))
		for _, signal := range []os.Signal{syscall.SIGTERM, os.Kill} {
			_ = f.shop.End(signal)
			for range 3 {
				if got := f.ask(t, somewhere, wireGet(mePath, "Cookie: access_token="+p.access)); got.status != 502 {
					t.Errorf("%v: answered %v while Gatehouse is down", signal, got)
				}
			}
			f.shop.again(t)
			if got := f.ask(t, somewhere, wireGet(mePath, "Cookie: access_token="+p.access)); got.status != 200 {
				t.Errorf("%v: answered %v afterwards", signal, got)
			}
		}
	})
}

// People refresh and sign out while Gatehouse is restarted: what was answered holds, and
// who was not answered tries again and stays signed in.
func TestRestartsUnderLoadBehindProxies(t *testing.T) {
	throughEach(t, func(t *testing.T, f *front) {
		var all sync.WaitGroup
		var stop atomic.Bool
		var unanswered atomic.Int64
		acknowledged := make(chan struct{}, 1<<16) // more than there will be
		total := 0
		for range 4 {
			all.Go(func() {
				p := f.mustSignIn(t)
				for !stop.Load() {
					got := f.patiently(t, refreshing(p.refresh), &unanswered)
					if got.status != 200 {
						t.Errorf("a good token is answered %v", got)
						return
					}
					p = p.after(got)
					acknowledged <- struct{}{}
				}
				f.patiently(t, wirePost(logoutPath, "", "Cookie: refresh_token="+p.refresh), &unanswered)
				if got := f.patiently(t, wireGet(mePath, "Cookie: access_token="+p.access), &unanswered); got.status != 401 {
					t.Errorf("after signing out: %v", got)
				}
			})
		}
		for i := range 4 {
			for range 20 {
				select {
				case <-acknowledged:
					total++
				case <-time.After(running.Patience):
					t.Error("nothing is acknowledged any more")
					stop.Store(true)
					all.Wait()
					return
				}
			}
			if i == 3 {
				stop.Store(true) // the last one while people sign out
			}
			f.restart(t)
		}
		all.Wait()
		t.Logf("%d refreshes were acknowledged, %d requests had to be sent again", total+len(acknowledged), unanswered.Load())
	})
}

// restart lets those who are not answered know when it is over.
func (f *front) restart(t *testing.T) {
	f.restarting.Lock()
	defer f.restarting.Unlock()
	if err := f.shop.End(syscall.SIGTERM); err != nil {
		t.Errorf("stopping: %v", err)
	}
	f.shop.again(t)
}

func (f *front) mustSignIn(t *testing.T) pair {
	var unanswered atomic.Int64
	return pair{}.after(f.patiently(t, goodSignIn(), &unanswered))
}

// patiently sends a request until it is answered by Gatehouse.
func (f *front) patiently(t *testing.T, raw string, unanswered *atomic.Int64) answer {
	got := f.ask(t, somewhere, raw)
	for deadline := time.Now().Add(running.Patience); slices.Contains([]int{502, 503, 504}, got.status) && time.Now().Before(deadline); {
		unanswered.Add(1)
		got = f.askWhenThere(t, raw)
	}
	return got
}

// askWhenThere waits until a restart is over, and holds the next one up.
func (f *front) askWhenThere(t *testing.T, raw string) answer {
	f.restarting.RLock()
	defer f.restarting.RUnlock()
	return f.ask(t, somewhere, raw)
}

// A hundred clients that send headers or a body a byte a second keep nobody else waiting,
// and are given up.
func TestDripsThroughProxies(t *testing.T) {
	throughEach(t, func(t *testing.T, f *front) {
		p := f.mustSignIn(t)
		firsts := []string{toHealth, toLogout + "Content-Length: 60000\r\n\r\n", toLogout + "Transfer-Encoding: chunked\r\n\r\n"}
		drips := []string{"X: y\r\n", "x", "1\r\nx\r\n"}
		var all sync.WaitGroup
		for i := range 99 {
			conn := f.dial(t, somewhere)
			defer func() { _ = conn.Close() }()
			_, _ = io.WriteString(conn, public(firsts[i%3]))
			if i == 0 {
				began := time.Now()
				over := dripping(conn, drips[0])
				all.Go(func() {
					_, _ = io.Copy(io.Discard, conn)
					_ = conn.Close()
					<-over
					if took := time.Since(began); took > 15*time.Second {
						t.Errorf("headers were given up after %v", took)
					}
				})
				continue
			}
			dripping(conn, drips[i%3])
		}
		began := time.Now()
		for range 20 {
			f.mustAnswerVictim(t, "drips", p)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("twenty requests took %v", took)
		}
		all.Wait()
	})
}
