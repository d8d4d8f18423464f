package housekeeping_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"gatehouse/adapters/housekeeping"
	"gatehouse/application/upkeep"
	"gatehouse/domain"
)

// A house is what a keeper drives: what each task does is in the functions.
type house struct {
	mu                                                   sync.Mutex
	done                                                 []string
	sessions, failures, links, audit, optimize, transfer func(context.Context) (upkeep.HousekeepingResult, error)
	ready                                                func() (domain.Room, error)
	clock                                                func() time.Time
}

// now is the time of the test's bubble, unless something else is said.
func (h *house) now() time.Time {
	if h.clock == nil {
		return time.Now()
	}
	return h.clock()
}

// Execute is the readiness of the house, which is fine unless something else is said.
func (h *house) Execute(context.Context, upkeep.CheckReadinessQuery) (upkeep.CheckReadinessResult, error) {
	if h.ready == nil {
		return upkeep.CheckReadinessResult{Room: domain.RoomUnknown}, nil
	}
	room, err := h.ready()
	return upkeep.CheckReadinessResult{Room: room}, err
}

type step[In any] struct {
	house *house
	name  string
	do    *func(context.Context) (upkeep.HousekeepingResult, error)
}

func (s step[In]) Execute(ctx context.Context, _ In) (upkeep.HousekeepingResult, error) {
	s.house.mu.Lock()
	s.house.done = append(s.house.done, s.name)
	s.house.mu.Unlock()
	if *s.do == nil {
		return upkeep.HousekeepingResult{}, nil
	}
	return (*s.do)(ctx)
}

// keep runs a keeper of the house for so long, and returns what it has logged.
func (h *house) keep(t *testing.T, long time.Duration) []observer.LoggedEntry {
	t.Helper()
	core, logged := observer.New(zapcore.InfoLevel)
	keeper := housekeeping.New(housekeeping.UseCases{
		ForgetSessions:    step[upkeep.ForgetSessionsCommand]{h, "sessions", &h.sessions},
		ForgetFailures:    step[upkeep.ForgetFailuresCommand]{h, "failures", &h.failures},
		ForgetLinks:       step[upkeep.ForgetLinksCommand]{h, "links", &h.links},
		RetireAuditEvents: step[upkeep.RetireAuditEventsCommand]{h, "audit", &h.audit},
		OptimizeStore:     step[upkeep.OptimizeStoreCommand]{h, "optimize", &h.optimize},
		CheckpointStore:   step[upkeep.CheckpointStoreCommand]{h, "checkpoint", &h.transfer},
		CheckReadiness:    h,
	}, h.now, zap.New(core))
	ctx, cancel := context.WithTimeout(t.Context(), long)
	defer cancel()
	keeper.Run(ctx)
	return logged.TakeAll()
}

func (h *house) count(name string) int {
	return len(slices.DeleteFunc(slices.Clone(h.done), func(done string) bool { return done != name }))
}

func TestRounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &house{}
		if logged := h.keep(t, housekeeping.FirstRound-time.Millisecond); len(h.done)+len(logged) > 0 {
			t.Errorf("before the first round there are %v and %v", h.done, logged)
		}
		h.keep(t, housekeeping.FirstRound+time.Millisecond)
		if want := []string{"sessions", "failures", "links", "audit", "optimize", "checkpoint"}; !slices.Equal(h.done, want) {
			t.Errorf("the first round is %v, want %v", h.done, want)
		}
		h.done = nil
		h.keep(t, 2*time.Hour+time.Minute+time.Second)
		if h.count("sessions") != 3 || h.count("audit") != 3 || h.count("optimize") != 3 || h.count("checkpoint") != 3+121 {
			t.Errorf("in two hours and a minute there are %d, %d and %d rounds, and %d checkpoints",
				h.count("sessions"), h.count("audit"), h.count("optimize"), h.count("checkpoint"))
		}
	})
}

func TestWhatIsLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &house{audit: func(context.Context) (upkeep.HousekeepingResult, error) {
			return upkeep.HousekeepingResult{Count: 7, Took: 3 * time.Second}, nil
		}}
		logged := h.keep(t, housekeeping.FirstRound+time.Second)
		if len(logged) != 1 {
			t.Fatalf("logged is %v: want a line for the one task that did something", logged)
		}
		got := logged[0].ContextMap()
		if logged[0].Message != "housekeeping" || got["task"] != "retire_audit" || got["removed"] != int64(7) || got["took"] != 3*time.Second {
			t.Errorf("the line is %v", got)
		}
	})
}

// A failure is logged when it begins, when it becomes another, and when it is over; the
// other tasks go on.
func TestFailuresAreToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		attempt := 0
		h := &house{transfer: func(context.Context) (upkeep.HousekeepingResult, error) {
			attempt++
			switch {
			case attempt < 10:
				return upkeep.HousekeepingResult{}, errors.New("disk full")
			case attempt < 20:
				panic("out of luck")
			case attempt < 30:
				return upkeep.HousekeepingResult{}, errors.New("disk full")
			}
			return upkeep.HousekeepingResult{}, nil
		}}
		var lines []string
		for _, entry := range h.keep(t, time.Hour-time.Second) {
			problem, _ := entry.ContextMap()["error"].(string)
			lines = append(lines, entry.Level.String()+" "+problem)
		}
		want := []string{"error disk full", "error panic: out of luck", "error disk full", "info "}
		if !slices.Equal(lines, want) {
			t.Errorf("logged is %q, want %q", lines, want)
		}
		if h.count("sessions") != 1 || attempt != 60 {
			t.Errorf("%d rounds, %d checkpoints", h.count("sessions"), attempt)
		}
	})
}

// What was done before a failure is told as well.
func TestAFailureAfterSomeWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &house{sessions: func(context.Context) (upkeep.HousekeepingResult, error) {
			return upkeep.HousekeepingResult{Count: 50}, errors.New("disk full")
		}}
		if logged := h.keep(t, housekeeping.FirstRound+time.Second); len(logged) != 2 {
			t.Errorf("logged is %v, want what was done and what has failed", logged)
		}
	})
}

// A task that is stopped is no failure, and what would come after it is left.
func TestStopping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &house{sessions: func(ctx context.Context) (upkeep.HousekeepingResult, error) {
			<-ctx.Done()
			return upkeep.HousekeepingResult{}, ctx.Err()
		}}
		if logged := h.keep(t, housekeeping.FirstRound+time.Hour); len(logged) > 0 {
			t.Errorf("logged is %v", logged)
		}
		if !slices.Equal(h.done, []string{"sessions"}) {
			t.Errorf("done is %v, want nothing after what was stopped", h.done)
		}
	})
}
