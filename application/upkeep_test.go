package application_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
)

// A worn upkeep has so many pages to move and tables to look over, which takes a second.
type worn struct {
	ports.Upkeep
	shop          *shop
	pages, tables int
	err           error
}

func (w *worn) Checkpoint(context.Context) (int, error) {
	w.shop.clock.Advance(time.Second)
	return w.pages, w.err
}

func (w *worn) Optimize(context.Context) (int, error) {
	w.shop.clock.Advance(time.Second)
	return w.tables, w.err
}

func TestCheckpointStore(t *testing.T) {
	s := open(t)
	tired := &worn{Upkeep: &s.store, shop: s, pages: 3}
	began := s.clock.Now()
	got := execute(s, application.NewCheckpointStore(tired, s.clock.Now), application.CheckpointStoreCommand{})
	if want := (application.HousekeepingResult{Count: 3, Took: time.Second}); got != want {
		t.Errorf("the result is %+v, want %+v", got, want)
	}
	s.mustNote(ports.TaskCheckpoint, &ports.HousekeepingRun{Task: ports.TaskCheckpoint, At: began, Took: time.Second})
}

// Else each note would be the reason for the next.
func TestACheckpointOfItsOwnNoteIsNotNoted(t *testing.T) {
	s := open(t)
	for pages := range 3 {
		tired := &worn{Upkeep: &s.store, shop: s, pages: pages}
		if got := execute(s, application.NewCheckpointStore(tired, s.clock.Now), application.CheckpointStoreCommand{}); got.Count != 0 {
			t.Errorf("%d pages are told as %d", pages, got.Count)
		}
	}
	s.mustNote(ports.TaskCheckpoint, nil)
}

func TestOptimizeStore(t *testing.T) {
	s := open(t)
	began := s.clock.Now()
	got := execute(s, application.NewOptimizeStore(&worn{Upkeep: &s.store, shop: s, tables: 2}, s.clock.Now), application.OptimizeStoreCommand{})
	if want := (application.HousekeepingResult{Count: 2, Took: time.Second}); got != want {
		t.Errorf("the result is %+v, want %+v", got, want)
	}
	s.mustNote(ports.TaskOptimize, &ports.HousekeepingRun{Task: ports.TaskOptimize, At: began, Took: time.Second})
}

func TestUpkeepFails(t *testing.T) {
	s := open(t)
	broken := &worn{Upkeep: &s.store, shop: s, pages: 9, err: fmt.Errorf("disk full: %w", domain.ErrUnavailable)}
	for name, err := range map[string]error{
		"checkpoint": failure(application.NewCheckpointStore(broken, s.clock.Now).Execute(t.Context(), application.CheckpointStoreCommand{})),
		"optimize":   failure(application.NewOptimizeStore(broken, s.clock.Now).Execute(t.Context(), application.OptimizeStoreCommand{})),
	} {
		if !errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.mustNote(ports.TaskCheckpoint, nil)
	s.mustNote(ports.TaskOptimize, nil)
}

// A clock that is put back meanwhile makes no negative time.
func TestTookIsNeverNegative(t *testing.T) {
	s := open(t)
	times := []time.Time{s.clock.Now(), s.clock.Now().Add(-time.Hour)}
	clock := func() (now time.Time) { now, times = times[0], times[1:]; return now }
	got := execute(s, application.NewOptimizeStore(&s.store, clock), application.OptimizeStoreCommand{})
	if got.Took != 0 {
		t.Errorf("it took %v", got.Took)
	}
}
