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

func TestUpkeepFails(t *testing.T) {
	s := apptest.Open(t)
	broken := &worn{Upkeep: &s.Store, shop: s, pages: 9, err: fmt.Errorf("disk full: %w", domain.ErrUnavailable)}
	_, checkpoint := upkeep.NewCheckpointStore(broken, s.Clock.Now).Execute(t.Context(), upkeep.CheckpointStoreCommand{})
	_, optimize := upkeep.NewOptimizeStore(broken, s.Clock.Now).Execute(t.Context(), upkeep.OptimizeStoreCommand{})
	if !errors.Is(checkpoint, domain.ErrUnavailable) || !errors.Is(optimize, domain.ErrUnavailable) {
		t.Errorf("checkpoint: %v, optimize: %v; want ErrUnavailable for both", checkpoint, optimize)
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
