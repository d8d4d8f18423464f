package signin_test

import (
	"sync"
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// A token of the shop's Django becomes one session, however often it comes.
func TestRefreshAccessAdopts(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	token := s.Django(domain.RefreshToken, 1)
	first := s.Claims(apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(token)).Access)

	session := s.SessionOf(token)
	want := domain.AdoptSession(session.ID, apptest.Person(1), s.Claims(token), porttest.Client(), s.Policy, porttest.Noon)
	if session != want || session.Over() {
		t.Errorf("the session is %+v, want %+v", session, want)
	}
	if first.Session != session.ID || first.UserID != string(apptest.Id(1)) {
		t.Errorf("the access token says %+v, want it to be of the session", first)
	}
	done := domain.AuditEvent{Kind: domain.EventTokenRefresh, Outcome: domain.OutcomeSuccess, StaffID: apptest.Id(1), Session: session.ID}
	adopted := done
	adopted.Reason = domain.ReasonAdopted
	s.MustAudit(adopted)

	s.Clock.Advance(time.Minute)
	second := s.Claims(apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(token)).Access)
	if second.Session != session.ID {
		t.Errorf("the second access token is of session %s, want the first one's", second.Session)
	}
	s.MustHaveSessions(1)
	s.MustAudit(done)
	if got := s.SessionOf(token); !got.LastUsedAt.Equal(s.Clock.Now()) || !got.ExpiresAt.Equal(s.Claims(token).ExpiresAt) {
		t.Errorf("the session is %+v, want it used now and to expire with the token", got)
	}
}

func TestRefreshAccessAdoptsOnce(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	token := s.Django(domain.RefreshToken, 1)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if _, err := s.RefreshAccess().Execute(t.Context(), apptest.RefreshWith(token)); err != nil {
				t.Errorf("RefreshAccess: %v", err)
			}
		})
	}
	all.Wait()
	s.MustHaveSessions(1)
}

func TestRefreshAccessRefusesDjangoTokens(t *testing.T) {
	const failure, blocked = domain.OutcomeFailure, domain.OutcomeBlocked
	deleted := func(s *apptest.Shop) {
		s.Update(func(r ports.Records) error { return r.Staff().Delete(apptest.Id(1)) })
	}
	for _, test := range []struct {
		name    string
		happens func(*apptest.Shop, domain.Token)
		want    error
		outcome domain.Outcome
		reason  domain.Reason
	}{
		{"after the last day", func(s *apptest.Shop, _ domain.Token) { s.Policy.AcceptDjangoTokensUntil = s.Clock.Now() }, domain.ErrTokenInvalid, failure, domain.ReasonNoSession},
		{"never accepted", func(s *apptest.Shop, _ domain.Token) { s.Policy.AcceptDjangoTokensUntil = time.Time{} }, domain.ErrTokenInvalid, failure, domain.ReasonNoSession},
		{"signed out", func(s *apptest.Shop, token domain.Token) { apptest.Execute(s, s.SignOut(), apptest.SignOutWith(token)) }, domain.ErrSessionEnded, failure, domain.ReasonSessionEnded},
		{"blacklisted", func(s *apptest.Shop, token domain.Token) {
			apptest.Execute(s, s.BlacklistToken(), apptest.Blacklist(token))
		}, domain.ErrSessionEnded, failure, domain.ReasonSessionEnded},
		{"password changed", func(s *apptest.Shop, _ domain.Token) {
			apptest.Execute(s, s.ChangePassword(), apptest.ChangeAs(1, apptest.Password, apptest.NewPassword))
		}, domain.ErrSessionEnded, failure, domain.ReasonSessionEnded},
		{"inactive", func(s *apptest.Shop, _ domain.Token) { s.Change(1, apptest.Inactive) }, domain.ErrAccountInactive, blocked, domain.ReasonInactive},
		{"left", func(s *apptest.Shop, _ domain.Token) { s.Change(1, apptest.Left) }, domain.ErrAccountInactive, blocked, domain.ReasonLeft},
		{"reset due", func(s *apptest.Shop, _ domain.Token) { s.Change(1, apptest.ResetDue) }, domain.ErrPasswordResetRequired, blocked, domain.ReasonPasswordResetRequired},
		{"deleted", func(s *apptest.Shop, _ domain.Token) { deleted(s) }, domain.ErrStaffNotFound, failure, domain.ReasonAccountDeleted},
	} {
		for _, seen := range []bool{false, true} { // whether a session was made before
			name := test.name
			if seen {
				name += ", after its first use"
			}
			t.Run(name, func(t *testing.T) {
				s := apptest.Open(t, apptest.Person(1))
				token := s.Django(domain.RefreshToken, 1)
				if seen {
					apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(token))
				}
				test.happens(s, token)
				apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(token), test.want)
				event := s.LastEvent()
				if event.Outcome != test.outcome || event.Reason != test.reason || event.Kind != domain.EventTokenRefresh {
					t.Errorf("the event is %+v, want %s for %s", event, test.outcome, test.reason)
				}
			})
		}
	}
}

