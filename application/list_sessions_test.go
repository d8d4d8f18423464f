package application_test

import (
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
)

func TestListSessions(t *testing.T) {
	s := open(t, person(1), person(2))
	first := s.signIn(1)
	s.clock.Advance(time.Minute)
	second, over := s.signIn(1), s.signIn(1)
	theirs := s.signIn(2)
	execute(s, s.signOut(), signOutWith(over.Access))
	before := s.contents()

	s.mustList(first.Access, s.idOf(first.Access), s.idOf(second.Access))
	s.mustList(second.Access, s.idOf(first.Access), s.idOf(second.Access))
	s.mustList(theirs.Access, s.idOf(theirs.Access))
	got := execute(s, s.listSessions(), application.ListSessionsQuery{Token: first.Access})
	if want := s.sessionOf(second.Access); got.Sessions[1] != want {
		t.Errorf("the second session is %+v, want %+v", got.Sessions[1], want)
	}
	if got.Owner.Email != person(1).Email {
		t.Errorf("the owner is %+v", got.Owner)
	}
	s.mustStillBe(before)
}

// A session whose time is over is not shown, though nobody has ended it.
func TestListSessionsPassesOver(t *testing.T) {
	s := open(t, person(1))
	s.policy.IdleLifetime = 24 * time.Hour
	s.signIn(1)
	s.clock.Advance(24*time.Hour - time.Millisecond)
	second := s.signIn(1)
	s.mustList(second.Access, "00000000000000000000000000000001", s.idOf(second.Access))
	s.clock.Advance(time.Millisecond)
	s.mustList(second.Access, s.idOf(second.Access))
}

// A token of the shop's Django sees the sessions of its owner; it has one itself only after
// its refresh token was adopted.
func TestListSessionsForDjango(t *testing.T) {
	s := open(t, person(1))
	ours := s.signIn(1)
	django := s.django(domain.AccessToken, 1)
	s.mustList(django, s.idOf(ours.Access))
	s.mustHaveSessions(1)
	adopted := execute(s, s.refreshAccess(), refreshWith(s.django(domain.RefreshToken, 1))).Access
	s.mustList(django, s.idOf(ours.Access), s.idOf(adopted))
	s.mustList(adopted, s.idOf(ours.Access), s.idOf(adopted))
}

func TestListSessionsIsRefused(t *testing.T) {
	mustRefuseTokens(t, func(s *shop, token domain.Token) error {
		got, err := s.listSessions().Execute(t.Context(), application.ListSessionsQuery{Token: token})
		if len(got.Sessions) > 0 || got.Current != "" || got.Owner != (domain.Staff{}) {
			t.Errorf("refused, it returns %+v", got)
		}
		return err
	})
}
