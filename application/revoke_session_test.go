package application_test

import (
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
)

func TestRevokeSession(t *testing.T) {
	s := open(t, person(1))
	mine, lost, third := s.signIn(1), s.signIn(1), s.signIn(1)
	ended := s.sessionOf(lost.Access)
	s.skipAudit()
	s.clock.Advance(time.Minute)

	if got := execute(s, s.revokeSession(), revoke(mine.Access, ended.ID)); got.Own {
		t.Error("another session counts as the own one")
	}
	s.mustAudit(sessionEvent(domain.EventSessionEnd, 1, ended.ID, domain.ReasonByOwner))
	ended.End(domain.EndRevoked, s.clock.Now())
	if got := s.sessionOf(lost.Access); got != ended {
		t.Errorf("the session is %+v, want %+v", got, ended)
	}
	refuse(s, s.refreshAccess(), refreshWith(lost.Refresh), domain.ErrSessionEnded)
	s.mustAccess(lost.Access, domain.ErrSessionEnded)
	s.mustAccess(third.Access, nil)
	s.mustList(mine.Access, s.idOf(mine.Access), s.idOf(third.Access))
}

func TestRevokeTheOwnSession(t *testing.T) {
	s := open(t, person(1))
	mine, other := s.signIn(1), s.signIn(1)
	s.skipAudit()
	if got := execute(s, s.revokeSession(), revoke(mine.Access, s.idOf(mine.Access))); !got.Own {
		t.Error("the own session does not count as such")
	}
	s.mustAudit(sessionEvent(domain.EventSessionEnd, 1, s.idOf(mine.Access), domain.ReasonByOwner))
	s.mustAccess(mine.Access, domain.ErrSessionEnded)
	refuse(s, s.revokeSession(), revoke(mine.Access, s.idOf(other.Access)), domain.ErrSessionEnded)
	s.mustAccess(other.Access, nil)
}

// Whoever has a session that is not the person's own learns nothing of it, and harms nobody.
func TestRevokeSessionOfSomebodyElse(t *testing.T) {
	s := open(t, person(1), person(2))
	mine, theirs, over := s.signIn(1), s.signIn(2), s.signIn(1)
	execute(s, s.signOut(), signOutWith(over.Access))
	before := s.contents()
	for name, session := range map[string]domain.SessionID{
		"another person's": s.idOf(theirs.Access),
		"nobody's":         "00000000000000000000000000000063",
		"over already":     s.idOf(over.Access),
		"none":             "",
		"a token's id":     domain.SessionID(s.claims(mine.Refresh).ID),
	} {
		t.Run(name, func(*testing.T) {
			refuse(s, s.revokeSession(), revoke(mine.Access, session), domain.ErrNotYourSession)
			refuse(s, s.revokeSession(), revoke(s.django(domain.AccessToken, 1), session), domain.ErrNotYourSession)
		})
	}
	s.mustStillBe(before)
	s.mustAccess(theirs.Access, nil)
	s.mustAccess(mine.Access, nil)
}

// A token of the shop's Django may end any session of its owner.
func TestRevokeSessionForDjango(t *testing.T) {
	s := open(t, person(1))
	ours := s.signIn(1)
	django := s.django(domain.RefreshToken, 1)
	adopted := execute(s, s.refreshAccess(), refreshWith(django)).Access
	for _, token := range []domain.Token{ours.Access, adopted} {
		if execute(s, s.revokeSession(), revoke(s.django(domain.AccessToken, 1), s.idOf(token))).Own {
			t.Error("the session counts as that of Django's access token")
		}
		s.mustAccess(token, domain.ErrSessionEnded)
	}
	refuse(s, s.refreshAccess(), refreshWith(django), domain.ErrSessionEnded)
}

func TestRevokeSessionIsRefused(t *testing.T) {
	mustRefuseTokens(t, func(s *shop, token domain.Token) error {
		return failure(s.revokeSession().Execute(t.Context(), revoke(token, "00000000000000000000000000000001")))
	})
}

func TestRevokeOtherSessions(t *testing.T) {
	s := open(t, person(1), person(2))
	mine, second, third, theirs := s.signIn(1), s.signIn(1), s.signIn(1), s.signIn(2)
	django := s.django(domain.RefreshToken, 1)
	adopted := execute(s, s.refreshAccess(), refreshWith(django)).Access
	s.skipAudit()

	if got := execute(s, s.revokeOthers(), revokeOthersThan(mine.Access)).Ended; got != 3 {
		t.Errorf("%d sessions were ended, want 3", got)
	}
	s.mustAudit(
		sessionEvent(domain.EventSessionEnd, 1, s.idOf(second.Access), domain.ReasonByOwner),
		sessionEvent(domain.EventSessionEnd, 1, s.idOf(third.Access), domain.ReasonByOwner),
		sessionEvent(domain.EventSessionEnd, 1, s.idOf(adopted), domain.ReasonByOwner),
	)
	for _, token := range []domain.Token{second.Refresh, third.Refresh, django} {
		s.mustHaveEnded(token, domain.EndRevoked)
		refuse(s, s.refreshAccess(), refreshWith(token), domain.ErrSessionEnded)
	}
	s.mustList(mine.Access, s.idOf(mine.Access))
	s.mustAccess(theirs.Access, nil)
	s.skipAudit()
	if got := execute(s, s.revokeOthers(), revokeOthersThan(mine.Access)).Ended; got != 0 {
		t.Errorf("%d sessions were ended by asking again", got)
	}
	s.mustAudit()
}

func TestRevokeOtherSessionsIsRefused(t *testing.T) {
	mustRefuseTokens(t, func(s *shop, token domain.Token) error {
		got, err := s.revokeOthers().Execute(t.Context(), revokeOthersThan(token))
		if got != (application.RevokeOtherSessionsResult{}) {
			t.Errorf("refused, it returns %+v", got)
		}
		return err
	})
}
