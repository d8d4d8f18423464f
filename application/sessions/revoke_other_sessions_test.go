package sessions_test

import (
	"testing"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/sessions"
	"gatehouse/domain"
)

func TestRevokeOtherSessions(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	mine, second, third, theirs := s.SignIn(1), s.SignIn(1), s.SignIn(1), s.SignIn(2)
	django := s.Django(domain.RefreshToken, 1)
	adopted := apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(django)).Access
	s.SkipAudit()

	if got := apptest.Execute(s, s.RevokeOtherSessions(), apptest.RevokeOthersThan(mine.Access)).Ended; got != 3 {
		t.Errorf("%d sessions were ended, want 3", got)
	}
	s.MustAudit(
		apptest.SessionEvent(domain.EventSessionEnd, 1, s.IdOf(second.Access), domain.ReasonByOwner),
		apptest.SessionEvent(domain.EventSessionEnd, 1, s.IdOf(third.Access), domain.ReasonByOwner),
		apptest.SessionEvent(domain.EventSessionEnd, 1, s.IdOf(adopted), domain.ReasonByOwner),
	)
	for _, token := range []domain.Token{second.Refresh, third.Refresh, django} {
		s.MustHaveEnded(token, domain.EndRevoked)
		apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(token), domain.ErrSessionEnded)
	}
	s.MustList(mine.Access, s.IdOf(mine.Access))
	s.MustAccess(theirs.Access, nil)
	s.SkipAudit()
	if got := apptest.Execute(s, s.RevokeOtherSessions(), apptest.RevokeOthersThan(mine.Access)).Ended; got != 0 {
		t.Errorf("%d sessions were ended by asking again", got)
	}
	s.MustAudit()
}

func TestRevokeOtherSessionsIsRefused(t *testing.T) {
	apptest.MustRefuseTokens(t, func(s *apptest.Shop, token domain.Token) error {
		got, err := s.RevokeOtherSessions().Execute(t.Context(), apptest.RevokeOthersThan(token))
		if got != (sessions.RevokeOtherSessionsResult{}) {
			t.Errorf("refused, it returns %+v", got)
		}
		return err
	})
}
