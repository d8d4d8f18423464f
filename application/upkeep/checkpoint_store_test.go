package upkeep_test

import (
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/upkeep"
	"gatehouse/ports"
)

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
