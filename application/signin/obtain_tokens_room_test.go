package signin_test

import (
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/sessions"
	"gatehouse/application/signin"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

// A sign-in ends the session that the device had before, even if that was another person's.
func TestObtainTokensReplaces(t *testing.T) {
	for name, bring := range map[string]func(signin.TokenPair) []domain.Token{
		"access":  func(p signin.TokenPair) []domain.Token { return []domain.Token{p.Access} },
		"refresh": func(p signin.TokenPair) []domain.Token { return []domain.Token{p.Refresh} },
		"both":    func(p signin.TokenPair) []domain.Token { return []domain.Token{p.Access, p.Refresh} },
		"and more": func(p signin.TokenPair) []domain.Token {
			return []domain.Token{domain.NewToken("x"), p.Access, {}}
		},
	} {
		for who := 1; who <= 2; who++ {
			s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
			old, elsewhere := s.SignIn(who), s.SignIn(who)
			s.SkipAudit()
			s.Clock.Advance(time.Hour) // the access token has expired
			pair := s.SignInWith(1, bring(old)...)
			s.MustAudit(apptest.SessionEvent(domain.EventSessionEnd, who, s.IdOf(old.Access), domain.ReasonReplaced), s.SignedIn(1, pair))
			s.MustHaveEnded(old.Refresh, domain.EndReplaced)
			apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(old.Refresh), domain.ErrSessionEnded)
			apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(elsewhere.Refresh))
			s.MustAccess(pair.Access, nil)
			if t.Failed() {
				t.Fatalf("with %s of person %d", name, who)
			}
		}
	}
}

func TestObtainTokensReplacesDjangos(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	used, unused := s.Django(domain.RefreshToken, 1), s.Django(domain.RefreshToken, 2)
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(used))
	s.SkipAudit()
	pair := s.SignInWith(1, used, unused)
	s.MustAudit(
		apptest.SessionEvent(domain.EventSessionEnd, 1, s.SessionOf(used).ID, domain.ReasonReplaced),
		apptest.SessionEvent(domain.EventSessionEnd, 2, s.SessionOf(unused).ID, domain.ReasonReplaced),
		s.SignedIn(1, pair),
	)
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(used), domain.ErrSessionEnded)
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(unused), domain.ErrSessionEnded)
}

// Useless previous tokens are ignored. They do not prevent the sign-in.
func TestObtainTokensReplacesNothing(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	over := s.SignIn(1)
	apptest.Execute(s, s.SignOut(), apptest.SignOutWith(over.Access))
	want := s.SessionOf(over.Access)
	for name, token := range map[string]domain.Token{
		"nothing":           {},
		"garbage":           domain.NewToken("garbage"),
		"over":              over.Refresh,
		"unknown owner":     s.Alter(over.Refresh, func(c *domain.Claims) { c.UserID = string(apptest.Id(9)) }),
		"another owner":     s.Alter(over.Refresh, func(c *domain.Claims) { c.UserID = string(apptest.Id(2)) }),
		"unknown session":   s.Alter(over.Refresh, func(c *domain.Claims) { c.Session = "0123" }),
		"Django's, expired": s.Alter(s.Django(domain.RefreshToken, 1), func(c *domain.Claims) { c.ExpiresAt = s.Clock.Now() }),
	} {
		s.SkipAudit()
		pair := s.SignInWith(1, token)
		s.MustAudit(s.SignedIn(1, pair))
		if got := s.SessionOf(over.Access); got != want {
			t.Errorf("%s: the session that was over is %+v, want %+v", name, got, want)
		}
	}
}

