package application_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// A tokenDoor is a use case that takes a token.
type tokenDoor struct {
	name    string
	refresh bool // takes a refresh token
	send    func(s *shop, token domain.Token) error
}

var tokenDoors = []tokenDoor{
	{"refresh", true, func(s *shop, token domain.Token) error { return try(s, s.refreshAccess(), refreshWith(token)) }},
	{"verify a refresh token", true, func(s *shop, token domain.Token) error { return try(s, s.verifyToken(), verify(token)) }},
	{"blacklist", true, func(s *shop, token domain.Token) error { return try(s, s.blacklistToken(), blacklist(token)) }},
	{"verify an access token", false, func(s *shop, token domain.Token) error { return try(s, s.verifyToken(), verify(token)) }},
	{"who am I", false, func(s *shop, token domain.Token) error { return try(s, s.currentStaff(), me(token)) }},
	{"list", false, func(s *shop, token domain.Token) error {
		return try(s, s.listSessions(), application.ListSessionsQuery{Token: token})
	}},
	{"revoke", false, func(s *shop, token domain.Token) error {
		return try(s, s.revokeSession(), revoke(token, s.idOf(token)))
	}},
	{"revoke others", false, func(s *shop, token domain.Token) error { return try(s, s.revokeOthers(), revokeOthersThan(token)) }},
	{"change the password", false, func(s *shop, token domain.Token) error {
		command := changeAs(1, password, newPassword)
		command.Username, command.Access = "", token
		return try(s, s.changePassword(), command)
	}},
}

func try[In, Out any](s *shop, useCase ports.UseCase[In, Out], in In) error {
	_, err := useCase.Execute(s.t.Context(), in)
	return err
}

// token is the one of the pair that the door takes.
func (d tokenDoor) token(pair application.TokenPair) domain.Token {
	if d.refresh {
		return pair.Refresh
	}
	return pair.Access
}

// Times of ACCEPT_DJANGO_TOKENS_UNTIL at which it is over at noon.
var overAtNoon = map[string]time.Time{"never": {}, "before": porttest.Noon.Add(-time.Hour), "this very moment": porttest.Noon}

// Nothing that the secret alone proves counts when its time is over, whatever it names, and
// nothing is written: who has the secret can make any number of such tokens.
func TestTheSharedSecretProvesNothing(t *testing.T) {
	for when, until := range overAtNoon {
		for _, door := range tokenDoors {
			t.Run(door.name+", "+when, func(t *testing.T) {
				s := open(t, person(1))
				s.policy.AcceptDjangoTokensUntil = until
				ours := door.token(s.signIn(1))
				django := s.bySecret(s.alter(ours, func(c *domain.Claims) { c.Session, c.Generation = "", 0 }))
				expired := s.bySecret(s.alter(ours, func(c *domain.Claims) { c.ExpiresAt = s.clock.Now() }))
				before := s.contents()
				for _, token := range []domain.Token{s.bySecret(ours), django, expired} {
					if err := door.send(s, token); !errors.Is(err, domain.ErrTokenInvalid) {
						t.Errorf("%+v: %v, want ErrTokenInvalid", s.claims(token), err)
					}
				}
				s.mustStillBe(before)
				if err := door.send(s, ours); err != nil {
					t.Errorf("our own token: %v", err)
				}
			})
		}
	}
}

// Until then no token of the secret names a session that was opened while another key signed:
// neither Django nor we have signed such a token.
func TestTheSharedSecretNamesNoSession(t *testing.T) {
	for _, door := range tokenDoors {
		t.Run(door.name, func(t *testing.T) {
			s := open(t, person(1))
			ours := door.token(s.signIn(1))
			before := s.contents()
			if err := door.send(s, s.bySecret(ours)); !errors.Is(err, domain.ErrTokenInvalid) {
				t.Errorf("%v, want ErrTokenInvalid", err)
			}
			after := s.contents()
			if !reflect.DeepEqual(after.sessions, before.sessions) || !reflect.DeepEqual(after.staff, before.staff) {
				t.Errorf("something has changed: there is\n%+v, was\n%+v", after, before)
			}
			if err := door.send(s, ours); err != nil {
				t.Errorf("our own token: %v", err)
			}
		})
	}
}

// The trail says who tried.
func TestTheSharedSecretIsAudited(t *testing.T) {
	s := open(t, person(1))
	ours := s.signIn(1).Refresh
	for kind, send := range map[domain.EventKind]func() error{
		domain.EventTokenRefresh:   func() error { return try(s, s.refreshAccess(), refreshWith(s.bySecret(ours))) },
		domain.EventTokenBlacklist: func() error { return try(s, s.blacklistToken(), blacklist(s.bySecret(ours))) },
	} {
		s.skipAudit()
		if err := send(); !errors.Is(err, domain.ErrTokenInvalid) {
			t.Errorf("%s: %v", kind, err)
		}
		event := sessionEvent(kind, 1, s.idOf(ours), domain.ReasonSharedSecret)
		event.Outcome = domain.OutcomeFailure
		s.mustAudit(event)
		s.clock.Advance(time.Minute)
	}
}

