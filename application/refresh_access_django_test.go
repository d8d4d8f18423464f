package application_test

import (
	"sync"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// A token of the shop's Django becomes one session, however often it comes.
func TestRefreshAccessAdopts(t *testing.T) {
	s := open(t, person(1))
	token := s.django(domain.RefreshToken, 1)
	first := s.claims(execute(s, s.refreshAccess(), refreshWith(token)).Access)

	session := s.sessionOf(token)
	want := domain.AdoptSession(session.ID, person(1), s.claims(token), porttest.Client(), s.policy, porttest.Noon)
	if session != want || session.Over() {
		t.Errorf("the session is %+v, want %+v", session, want)
	}
	if first.Session != session.ID || first.UserID != string(id(1)) {
		t.Errorf("the access token says %+v, want it to be of the session", first)
	}
	done := domain.AuditEvent{Kind: domain.EventTokenRefresh, Outcome: domain.OutcomeSuccess, StaffID: id(1), Session: session.ID}
	adopted := done
	adopted.Reason = domain.ReasonAdopted
	s.mustAudit(adopted)

	s.clock.Advance(time.Minute)
	second := s.claims(execute(s, s.refreshAccess(), refreshWith(token)).Access)
	if second.Session != session.ID {
		t.Errorf("the second access token is of session %s, want the first one's", second.Session)
	}
	s.mustHaveSessions(1)
	s.mustAudit(done)
	if got := s.sessionOf(token); !got.LastUsedAt.Equal(s.clock.Now()) || !got.ExpiresAt.Equal(s.claims(token).ExpiresAt) {
		t.Errorf("the session is %+v, want it used now and to expire with the token", got)
	}
}

func TestRefreshAccessAdoptsOnce(t *testing.T) {
	s := open(t, person(1))
	token := s.django(domain.RefreshToken, 1)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if _, err := s.refreshAccess().Execute(t.Context(), refreshWith(token)); err != nil {
				t.Errorf("RefreshAccess: %v", err)
			}
		})
	}
	all.Wait()
	s.mustHaveSessions(1)
}

func TestRefreshAccessRefusesDjangoTokens(t *testing.T) {
	const failure, blocked = domain.OutcomeFailure, domain.OutcomeBlocked
	deleted := func(s *shop) { s.update(func(r ports.Records) error { return r.Staff().Delete(id(1)) }) }
	for _, test := range []struct {
		name    string
		happens func(*shop, domain.Token)
		want    error
		outcome domain.Outcome
		reason  domain.Reason
	}{
		{"after the last day", func(s *shop, _ domain.Token) { s.policy.AcceptDjangoTokensUntil = s.clock.Now() }, domain.ErrTokenInvalid, failure, domain.ReasonNoSession},
		{"never accepted", func(s *shop, _ domain.Token) { s.policy.AcceptDjangoTokensUntil = time.Time{} }, domain.ErrTokenInvalid, failure, domain.ReasonNoSession},
		{"signed out", func(s *shop, token domain.Token) { execute(s, s.signOut(), signOutWith(token)) }, domain.ErrSessionEnded, failure, domain.ReasonSessionEnded},
		{"blacklisted", func(s *shop, token domain.Token) { execute(s, s.blacklistToken(), blacklist(token)) }, domain.ErrSessionEnded, failure, domain.ReasonSessionEnded},
		{"password changed", func(s *shop, _ domain.Token) { execute(s, s.changePassword(), changeAs(1, password, newPassword)) }, domain.ErrSessionEnded, failure, domain.ReasonSessionEnded},
		{"inactive", func(s *shop, _ domain.Token) { s.change(1, inactive) }, domain.ErrAccountInactive, blocked, domain.ReasonInactive},
		{"left", func(s *shop, _ domain.Token) { s.change(1, left) }, domain.ErrAccountInactive, blocked, domain.ReasonLeft},
		{"reset due", func(s *shop, _ domain.Token) { s.change(1, resetDue) }, domain.ErrPasswordResetRequired, blocked, domain.ReasonPasswordResetRequired},
		{"deleted", func(s *shop, _ domain.Token) { deleted(s) }, domain.ErrStaffNotFound, failure, domain.ReasonAccountDeleted},
	} {
		for _, seen := range []bool{false, true} { // whether a session was made before
			name := test.name
			if seen {
				name += ", after its first use"
			}
			t.Run(name, func(t *testing.T) {
				s := open(t, person(1))
				token := s.django(domain.RefreshToken, 1)
				if seen {
					execute(s, s.refreshAccess(), refreshWith(token))
				}
				test.happens(s, token)
				refuse(s, s.refreshAccess(), refreshWith(token), test.want)
				event := s.lastEvent()
				if event.Outcome != test.outcome || event.Reason != test.reason || event.Kind != domain.EventTokenRefresh {
					t.Errorf("the event is %+v, want %s for %s", event, test.outcome, test.reason)
				}
			})
		}
	}
}

