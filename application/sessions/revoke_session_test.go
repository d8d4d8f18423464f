package sessions_test

import (
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/domain"
)

func TestRevokeSession(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	mine, lost, third := s.SignIn(1), s.SignIn(1), s.SignIn(1)
	ended := s.SessionOf(lost.Access)
	s.SkipAudit()
	s.Clock.Advance(time.Minute)

	if got := apptest.Execute(s, s.RevokeSession(), apptest.Revoke(mine.Access, ended.ID)); got.Own {
		t.Error("another session counts as the own one")
	}
	s.MustAudit(apptest.SessionEvent(domain.EventSessionEnd, 1, ended.ID, domain.ReasonByOwner))
	ended.End(domain.EndRevoked, s.Clock.Now())
	if got := s.SessionOf(lost.Access); got != ended {
		t.Errorf("the session is %+v, want %+v", got, ended)
	}
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(lost.Refresh), domain.ErrSessionEnded)
	s.MustAccess(lost.Access, domain.ErrSessionEnded)
	s.MustAccess(third.Access, nil)
	s.MustList(mine.Access, s.IdOf(mine.Access), s.IdOf(third.Access))
}

func TestRevokeTheOwnSession(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	mine, other := s.SignIn(1), s.SignIn(1)
	s.SkipAudit()
	if got := apptest.Execute(s, s.RevokeSession(), apptest.Revoke(mine.Access, s.IdOf(mine.Access))); !got.Own {
		t.Error("the own session does not count as such")
	}
	s.MustAudit(apptest.SessionEvent(domain.EventSessionEnd, 1, s.IdOf(mine.Access), domain.ReasonByOwner))
	s.MustAccess(mine.Access, domain.ErrSessionEnded)
	apptest.Refuse(s, s.RevokeSession(), apptest.Revoke(mine.Access, s.IdOf(other.Access)), domain.ErrSessionEnded)
	s.MustAccess(other.Access, nil)
}

// The id of another person's session is answered like one that does not exist, and changes nothing.
func TestRevokeSessionOfSomebodyElse(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	mine, theirs, over := s.SignIn(1), s.SignIn(2), s.SignIn(1)
	apptest.Execute(s, s.SignOut(), apptest.SignOutWith(over.Access))
	before := s.Contents()
	for name, session := range map[string]domain.SessionID{
		"another person's": s.IdOf(theirs.Access),
		"nobody's":         "00000000000000000000000000000063",
		"over already":     s.IdOf(over.Access),
		"none":             "",
		"a token's id":     domain.SessionID(s.Claims(mine.Refresh).ID),
	} {
		t.Run(name, func(*testing.T) {
			apptest.Refuse(s, s.RevokeSession(), apptest.Revoke(mine.Access, session), domain.ErrNotYourSession)
			apptest.Refuse(s, s.RevokeSession(), apptest.Revoke(s.Django(domain.AccessToken, 1), session), domain.ErrNotYourSession)
		})
	}
	s.MustStillBe(before)
	s.MustAccess(theirs.Access, nil)
	s.MustAccess(mine.Access, nil)
}

// A token of the shop's Django may end any session of its owner.
func TestRevokeSessionForDjango(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	ours := s.SignIn(1)
	django := s.Django(domain.RefreshToken, 1)
	adopted := apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(django)).Access
	for _, token := range []domain.Token{ours.Access, adopted} {
		if apptest.Execute(s, s.RevokeSession(), apptest.Revoke(s.Django(domain.AccessToken, 1), s.IdOf(token))).Own {
			t.Error("the session counts as that of Django's access token")
		}
		s.MustAccess(token, domain.ErrSessionEnded)
	}
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(django), domain.ErrSessionEnded)
}

func TestRevokeSessionIsRefused(t *testing.T) {
	apptest.MustRefuseTokens(t, func(s *apptest.Shop, token domain.Token) error {
		return apptest.Failure(s.RevokeSession().Execute(t.Context(), apptest.Revoke(token, "00000000000000000000000000000001")))
	})
}
