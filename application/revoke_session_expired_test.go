package application_test

import (
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
)

// A session whose time is over is in no list, and nobody is told that it was ended.
func TestExpiredSessionsAreNotEnded(t *testing.T) {
	s := open(t, person(1))
	s.policy.IdleLifetime = time.Hour
	old := s.signIn(1)
	s.clock.Advance(time.Hour)
	ours := s.signIn(1)

	if got := execute(s, s.revokeOthers(), revokeOthersThan(ours.Access)); got.Ended != 0 {
		t.Errorf("%d sessions have ended, want none", got.Ended)
	}
	refuse(s, s.revokeSession(), revoke(ours.Access, s.idOf(old.Access)), domain.ErrNotYourSession)
	if got := execute(s, s.endStaffSessions(), application.EndStaffSessionsCommand{Email: address(1)}); got.Ended != 1 {
		t.Errorf("%d sessions have ended, want ours", got.Ended)
	}
	s.mustHaveEnded(old.Refresh, "")
}

// What was undone must not be told.
func TestUndoneSessionsAreNotTold(t *testing.T) {
	s := open(t, person(1))
	pair := s.signIn(1)
	for calls := range 12 {
		s.front = &faulty{Store: &s.store, calls: calls}
		if got, err := s.revokeSession().Execute(t.Context(), revoke(pair.Access, s.idOf(pair.Access))); err != nil && got.Own {
			t.Fatalf("after %d calls: %+v beside %v", calls, got, err)
		} else if err == nil {
			return
		}
	}
	t.Error("it never succeeds")
}