// An account that is shut when the token comes first makes it useless for good.
func TestRefreshAccessDoesNotReviveDjangoTokens(t *testing.T) {
	for name, shut := range map[string]func(*domain.Staff){"inactive": inactive, "left": left, "reset due": resetDue} {
		s := open(t, person(1))
		token := s.django(domain.RefreshToken, 1)
		before := s.staff(1)
		s.change(1, shut)
		if _, err := s.refreshAccess().Execute(t.Context(), refreshWith(token)); err == nil {
			t.Errorf("%s: a session was adopted", name)
		}
		s.save(before)
		refuse(s, s.refreshAccess(), refreshWith(token), domain.ErrSessionEnded)
	}
}

// A token that was issued after everything was ended is as good as any.
func TestRefreshAccessAdoptsAfterAPasswordChange(t *testing.T) {
	s := open(t, person(1))
	execute(s, s.changePassword(), changeAs(1, password, newPassword))
	s.clock.Advance(2 * time.Minute) // the token is issued a minute ago
	execute(s, s.refreshAccess(), refreshWith(s.django(domain.RefreshToken, 1)))
}

// Ids of tokens are unique, but if two people's are not, neither gets the other's session.
func TestRefreshAccessKeepsAdoptedSessionsApart(t *testing.T) {
	s := open(t, person(1), person(2))
	first := s.django(domain.RefreshToken, 1)
	second := s.alter(first, func(c *domain.Claims) { c.UserID = string(id(2)) })
	execute(s, s.refreshAccess(), refreshWith(first))
	got, err := s.refreshAccess().Execute(t.Context(), refreshWith(second))
	if err == nil && s.claims(got.Access).UserID != string(id(2)) {
		t.Errorf("the token of person 2 gives access as %s", s.claims(got.Access).UserID)
	}
}

// Adopting counts like signing in: a person has so many sessions, and one more ends the oldest.
func TestRefreshAccessAdoptsOneTooMany(t *testing.T) {
	s := open(t, person(1), person(2))
	s.policy.MaxSessions = 2
	running, theirs := []domain.Token{s.signIn(1).Refresh}, s.signIn(2)
	for n := range 4 {
		s.clock.Advance(time.Second)
		token := s.alter(s.django(domain.RefreshToken, 1), func(c *domain.Claims) { c.ID += domain.TokenID(rune('a' + n)) })
		s.skipAudit()
		execute(s, s.refreshAccess(), refreshWith(token))
		adopted := sessionEvent(domain.EventTokenRefresh, 1, s.sessionOf(token).ID, domain.ReasonAdopted)
		if running = append(running, token); len(running) <= s.policy.MaxSessions {
			s.mustAudit(adopted)
			continue
		}
		oldest := running[0]
		running = running[1:]
		s.mustAudit(sessionEvent(domain.EventSessionEnd, 1, s.sessionOf(oldest).ID, domain.ReasonTooMany), adopted)
		s.mustHaveEnded(oldest, domain.EndTooMany)
		refuse(s, s.refreshAccess(), refreshWith(oldest), domain.ErrSessionEnded)
	}
	for _, token := range running { // a session that is there needs no more room
		execute(s, s.refreshAccess(), refreshWith(token))
		s.mustHaveEnded(token, "")
	}
	s.mustAccess(theirs.Access, nil)
}

// A token that is refused, or whose session ends at once, takes nobody's place.
func TestRefreshAccessMakesNoRoomForNothing(t *testing.T) {
	for name, present := range map[string]func(*shop, domain.Token){
		"blacklisted": func(s *shop, token domain.Token) { execute(s, s.blacklistToken(), blacklist(token)) },
		"signed out":  func(s *shop, token domain.Token) { execute(s, s.signOut(), signOutWith(token)) },
		"too old": func(s *shop, token domain.Token) {
			s.change(1, func(staff *domain.Staff) { staff.SessionsEndedAt = s.clock.Now() })
			refuse(s, s.refreshAccess(), refreshWith(token), domain.ErrSessionEnded)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, person(1))
			s.policy.MaxSessions = 1
			token := s.django(domain.RefreshToken, 1)
			mine := s.signIn(1)
			present(s, token)
			s.mustHaveEnded(mine.Refresh, "")
		})
	}
}
