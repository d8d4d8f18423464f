package main

import (
	"context"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"
	"time"
)

// kills are few, so that go test is done soon on a slow machine; task kills asks for more.
var kills = flag.Int("kills", 20, "how often TestKilled kills the server; from 200 on, everything must have been acknowledged")

// bench is where the tests work: the program is built once.
var bench *workshop

func TestMain(m *testing.M) {
	acted, err := actSelf(context.Background(), os.Args[1:])
	if acted {
		exitAfter(err)
		return
	}
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	var err error
	if bench, err = openWorkshop(context.Background()); err != nil {
		exitAfter(err)
	}
	defer bench.close()
	return m.Run()
}

// seed is new each time; a failure names it.
func seed(t *testing.T) uint64 {
	chosen := uint64(time.Now().UnixNano())
	t.Logf("seed %d", chosen)
	return chosen
}

// Nothing that was acknowledged is lost when the process is killed, and nothing is half
// done.
func TestKilled(t *testing.T) {
	trial, err := bench.trial(t.Context(), seed(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer trial.end()
	begin := time.Now()
	if err := trial.run(t.Context(), *kills); err != nil {
		t.Fatal(err)
	}
	var told strings.Builder
	trial.report(&told, time.Since(begin))
	t.Log("\n" + told.String())
	if err := trial.tally.verdict(); err != nil {
		t.Error(err)
	}
	if trial.cycle != *kills || trial.killedStarts != *kills/startsKilled {
		t.Errorf("%d cycles, of which %d with a kill while starting", trial.cycle, trial.killedStarts)
	}
	counts := trial.tally.counts()
	for _, k := range mustBeAcknowledged() {
		if counts[k] == 0 {
			t.Errorf("%s was never acknowledged, so nothing is known about it", k)
		}
	}
}

// mustBeAcknowledged are the kinds of requests that come often enough to have been answered
// among so many kills.
func mustBeAcknowledged() []kind {
	often := []kind{kindSignIn, kindRefresh}
	if *kills < 200 {
		return often
	}
	return append(often, kindMe, kindList, kindRace, kindReplay, kindLogout, kindBlacklist, kindRevoke, kindPassword)
}

// What the trial looks for it also finds: each mistake turns it red, and the same server
// without one does not.
func TestControlsTurnRed(t *testing.T) {
	const cycles = 60
	for _, name := range append(controlNames(), "") {
		t.Run("broken="+name, func(t *testing.T) {
			trial, err := bench.trial(t.Context(), seed(t), func(h *house) { h.composed, h.broken = true, name })
			if err != nil {
				t.Fatal(err)
			}
			defer trial.end()
			red := false
			for trial.cycle < cycles && !red {
				if err := trial.once(t.Context()); err != nil {
					t.Fatal(err)
				}
				red = len(trial.tally.losses()) > 0
				if name == "" && trial.cycle == cycles/3 {
					break
				}
			}
			t.Logf("cycle %d: %v", trial.cycle, trial.tally.verdict())
			if red != (name != "") {
				t.Errorf("after %d cycles: %v", trial.cycle, trial.tally.verdict())
			}
		})
	}
}

func TestForeignLock(t *testing.T) {
	const hold = 4 * time.Second
	if err := bench.tryForeignLock(t.Context(), seed(t), hold); err != nil {
		t.Error(err)
	}
}

// The limit stands in for the full disk where nothing can be mounted.
func TestFullDisk(t *testing.T) {
	t.Run("size limit", func(t *testing.T) {
		if err := bench.trySizeLimit(t.Context(), seed(t)); err != nil {
			t.Error(err)
		}
	})
	t.Run("small disk", func(t *testing.T) {
		err := bench.trySmallDisk(t.Context())
		if errors.Is(err, errNoMount) {
			t.Logf("%v; the size limit stands in", err)
			return
		}
		if err != nil {
			t.Error(err)
		}
	})
}

func TestReadOnly(t *testing.T) {
	if err := bench.tryReadOnly(t.Context(), seed(t)); err != nil {
		t.Error(err)
	}
}

func TestClockJumps(t *testing.T) {
	if err := bench.tryClock(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestMistakesInTheCall(t *testing.T) {
	for _, args := range [][]string{{"-broken", "nothing"}, {"-cycles", "many"}, {"-unknown"}} {
		if err := run(t.Context(), args, t.Output()); err == nil {
			t.Errorf("%q: no error", args)
		}
	}
}
