package signin_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"gatehouse/application/audit"
	"gatehouse/application/internal/apptest"
	"gatehouse/application/sessions"
	"gatehouse/application/signin"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// A tokenDoor is a use case that takes a token.
type tokenDoor struct {
	name    string
	refresh bool // takes a refresh token
	send    func(s *apptest.Shop, token domain.Token) error
}

var tokenDoors = []tokenDoor{
	{"refresh", true, func(s *apptest.Shop, token domain.Token) error {
		return try(s, s.RefreshAccess(), apptest.RefreshWith(token))
	}},
	{"verify a refresh token", true, func(s *apptest.Shop, token domain.Token) error { return try(s, s.VerifyToken(), apptest.Verify(token)) }},
	{"blacklist", true, func(s *apptest.Shop, token domain.Token) error {
		return try(s, s.BlacklistToken(), apptest.Blacklist(token))
	}},
	{"verify an access token", false, func(s *apptest.Shop, token domain.Token) error { return try(s, s.VerifyToken(), apptest.Verify(token)) }},
	{"who am I", false, func(s *apptest.Shop, token domain.Token) error { return try(s, s.CurrentStaff(), apptest.Me(token)) }},
	{"list", false, func(s *apptest.Shop, token domain.Token) error {
		return try(s, s.ListSessions(), sessions.ListSessionsQuery{Token: token})
	}},
	{"revoke", false, func(s *apptest.Shop, token domain.Token) error {
		return try(s, s.RevokeSession(), apptest.Revoke(token, s.IdOf(token)))
	}},
	{"revoke others", false, func(s *apptest.Shop, token domain.Token) error {
		return try(s, s.RevokeOtherSessions(), apptest.RevokeOthersThan(token))
	}},
	{"change the password", false, func(s *apptest.Shop, token domain.Token) error {
		command := apptest.ChangeAs(1, apptest.Password, apptest.NewPassword)
		command.Username, command.Access = "", token
		return try(s, s.ChangePassword(), command)
	}},
}

func try[In, Out any](s *apptest.Shop, useCase ports.UseCase[In, Out], in In) error {
	_, err := useCase.Execute(s.T.Context(), in)
	return err
}

