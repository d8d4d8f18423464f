package upkeep_test

import (
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/upkeep"
	"gatehouse/ports"
)

func TestOptimizeStore(t *testing.T) {
	s := apptest.Open(t)
	began := s.Clock.Now()
	got := apptest.Execute(s, upkeep.NewOptimizeStore(&worn{Upkeep: &s.Store, shop: s, tables: 2}, s.Clock.Now), upkeep.OptimizeStoreCommand{})
	if want := (upkeep.HousekeepingResult{Count: 2, Took: time.Second}); got != want {
		t.Errorf("the result is %+v, want %+v", got, want)
	}
	s.MustNote(ports.TaskOptimize, &ports.HousekeepingRun{Task: ports.TaskOptimize, At: began, Took: time.Second})
}
