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
	for _, one := range apptest.Execute(s, s.ListStaffSessions(), sessions.ListStaffSessionsQuery{}) {
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
	got, err := s.ListStaffSessions().Execute(t.Context(), sessions.ListStaffSessionsQuery{Email: apptest.Address(9)})
	if !errors.Is(err, domain.ErrStaffNotFound) || got != nil {
		t.Errorf("the result is %+v, %v; want ErrStaffNotFound alone", got, err)
	}
}

func TestRevokeStaffSession(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	pair, other, theirs := s.SignIn(1), s.SignIn(1), s.SignIn(2)
	session := s.SessionOf(pair.Access)
	end := sessions.RevokeStaffSessionCommand{Session: session.ID, Client: porttest.Client()}
	s.SkipAudit()
	s.Clock.Advance(time.Minute)

	if !apptest.Execute(s, s.RevokeStaffSession(), end).Changed {
		t.Error("nothing has changed")
	}
	s.MustAudit(apptest.SessionEvent(domain.EventSessionEnd, 1, session.ID, domain.ReasonByOperator))
	session.End(domain.EndRevoked, s.Clock.Now())
	if got := s.SessionOf(pair.Access); got != session {
		t.Errorf("the session is %+v, want %+v", got, session)
	}
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh), domain.ErrSessionEnded)
	s.MustAccess(pair.Access, domain.ErrSessionEnded)
	s.MustAccess(other.Access, nil)
	s.MustAccess(theirs.Access, nil)

	before := s.Contents()
	if apptest.Execute(s, s.RevokeStaffSession(), end).Changed {
		t.Error("what was over has changed")
	}
	s.MustStillBe(before)
}

func TestRevokeStaffSessionThatIsNot(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	pair := s.SignIn(1)
	before := s.Contents()
	for _, session := range []domain.SessionID{"", "0123", domain.SessionID(s.Claims(pair.Refresh).ID)} {
		apptest.Refuse(s, s.RevokeStaffSession(), sessions.RevokeStaffSessionCommand{Session: session}, domain.ErrSessionNotFound)
	}
	s.MustStillBe(before)
}

func TestRevokeStaffSessions(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	first, second, theirs := s.SignIn(1), s.SignIn(1), s.SignIn(2)
	django, djangoAccess := s.Django(domain.RefreshToken, 1), s.Django(domain.AccessToken, 1)
	s.SkipAudit()
	s.Clock.Advance(time.Minute)

	got := apptest.Execute(s, s.RevokeStaffSessions(), sessions.RevokeStaffSessionsCommand{Email: "PERSON1@example.test", Client: porttest.Client()})
	if got.Ended != 2 || got.Staff != s.Staff(1) || !got.Staff.SessionsEndedAt.Equal(s.Clock.Now()) {
		t.Errorf("the result is %+v, want 2 sessions of person 1", got)
	}
	s.MustAudit(
		apptest.SessionEvent(domain.EventSessionEnd, 1, s.IdOf(first.Access), domain.ReasonByOperator),
		apptest.SessionEvent(domain.EventSessionEnd, 1, s.IdOf(second.Access), domain.ReasonByOperator),
		apptest.SessionEvent(domain.EventStaffSessions, 1, "", ""),
	)
	for _, token := range []domain.Token{first.Refresh, second.Refresh, django} {
		apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(token), domain.ErrSessionEnded)
	}
	s.MustHaveEnded(first.Access, domain.EndRevoked)
	s.MustHaveEnded(second.Access, domain.EndRevoked)
	s.MustAccess(djangoAccess, domain.ErrSessionEnded)
	s.MustAccess(theirs.Access, nil)
	s.MustAccess(s.SignIn(1).Access, nil) // the account stays open
}

// Without a session there may still be tokens of the shop's Django.
func TestRevokeStaffSessionsWithoutAny(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	command := sessions.RevokeStaffSessionsCommand{Email: apptest.Address(1), Client: porttest.Client()}
	if got := apptest.Execute(s, s.RevokeStaffSessions(), command); got.Ended != 0 {
		t.Errorf("%d sessions were ended", got.Ended)
	}
	s.MustAudit(apptest.SessionEvent(domain.EventStaffSessions, 1, "", ""))
	s.MustAccess(s.Django(domain.AccessToken, 1), domain.ErrSessionEnded)
	s.MustHaveSessions(0)
	before := s.Contents()
	apptest.Refuse(s, s.RevokeStaffSessions(), sessions.RevokeStaffSessionsCommand{Email: apptest.Address(9)}, domain.ErrStaffNotFound)
	s.MustStillBe(before)
}
