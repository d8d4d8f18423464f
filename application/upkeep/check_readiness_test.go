package upkeep_test

import (
	"testing"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/upkeep"
	"gatehouse/domain"
)

// A store that can be written is not ready without room for what comes.
func TestCheckReadinessNeedsRoom(t *testing.T) {
	s := apptest.Open(t)
	room := domain.Room(64_000_000)
	s.Store.Room = func() domain.Room { return room }
	if got := apptest.Execute(s, s.CheckReadiness(), upkeep.CheckReadinessQuery{}); got.Room != room {
		t.Errorf("the room is %d, want %d", got.Room, room)
	}
	room--
	apptest.Refuse(s, s.CheckReadiness(), upkeep.CheckReadinessQuery{}, domain.ErrUnavailable)
	s.MustAudit()
}

func TestCheckReadiness(t *testing.T) {
	s := apptest.Open(t)
	apptest.Execute(s, s.CheckReadiness(), upkeep.CheckReadinessQuery{})
	s.BreakFrom(1)
	apptest.Refuse(s, s.CheckReadiness(), upkeep.CheckReadinessQuery{}, domain.ErrUnavailable)
	s.Repair()
	apptest.Execute(s, s.CheckReadiness(), upkeep.CheckReadinessQuery{})
	s.MustAudit()
}
