package upkeep_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/upkeep"
	"gatehouse/domain"
	"gatehouse/ports"
)

// A worn upkeep has so many pages to move and tables to look over, which takes a second.
type worn struct {
	ports.Upkeep
	shop          *apptest.Shop
	pages, tables int
	err           error
}

func (w *worn) Checkpoint(context.Context) (int, error) {
	w.shop.Clock.Advance(time.Second)
	return w.pages, w.err
}

func (w *worn) Optimize(context.Context) (int, error) {
	w.shop.Clock.Advance(time.Second)
	return w.tables, w.err
}

func TestCheckpointStore(t *testing.T) {
	s := apptest.Open(t)
	tired := &worn{Upkeep: &s.Store, shop: s, pages: 3}
	began := s.Clock.Now()
	got := apptest.Execute(s, upkeep.NewCheckpointStore(tired, s.Clock.Now), upkeep.CheckpointStoreCommand{})
	if want := (upkeep.HousekeepingResult{Count: 3, Took: time.Second}); got != want {
		t.Errorf("the result is %+v, want %+v", got, want)
	}
	s.MustNote(ports.TaskCheckpoint, &ports.HousekeepingRun{Task: ports.TaskCheckpoint, At: began, Took: time.Second})
}

// Else each note would be the reason for the next.
func TestACheckpointOfItsOwnNoteIsNotNoted(t *testing.T) {
	s := apptest.Open(t)
	for pages := range 3 {
		tired := &worn{Upkeep: &s.Store, shop: s, pages: pages}
		if got := apptest.Execute(s, upkeep.NewCheckpointStore(tired, s.Clock.Now), upkeep.CheckpointStoreCommand{}); got.Count != 0 {
			t.Errorf("%d pages are told as %d", pages, got.Count)
		}
	}
	s.MustNote(ports.TaskCheckpoint, nil)
}

func TestOptimizeStore(t *testing.T) {
	s := apptest.Open(t)
	began := s.Clock.Now()
	got := apptest.Execute(s, upkeep.NewOptimizeStore(&worn{Upkeep: &s.Store, shop: s, tables: 2}, s.Clock.Now), upkeep.OptimizeStoreCommand{})
	if want := (upkeep.HousekeepingResult{Count: 2, Took: time.Second}); got != want {
		t.Errorf("the result is %+v, want %+v", got, want)
	}
	s.MustNote(ports.TaskOptimize, &ports.HousekeepingRun{Task: ports.TaskOptimize, At: began, Took: time.Second})
}

func TestUpkeepFails(t *testing.T) {
	s := apptest.Open(t)
	broken := &worn{Upkeep: &s.Store, shop: s, pages: 9, err: fmt.Errorf("disk full: %w", domain.ErrUnavailable)}
	for name, err := range map[string]error{
		"checkpoint": apptest.Failure(upkeep.NewCheckpointStore(broken, s.Clock.Now).Execute(t.Context(), upkeep.CheckpointStoreCommand{})),
		"optimize":   apptest.Failure(upkeep.NewOptimizeStore(broken, s.Clock.Now).Execute(t.Context(), upkeep.OptimizeStoreCommand{})),
	} {
		if !errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.MustNote(ports.TaskCheckpoint, nil)
	s.MustNote(ports.TaskOptimize, nil)
}

// A clock that is put back meanwhile makes no negative time.
func TestTookIsNeverNegative(t *testing.T) {
	s := apptest.Open(t)
	times := []time.Time{s.Clock.Now(), s.Clock.Now().Add(-time.Hour)}
	clock := func() (now time.Time) { now, times = times[0], times[1:]; return now }
	got := apptest.Execute(s, upkeep.NewOptimizeStore(&s.Store, clock), upkeep.OptimizeStoreCommand{})
	if got.Took != 0 {
		t.Errorf("it took %v", got.Took)
	}
}