// Whoever has the secret can make up people and sessions, which are no reason for more events.
func TestMadeUpPeopleDoNotGrowTheTrail(t *testing.T) {
	s := open(t, person(1))
	ours := s.signIn(1).Refresh
	s.skipAudit()
	for n := range 300 {
		forged := s.bySecret(s.alter(ours, func(c *domain.Claims) {
			c.UserID, c.Session = string(id(1000+n)), domain.SessionID(fmt.Sprintf("%032x", 1000+n))
		}))
		_ = try(s, s.refreshAccess(), refreshWith(forged))
	}
	s.clock.Advance(time.Minute)
	_ = try(s, s.refreshAccess(), refreshWith(s.bySecret(ours)))
	events := execute(s, s.listAuditEvents(), application.ListAuditEventsQuery{})
	if n := len(events) - s.seen; n != 11 || events[0].Reason != domain.ReasonSharedSecret.LeavingOut(290) {
		t.Errorf("%d events are written, the last %+v; want ten and one that tells of 290", n, events[0])
	}
}

// A session that was opened while the secret still signed goes on until then, and not longer.
func TestSessionsOfTheSharedSecret(t *testing.T) {
	for _, door := range tokenDoors {
		t.Run(door.name, func(t *testing.T) {
			s := open(t, person(1))
			s.policy.SharedSecretSigns = true
			token := s.bySecret(door.token(s.signIn(1)))
			s.policy.SharedSecretSigns = false // ALGORITHM was changed
			s.policy.AcceptDjangoTokensUntil = s.clock.Now().Add(time.Millisecond)
			if err := door.send(s, token); err != nil {
				t.Errorf("in time: %v", err)
			}
			s.clock.Advance(time.Millisecond) // and nobody has restarted anything
			if err := door.send(s, token); !errors.Is(err, domain.ErrTokenInvalid) {
				t.Errorf("when the time is over: %v, want ErrTokenInvalid", err)
			}
		})
	}
}

// A token of Django becomes a session, which our own tokens alone name.
func TestTheSharedSecretNamesNoAdoptedSession(t *testing.T) {
	s := open(t, person(1))
	s.policy.Rotation = domain.RotateAlways
	pair := execute(s, s.refreshAccess(), refreshWith(s.bySecret(s.django(domain.RefreshToken, 1))))
	refuse(s, s.refreshAccess(), refreshWith(s.bySecret(pair.Refresh)), domain.ErrTokenInvalid)
	s.mustAccess(s.bySecret(pair.Access), domain.ErrTokenInvalid)
	s.mustAccess(pair.Access, nil)
	execute(s, s.refreshAccess(), refreshWith(pair.Refresh))
}

// Nor does such a token end a session: by signing out, though it has expired, or by a sign-in
// that replaces what the client brings.
func TestTheSharedSecretEndsNothing(t *testing.T) {
	for _, until := range []time.Time{{}, porttest.Noon.Add(time.Hour)} {
		s := open(t, person(1), person(2))
		s.policy.AcceptDjangoTokensUntil = until
		victim := s.signIn(1)
		expired := func(c *domain.Claims) { c.SharedSecret, c.ExpiresAt = true, s.clock.Now() }
		forged := []domain.Token{s.bySecret(victim.Access), s.bySecret(victim.Refresh), s.alter(victim.Access, expired), s.alter(victim.Refresh, expired)}
		for _, scope := range []application.Scope{application.ScopeThis, application.ScopeOthers, application.ScopeAll} {
			if got := execute(s, s.signOut(), signOutOf(scope, forged...)).Ended; got != 0 {
				t.Errorf("until %v: %d sessions were signed out", until, got)
			}
		}
		s.signInWith(2, forged...)
		s.mustHaveEnded(victim.Access, "")
		s.mustAccess(victim.Access, nil)
	}
}

// Nor is its bearer a device that the account knows, whose guesses are counted apart.
func TestTheSharedSecretIsNoDevice(t *testing.T) {
	s := open(t, person(1))
	pair := s.signIn(1)
	attacker := s.at(elsewhere, "x")
	for range 5 {
		attacker.must(address(1), wrong, domain.ErrInvalidCredentials)
	}
	try := func(token domain.Token, want error) {
		command := attacker.command(address(1), password)
		command.Previous = []domain.Token{token}
		if _, err := s.obtainTokens().Execute(t.Context(), command); !errors.Is(err, want) {
			t.Errorf("%+v: %v, want %v", s.claims(token), err, want)
		}
	}
	try(s.bySecret(pair.Access), domain.ErrThrottled)
	try(pair.Access, nil) // last, because a success forgets the failures
}
