package sessions_test

import (
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/sessions"
	"gatehouse/domain"
)

func TestListSessions(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	first := s.SignIn(1)
	s.Clock.Advance(time.Minute)
	second, over := s.SignIn(1), s.SignIn(1)
	theirs := s.SignIn(2)
	apptest.Execute(s, s.SignOut(), apptest.SignOutWith(over.Access))
	before := s.Contents()

	s.MustList(first.Access, s.IdOf(first.Access), s.IdOf(second.Access))
	s.MustList(second.Access, s.IdOf(first.Access), s.IdOf(second.Access))
	s.MustList(theirs.Access, s.IdOf(theirs.Access))
	got := apptest.Execute(s, s.ListSessions(), sessions.ListSessionsQuery{Token: first.Access})
	if want := s.SessionOf(second.Access); got.Sessions[1] != want {
		t.Errorf("the second session is %+v, want %+v", got.Sessions[1], want)
	}
	if got.Owner.Email != apptest.Person(1).Email {
		t.Errorf("the owner is %+v", got.Owner)
	}
	s.MustStillBe(before)
}

// An expired session is not listed, even if nobody has ended it.
func TestListSessionsPassesOver(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.Policy.IdleLifetime = 24 * time.Hour
	s.SignIn(1)
	s.Clock.Advance(24*time.Hour - time.Millisecond)
	second := s.SignIn(1)
	s.MustList(second.Access, "00000000000000000000000000000001", s.IdOf(second.Access))
	s.Clock.Advance(time.Millisecond)
	s.MustList(second.Access, s.IdOf(second.Access))
}

// A token of the shop's Django sees the sessions of its owner; it has one itself only after
// its refresh token was adopted.
func TestListSessionsForDjango(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	ours := s.SignIn(1)
	django := s.Django(domain.AccessToken, 1)
	s.MustList(django, s.IdOf(ours.Access))
	s.MustHaveSessions(1)
	adopted := apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(s.Django(domain.RefreshToken, 1))).Access
	s.MustList(django, s.IdOf(ours.Access), s.IdOf(adopted))
	s.MustList(adopted, s.IdOf(ours.Access), s.IdOf(adopted))
}

func TestListSessionsIsRefused(t *testing.T) {
	apptest.MustRefuseTokens(t, func(s *apptest.Shop, token domain.Token) error {
		got, err := s.ListSessions().Execute(t.Context(), sessions.ListSessionsQuery{Token: token})
		if len(got.Sessions) > 0 || got.Current != "" || got.Owner != (domain.Staff{}) {
			t.Errorf("refused, it returns %+v", got)
		}
		return err
	})
}
