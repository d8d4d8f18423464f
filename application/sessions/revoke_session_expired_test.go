package sessions_test

import (
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/sessions"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

// An expired session is not counted among those that were ended.
func TestExpiredSessionsAreNotEnded(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.Policy.IdleLifetime = time.Hour
	old := s.SignIn(1)
	s.Clock.Advance(time.Hour)
	ours := s.SignIn(1)

	if got := apptest.Execute(s, s.RevokeOtherSessions(), apptest.RevokeOthersThan(ours.Access)); got.Ended != 0 {
		t.Errorf("%d sessions have ended, want none", got.Ended)
	}
	apptest.Refuse(s, s.RevokeSession(), apptest.Revoke(ours.Access, s.IdOf(old.Access)), domain.ErrNotYourSession)
	if got := apptest.Execute(s, s.RevokeStaffSessions(), sessions.RevokeStaffSessionsCommand{Email: apptest.Address(1), Client: porttest.Operator()}); got.Ended != 1 {
		t.Errorf("%d sessions have ended, want ours", got.Ended)
	}
	s.MustHaveEnded(old.Refresh, "")
}

// A change that was rolled back must not be reported.
func TestUndoneSessionsAreNotTold(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	pair := s.SignIn(1)
	for calls := range 12 {
		s.Front = &apptest.Faulty{Store: &s.Store, Calls: calls}
		if got, err := s.RevokeSession().Execute(t.Context(), apptest.Revoke(pair.Access, s.IdOf(pair.Access))); err != nil && got.Own {
			t.Fatalf("after %d calls: %+v beside %v", calls, got, err)
		} else if err == nil {
			return
		}
	}
	t.Error("it never succeeds")
}
