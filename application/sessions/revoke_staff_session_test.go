package sessions_test

import (
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/sessions"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestRevokeStaffSession(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	pair, other, theirs := s.SignIn(1), s.SignIn(1), s.SignIn(2)
	session := s.SessionOf(pair.Access)
	end := sessions.RevokeStaffSessionCommand{Session: session.ID, Client: porttest.Operator()}
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
		apptest.Refuse(s, s.RevokeStaffSession(), sessions.RevokeStaffSessionCommand{Session: session, Client: porttest.Operator()}, domain.ErrSessionNotFound)
	}
	s.MustStillBe(before)
}
