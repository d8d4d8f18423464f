package sessions_test

import (
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/sessions"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestRevokeStaffSessions(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	first, second, theirs := s.SignIn(1), s.SignIn(1), s.SignIn(2)
	django, djangoAccess := s.Django(domain.RefreshToken, 1), s.Django(domain.AccessToken, 1)
	s.SkipAudit()
	s.Clock.Advance(time.Minute)

	got := apptest.Execute(s, s.RevokeStaffSessions(), sessions.RevokeStaffSessionsCommand{Email: "PERSON1@example.test", Client: porttest.Operator()})
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
	command := sessions.RevokeStaffSessionsCommand{Email: apptest.Address(1), Client: porttest.Operator()}
	if got := apptest.Execute(s, s.RevokeStaffSessions(), command); got.Ended != 0 {
		t.Errorf("%d sessions were ended", got.Ended)
	}
	s.MustAudit(apptest.SessionEvent(domain.EventStaffSessions, 1, "", ""))
	s.MustAccess(s.Django(domain.AccessToken, 1), domain.ErrSessionEnded)
	s.MustHaveSessions(0)
	before := s.Contents()
	apptest.Refuse(s, s.RevokeStaffSessions(), sessions.RevokeStaffSessionsCommand{Email: apptest.Address(9), Client: porttest.Operator()}, domain.ErrStaffNotFound)
	s.MustStillBe(before)
}
