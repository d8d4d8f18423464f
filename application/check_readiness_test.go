package application_test

import (
	"testing"

	"gatehouse/application"
	"gatehouse/domain"
)

// A store that can be written is not ready without room for what comes.
func TestCheckReadinessNeedsRoom(t *testing.T) {
	s := open(t)
	room := domain.Room(64_000_000)
	s.store.Room = func() domain.Room { return room }
	if got := execute(s, s.checkReadiness(), application.CheckReadinessQuery{}); got.Room != room {
		t.Errorf("the room is %d, want %d", got.Room, room)
	}
	room--
	refuse(s, s.checkReadiness(), application.CheckReadinessQuery{}, domain.ErrUnavailable)
	s.mustAudit()
}

func TestCheckReadiness(t *testing.T) {
	s := open(t)
	execute(s, s.checkReadiness(), application.CheckReadinessQuery{})
	s.breakFrom(1)
	refuse(s, s.checkReadiness(), application.CheckReadinessQuery{}, domain.ErrUnavailable)
	s.repair()
	execute(s, s.checkReadiness(), application.CheckReadinessQuery{})
	s.mustAudit()
}