// token is the one of the pair that the door takes.
func (d tokenDoor) token(pair signin.TokenPair) domain.Token {
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
				s := apptest.Open(t, apptest.Person(1))
				s.Policy.AcceptDjangoTokensUntil = until
				ours := door.token(s.SignIn(1))
				django := s.BySecret(s.Alter(ours, func(c *domain.Claims) { c.Session, c.Generation = "", 0 }))
				expired := s.BySecret(s.Alter(ours, func(c *domain.Claims) { c.ExpiresAt = s.Clock.Now() }))
				before := s.Contents()
				for _, token := range []domain.Token{s.BySecret(ours), django, expired} {
					if err := door.send(s, token); !errors.Is(err, domain.ErrTokenInvalid) {
						t.Errorf("%+v: %v, want ErrTokenInvalid", s.Claims(token), err)
					}
				}
				s.MustStillBe(before)
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
			s := apptest.Open(t, apptest.Person(1))
			ours := door.token(s.SignIn(1))
			before := s.Contents()
			if err := door.send(s, s.BySecret(ours)); !errors.Is(err, domain.ErrTokenInvalid) {
				t.Errorf("%v, want ErrTokenInvalid", err)
			}
			after := s.Contents()
			if !reflect.DeepEqual(after.Sessions, before.Sessions) || !reflect.DeepEqual(after.Staff, before.Staff) {
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
	s := apptest.Open(t, apptest.Person(1))
	ours := s.SignIn(1).Refresh
	for kind, send := range map[domain.EventKind]func() error{
		domain.EventTokenRefresh:   func() error { return try(s, s.RefreshAccess(), apptest.RefreshWith(s.BySecret(ours))) },
		domain.EventTokenBlacklist: func() error { return try(s, s.BlacklistToken(), apptest.Blacklist(s.BySecret(ours))) },
	} {
		s.SkipAudit()
		if err := send(); !errors.Is(err, domain.ErrTokenInvalid) {
			t.Errorf("%s: %v", kind, err)
		}
		event := apptest.SessionEvent(kind, 1, s.IdOf(ours), domain.ReasonSharedSecret)
		event.Outcome = domain.OutcomeFailure
		s.MustAudit(event)
		s.Clock.Advance(time.Minute)
	}
}

// Somebody with the secret can make up people and sessions. That does not bring more audit events.
func TestMadeUpPeopleDoNotGrowTheTrail(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	ours := s.SignIn(1).Refresh
	s.SkipAudit()
	for n := range 300 {
		forged := s.BySecret(s.Alter(ours, func(c *domain.Claims) {
			c.UserID, c.Session = string(apptest.Id(1000+n)), domain.SessionID(fmt.Sprintf("%032x", 1000+n))
		}))
		_ = try(s, s.RefreshAccess(), apptest.RefreshWith(forged))
	}
	s.Clock.Advance(time.Minute)
	_ = try(s, s.RefreshAccess(), apptest.RefreshWith(s.BySecret(ours)))
	events := apptest.Execute(s, s.ListAuditEvents(), audit.ListAuditEventsQuery{Client: porttest.Operator()})
	if n := len(events) - s.Seen; n != 11 || events[0].Reason != domain.ReasonSharedSecret.LeavingOut(290) {
		t.Errorf("%d events are written, the last %+v; want ten and one that tells of 290", n, events[0])
	}
}

// A session that was opened while the secret still signed goes on until then, and not longer.
func TestSessionsOfTheSharedSecret(t *testing.T) {
	for _, door := range tokenDoors {
		t.Run(door.name, func(t *testing.T) {
			s := apptest.Open(t, apptest.Person(1))
			s.Policy.SharedSecretSigns = true
			token := s.BySecret(door.token(s.SignIn(1)))
			s.Policy.SharedSecretSigns = false // ALGORITHM was changed
			s.Policy.AcceptDjangoTokensUntil = s.Clock.Now().Add(time.Millisecond)
			if err := door.send(s, token); err != nil {
				t.Errorf("in time: %v", err)
			}
			s.Clock.Advance(time.Millisecond) // without a restart
			if err := door.send(s, token); !errors.Is(err, domain.ErrTokenInvalid) {
				t.Errorf("when the time is over: %v, want ErrTokenInvalid", err)
			}
		})
	}
}

// A token of Django becomes a session, which our own tokens alone name.
func TestTheSharedSecretNamesNoAdoptedSession(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.Policy.Rotation = domain.RotateAlways
	pair := apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(s.BySecret(s.Django(domain.RefreshToken, 1))))
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(s.BySecret(pair.Refresh)), domain.ErrTokenInvalid)
	s.MustAccess(s.BySecret(pair.Access), domain.ErrTokenInvalid)
	s.MustAccess(pair.Access, nil)
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh))
}

// Nor does such a token end a session: by signing out, though it has expired, or by a sign-in
// that replaces what the client brings.
func TestTheSharedSecretEndsNothing(t *testing.T) {
	for _, until := range []time.Time{{}, porttest.Noon.Add(time.Hour)} {
		s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
		s.Policy.AcceptDjangoTokensUntil = until
		victim := s.SignIn(1)
		expired := func(c *domain.Claims) { c.SharedSecret, c.ExpiresAt = true, s.Clock.Now() }
		forged := []domain.Token{s.BySecret(victim.Access), s.BySecret(victim.Refresh), s.Alter(victim.Access, expired), s.Alter(victim.Refresh, expired)}
		for _, scope := range []signin.Scope{signin.ScopeThis, signin.ScopeOthers, signin.ScopeAll} {
			if got := apptest.Execute(s, s.SignOut(), apptest.SignOutOf(scope, forged...)).Ended; got != 0 {
				t.Errorf("until %v: %d sessions were signed out", until, got)
			}
		}
		s.SignInWith(2, forged...)
		s.MustHaveEnded(victim.Access, "")
		s.MustAccess(victim.Access, nil)
	}
}

// Nor is its bearer a device that the account knows, whose guesses are counted apart.
func TestTheSharedSecretIsNoDevice(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	pair := s.SignIn(1)
	attacker := s.At(apptest.Elsewhere, "x")
	for range 5 {
		attacker.Must(apptest.Address(1), apptest.Wrong, domain.ErrInvalidCredentials)
	}
	try := func(token domain.Token, want error) {
		command := attacker.Command(apptest.Address(1), apptest.Password)
		command.Previous = []domain.Token{token}
		if _, err := s.ObtainTokens().Execute(t.Context(), command); !errors.Is(err, want) {
			t.Errorf("%+v: %v, want %v", s.Claims(token), err, want)
		}
	}
	try(s.BySecret(pair.Access), domain.ErrThrottled)
	try(pair.Access, nil) // last, because a success forgets the failures
}
