package application_test

import (
	"errors"
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestListStaffSessions(t *testing.T) {
	s := open(t, person(1), person(2), person(3), person(4))
	second := s.signIn(2)
	s.clock.Advance(time.Minute)
	first, over, again := s.signIn(1), s.signIn(1), s.signIn(2)
	execute(s, s.signOut(), signOutWith(over.Access))
	s.signIn(4)
	s.change(4, inactive)

	s.mustListForOperator("", s.idOf(first.Access), s.idOf(second.Access), s.idOf(again.Access))
	s.mustListForOperator("PERSON2@example.test", s.idOf(second.Access), s.idOf(again.Access))
	s.mustListForOperator(address(3))
	s.mustListForOperator(address(4))
	for _, one := range execute(s, s.listStaffSessions(), application.ListStaffSessionsQuery{}) {
		if one.Staff != s.staff(map[domain.StaffID]int{id(1): 1, id(2): 2}[one.Session.StaffID]) {
			t.Errorf("session %s is shown as that of %s", one.Session.ID, one.Staff.Email)
		}
	}
	s.clock.Advance(s.policy.SessionLifetime - time.Minute)
	s.mustListForOperator("", s.idOf(first.Access), s.idOf(again.Access)) // the time of the other is over
}

func TestListStaffSessionsOfNobody(t *testing.T) {
	s := open(t, person(1))
	s.signIn(1)
	got, err := s.listStaffSessions().Execute(t.Context(), application.ListStaffSessionsQuery{Email: address(9)})
	if !errors.Is(err, domain.ErrStaffNotFound) || got != nil {
		t.Errorf("the result is %+v, %v; want ErrStaffNotFound alone", got, err)
	}
}

func TestEndSession(t *testing.T) {
	s := open(t, person(1), person(2))
	pair, other, theirs := s.signIn(1), s.signIn(1), s.signIn(2)
	session := s.sessionOf(pair.Access)
	end := application.EndSessionCommand{Session: session.ID, Client: porttest.Client()}
	s.skipAudit()
	s.clock.Advance(time.Minute)

	if !execute(s, s.endSession(), end).Changed {
		t.Error("nothing has changed")
	}
	s.mustAudit(sessionEvent(domain.EventSessionEnd, 1, session.ID, domain.ReasonByOperator))
	session.End(domain.EndRevoked, s.clock.Now())
	if got := s.sessionOf(pair.Access); got != session {
		t.Errorf("the session is %+v, want %+v", got, session)
	}
	refuse(s, s.refreshAccess(), refreshWith(pair.Refresh), domain.ErrSessionEnded)
	s.mustAccess(pair.Access, domain.ErrSessionEnded)
	s.mustAccess(other.Access, nil)
	s.mustAccess(theirs.Access, nil)

	before := s.contents()
	if execute(s, s.endSession(), end).Changed {
		t.Error("what was over has changed")
	}
	s.mustStillBe(before)
}

func TestEndSessionThatIsNot(t *testing.T) {
	s := open(t, person(1))
	pair := s.signIn(1)
	before := s.contents()
	for _, session := range []domain.SessionID{"", "0123", domain.SessionID(s.claims(pair.Refresh).ID)} {
		refuse(s, s.endSession(), application.EndSessionCommand{Session: session}, domain.ErrSessionNotFound)
	}
	s.mustStillBe(before)
}

func TestEndStaffSessions(t *testing.T) {
	s := open(t, person(1), person(2))
	first, second, theirs := s.signIn(1), s.signIn(1), s.signIn(2)
	django, djangoAccess := s.django(domain.RefreshToken, 1), s.django(domain.AccessToken, 1)
	s.skipAudit()
	s.clock.Advance(time.Minute)

	got := execute(s, s.endStaffSessions(), application.EndStaffSessionsCommand{Email: "PERSON1@example.test", Client: porttest.Client()})
	if got.Ended != 2 || got.Staff != s.staff(1) || !got.Staff.SessionsEndedAt.Equal(s.clock.Now()) {
		t.Errorf("the result is %+v, want 2 sessions of person 1", got)
	}
	s.mustAudit(
		sessionEvent(domain.EventSessionEnd, 1, s.idOf(first.Access), domain.ReasonByOperator),
		sessionEvent(domain.EventSessionEnd, 1, s.idOf(second.Access), domain.ReasonByOperator),
		sessionEvent(domain.EventStaffSessions, 1, "", ""),
	)
	for _, token := range []domain.Token{first.Refresh, second.Refresh, django} {
		refuse(s, s.refreshAccess(), refreshWith(token), domain.ErrSessionEnded)
	}
	s.mustHaveEnded(first.Access, domain.EndRevoked)
	s.mustHaveEnded(second.Access, domain.EndRevoked)
	s.mustAccess(djangoAccess, domain.ErrSessionEnded)
	s.mustAccess(theirs.Access, nil)
	s.mustAccess(s.signIn(1).Access, nil) // the account stays open
}

// Without a session there may still be tokens of the shop's Django.
func TestEndStaffSessionsWithoutAny(t *testing.T) {
	s := open(t, person(1))
	command := application.EndStaffSessionsCommand{Email: address(1), Client: porttest.Client()}
	if got := execute(s, s.endStaffSessions(), command); got.Ended != 0 {
		t.Errorf("%d sessions were ended", got.Ended)
	}
	s.mustAudit(sessionEvent(domain.EventStaffSessions, 1, "", ""))
	s.mustAccess(s.django(domain.AccessToken, 1), domain.ErrSessionEnded)
	s.mustHaveSessions(0)
	before := s.contents()
	refuse(s, s.endStaffSessions(), application.EndStaffSessionsCommand{Email: address(9)}, domain.ErrStaffNotFound)
	s.mustStillBe(before)
}