// A refused sign-in ends no session, so a page that guesses passwords signs nobody out.
func TestObtainTokensRefusedReplacesNothing(t *testing.T) {
	for name, spoil := range map[string]func(*apptest.Shop, *signin.ObtainTokensCommand){
		"wrong password": func(_ *apptest.Shop, c *signin.ObtainTokensCommand) { c.Password = domain.NewPassword(apptest.Wrong) },
		"unknown":        func(_ *apptest.Shop, c *signin.ObtainTokensCommand) { c.Username = apptest.Address(9) },
		"inactive":       func(s *apptest.Shop, _ *signin.ObtainTokensCommand) { s.Change(1, apptest.Inactive) },
		"reset due":      func(s *apptest.Shop, _ *signin.ObtainTokensCommand) { s.Change(1, apptest.ResetDue) },
		"cross-site":     func(_ *apptest.Shop, c *signin.ObtainTokensCommand) { c.CrossSite, c.SetsCookies = true, true },
	} {
		s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
		s.Policy.MaxSessions = 1
		mine, theirs := s.SignIn(1), s.SignIn(2)
		command := apptest.SignInAs(1, apptest.Password)
		command.Previous = []domain.Token{theirs.Access, mine.Refresh}
		spoil(s, &command)
		if got, _ := s.ObtainTokens().Execute(t.Context(), command); !got.Tokens.Access.Empty() {
			t.Errorf("%s: there are tokens", name)
		}
		s.MustHaveEnded(mine.Access, "")
		s.MustHaveEnded(theirs.Access, "")
	}
}

// A person has so many sessions; a further one ends the oldest that is running.
func TestObtainTokensTooMany(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1), apptest.Person(2))
	s.Policy.MaxSessions = 3
	theirs := s.SignIn(2)
	var mine []signin.TokenPair
	for range 3 {
		mine = append(mine, s.SignIn(1))
		s.Clock.Advance(time.Minute)
	}
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(mine[0].Refresh)) // used last, and yet the oldest
	s.SkipAudit()

	fourth := s.SignIn(1)
	s.MustAudit(apptest.SessionEvent(domain.EventSessionEnd, 1, s.IdOf(mine[0].Access), domain.ReasonTooMany), s.SignedIn(1, fourth))
	s.MustHaveEnded(mine[0].Access, domain.EndTooMany)
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(mine[0].Refresh), domain.ErrSessionEnded)
	s.MustList(fourth.Access, s.IdOf(mine[1].Access), s.IdOf(mine[2].Access), s.IdOf(fourth.Access))
	s.MustAccess(theirs.Access, nil)

	s.Policy.MaxSessions = 1 // the operator has thought better of it
	s.SkipAudit()
	only := s.SignIn(1)
	s.MustAudit(
		apptest.SessionEvent(domain.EventSessionEnd, 1, s.IdOf(mine[1].Access), domain.ReasonTooMany),
		apptest.SessionEvent(domain.EventSessionEnd, 1, s.IdOf(mine[2].Access), domain.ReasonTooMany),
		apptest.SessionEvent(domain.EventSessionEnd, 1, s.IdOf(fourth.Access), domain.ReasonTooMany),
		s.SignedIn(1, only),
	)
	s.MustList(only.Access, s.IdOf(only.Access))
}

// Sessions that are over, or whose time is, take no room.
func TestObtainTokensCountsRunningSessions(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.Policy.MaxSessions = 3
	expired := domain.NewSession("00000000000000000000000000000061", apptest.Id(1), domain.CarrierBody, porttest.Client(), s.Policy, s.Clock.Now())
	expired.ExpiresAt = s.Clock.Now().Add(time.Minute)
	s.Put(expired)
	over, second, third := s.SignIn(1), s.SignIn(1), domain.Token{}
	apptest.Execute(s, s.SignOut(), apptest.SignOutWith(over.Access))
	s.Clock.Advance(time.Minute)
	third = s.SignIn(1).Access
	s.SkipAudit()
	fourth := s.SignIn(1)
	s.MustAudit(s.SignedIn(1, fourth))
	s.MustList(fourth.Access, s.IdOf(second.Access), s.IdOf(third), s.IdOf(fourth.Access))
	if got := s.Session(expired.ID); got != expired {
		t.Errorf("the expired session is %+v, want it as it was", got)
	}
}

// A session that the new one replaces makes room for it.
func TestObtainTokensReplacesBeforeItCounts(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.Policy.MaxSessions = 2
	first, second := s.SignIn(1), s.SignIn(1)
	pair := s.SignInWith(1, second.Refresh)
	s.MustHaveEnded(second.Access, domain.EndReplaced)
	s.MustList(pair.Access, s.IdOf(first.Access), s.IdOf(pair.Access))
}

func TestObtainTokensAnyNumber(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.Policy.MaxSessions = 0
	for range 30 {
		s.SignIn(1)
	}
	if got := apptest.Execute(s, s.ListSessions(), sessions.ListSessionsQuery{Token: s.SignIn(1).Access}).Sessions; len(got) != 31 {
		t.Errorf("%d sessions are running, want 31", len(got))
	}
}
