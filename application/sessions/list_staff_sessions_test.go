package sessions_test

import (
	"errors"
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/sessions"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestListStaffSessions(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2), apptest.Person(3), apptest.Person(4))
	second := s.SignIn(2)
	s.Clock.Advance(time.Minute)
	first, over, again := s.SignIn(1), s.SignIn(1), s.SignIn(2)
	apptest.Execute(s, s.SignOut(), apptest.SignOutWith(over.Access))
	s.SignIn(4)
	s.Change(4, apptest.Inactive)

	s.MustListForOperator("", s.IdOf(first.Access), s.IdOf(second.Access), s.IdOf(again.Access))
	s.MustListForOperator("PERSON2@example.test", s.IdOf(second.Access), s.IdOf(again.Access))
	s.MustListForOperator(apptest.Address(3))
	s.MustListForOperator(apptest.Address(4))
	for _, one := range apptest.Execute(s, s.ListStaffSessions(), sessions.ListStaffSessionsQuery{Client: porttest.Operator()}) {
		if one.Staff != s.Staff(map[domain.StaffID]int{apptest.Id(1): 1, apptest.Id(2): 2}[one.Session.StaffID]) {
			t.Errorf("session %s is shown as that of %s", one.Session.ID, one.Staff.Email)
		}
	}
	s.Clock.Advance(s.Policy.SessionLifetime - time.Minute)
	s.MustListForOperator("", s.IdOf(first.Access), s.IdOf(again.Access)) // the time of the other is over
}

func TestListStaffSessionsOfNobody(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.SignIn(1)
	got, err := s.ListStaffSessions().Execute(t.Context(), sessions.ListStaffSessionsQuery{Client: porttest.Operator(), Email: apptest.Address(9)})
	if !errors.Is(err, domain.ErrStaffNotFound) || got != nil {
		t.Errorf("the result is %+v, %v; want ErrStaffNotFound alone", got, err)
	}
}