// An account that is shut when the token comes first makes it useless for good.
func TestRefreshAccessDoesNotReviveDjangoTokens(t *testing.T) {
	for name, shut := range map[string]func(*domain.Staff){"inactive": apptest.Inactive, "left": apptest.Left, "reset due": apptest.ResetDue} {
		s := apptest.Open(t, apptest.Person(1))
		token := s.Django(domain.RefreshToken, 1)
		before := s.Staff(1)
		s.Change(1, shut)
		if _, err := s.RefreshAccess().Execute(t.Context(), apptest.RefreshWith(token)); err == nil {
			t.Errorf("%s: a session was adopted", name)
		}
		s.Save(before)
		apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(token), domain.ErrSessionEnded)
	}
}

// A token that was issued after everything was ended is as good as any.
func TestRefreshAccessAdoptsAfterAPasswordChange(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	apptest.Execute(s, s.ChangePassword(), apptest.ChangeAs(1, apptest.Password, apptest.NewPassword))
	s.Clock.Advance(2 * time.Minute) // the token is issued a minute ago
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(s.Django(domain.RefreshToken, 1)))
}

// Ids of tokens are unique, but if two people's are not, neither gets the other's session.
func TestRefreshAccessKeepsAdoptedSessionsApart(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	first := s.Django(domain.RefreshToken, 1)
	second := s.Alter(first, func(c *domain.Claims) { c.UserID = string(apptest.Id(2)) })
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(first))
	got, err := s.RefreshAccess().Execute(t.Context(), apptest.RefreshWith(second))
	if err == nil && s.Claims(got.Access).UserID != string(apptest.Id(2)) {
		t.Errorf("the token of person 2 gives access as %s", s.Claims(got.Access).UserID)
	}
}

// Adopting counts like signing in: a person has so many sessions, and one more ends the oldest.
func TestRefreshAccessAdoptsOneTooMany(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	s.Policy.MaxSessions = 2
	running, theirs := []domain.Token{s.SignIn(1).Refresh}, s.SignIn(2)
	for n := range 4 {
		s.Clock.Advance(time.Second)
		token := s.Alter(s.Django(domain.RefreshToken, 1), func(c *domain.Claims) { c.ID += domain.TokenID(rune('a' + n)) })
		s.SkipAudit()
		apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(token))
		adopted := apptest.SessionEvent(domain.EventTokenRefresh, 1, s.SessionOf(token).ID, domain.ReasonAdopted)
		if running = append(running, token); len(running) <= s.Policy.MaxSessions {
			s.MustAudit(adopted)
			continue
		}
		oldest := running[0]
		running = running[1:]
		s.MustAudit(apptest.SessionEvent(domain.EventSessionEnd, 1, s.SessionOf(oldest).ID, domain.ReasonTooMany), adopted)
		s.MustHaveEnded(oldest, domain.EndTooMany)
		apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(oldest), domain.ErrSessionEnded)
	}
	for _, token := range running { // a session that is there needs no more room
		apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(token))
		s.MustHaveEnded(token, "")
	}
	s.MustAccess(theirs.Access, nil)
}

// A refused token ends no other session to make room, and neither does a session that ends at once.
func TestRefreshAccessMakesNoRoomForNothing(t *testing.T) {
	for name, present := range map[string]func(*apptest.Shop, domain.Token){
		"blacklisted": func(s *apptest.Shop, token domain.Token) {
			apptest.Execute(s, s.BlacklistToken(), apptest.Blacklist(token))
		},
		"signed out": func(s *apptest.Shop, token domain.Token) { apptest.Execute(s, s.SignOut(), apptest.SignOutWith(token)) },
		"too old": func(s *apptest.Shop, token domain.Token) {
			s.Change(1, func(staff *domain.Staff) { staff.SessionsEndedAt = s.Clock.Now() })
			apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(token), domain.ErrSessionEnded)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := apptest.Open(t, apptest.Person(1))
			s.Policy.MaxSessions = 1
			token := s.Django(domain.RefreshToken, 1)
			mine := s.SignIn(1)
			present(s, token)
			s.MustHaveEnded(mine.Refresh, "")
		})
	}
}
