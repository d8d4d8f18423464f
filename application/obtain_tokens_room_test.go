package application_test

import (
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

// Whoever signs in on a device signs out whoever used it before, also somebody else.
func TestObtainTokensReplaces(t *testing.T) {
	for name, bring := range map[string]func(application.TokenPair) []domain.Token{
		"access":  func(p application.TokenPair) []domain.Token { return []domain.Token{p.Access} },
		"refresh": func(p application.TokenPair) []domain.Token { return []domain.Token{p.Refresh} },
		"both":    func(p application.TokenPair) []domain.Token { return []domain.Token{p.Access, p.Refresh} },
		"and more": func(p application.TokenPair) []domain.Token {
			return []domain.Token{domain.NewToken("x"), p.Access, {}}
		},
	} {
		for who := 1; who <= 2; who++ {
			s := open(t, person(1), person(2))
			old, elsewhere := s.signIn(who), s.signIn(who)
			s.skipAudit()
			s.clock.Advance(time.Hour) // the access token has expired
			pair := s.signInWith(1, bring(old)...)
			s.mustAudit(sessionEvent(domain.EventSessionEnd, who, s.idOf(old.Access), domain.ReasonReplaced), s.signedIn(1, pair))
			s.mustHaveEnded(old.Refresh, domain.EndReplaced)
			refuse(s, s.refreshAccess(), refreshWith(old.Refresh), domain.ErrSessionEnded)
			execute(s, s.refreshAccess(), refreshWith(elsewhere.Refresh))
			s.mustAccess(pair.Access, nil)
			if t.Failed() {
				t.Fatalf("with %s of person %d", name, who)
			}
		}
	}
}

func TestObtainTokensReplacesDjangos(t *testing.T) {
	s := open(t, person(1), person(2))
	used, unused := s.django(domain.RefreshToken, 1), s.django(domain.RefreshToken, 2)
	execute(s, s.refreshAccess(), refreshWith(used))
	s.skipAudit()
	pair := s.signInWith(1, used, unused)
	s.mustAudit(
		sessionEvent(domain.EventSessionEnd, 1, s.sessionOf(used).ID, domain.ReasonReplaced),
		sessionEvent(domain.EventSessionEnd, 2, s.sessionOf(unused).ID, domain.ReasonReplaced),
		s.signedIn(1, pair),
	)
	refuse(s, s.refreshAccess(), refreshWith(used), domain.ErrSessionEnded)
	refuse(s, s.refreshAccess(), refreshWith(unused), domain.ErrSessionEnded)
}

// What is of no use any more is passed over, and keeps nobody from signing in.
func TestObtainTokensReplacesNothing(t *testing.T) {
	s := open(t, person(1), person(2))
	over := s.signIn(1)
	execute(s, s.signOut(), signOutWith(over.Access))
	want := s.sessionOf(over.Access)
	for name, token := range map[string]domain.Token{
		"nothing":           {},
		"garbage":           domain.NewToken("garbage"),
		"over":              over.Refresh,
		"unknown owner":     s.alter(over.Refresh, func(c *domain.Claims) { c.UserID = string(id(9)) }),
		"another owner":     s.alter(over.Refresh, func(c *domain.Claims) { c.UserID = string(id(2)) }),
		"unknown session":   s.alter(over.Refresh, func(c *domain.Claims) { c.Session = "0123" }),
		"Django's, expired": s.alter(s.django(domain.RefreshToken, 1), func(c *domain.Claims) { c.ExpiresAt = s.clock.Now() }),
	} {
		s.skipAudit()
		pair := s.signInWith(1, token)
		s.mustAudit(s.signedIn(1, pair))
		if got := s.sessionOf(over.Access); got != want {
			t.Errorf("%s: the session that was over is %+v, want %+v", name, got, want)
		}
	}
}

// Only who gets in ends something: a page that guesses passwords signs nobody out.
func TestObtainTokensRefusedReplacesNothing(t *testing.T) {
	for name, spoil := range map[string]func(*shop, *application.ObtainTokensCommand){
		"wrong password": func(_ *shop, c *application.ObtainTokensCommand) { c.Password = domain.NewPassword(wrong) },
		"unknown":        func(_ *shop, c *application.ObtainTokensCommand) { c.Username = address(9) },
		"inactive":       func(s *shop, _ *application.ObtainTokensCommand) { s.change(1, inactive) },
		"reset due":      func(s *shop, _ *application.ObtainTokensCommand) { s.change(1, resetDue) },
		"cross-site":     func(_ *shop, c *application.ObtainTokensCommand) { c.CrossSite, c.SetsCookies = true, true },
	} {
		s := open(t, person(1), person(2))
		s.policy.MaxSessions = 1
		mine, theirs := s.signIn(1), s.signIn(2)
		command := signInAs(1, password)
		command.Previous = []domain.Token{theirs.Access, mine.Refresh}
		spoil(s, &command)
		if got, _ := s.obtainTokens().Execute(t.Context(), command); !got.Tokens.Access.Empty() {
			t.Errorf("%s: there are tokens", name)
		}
		s.mustHaveEnded(mine.Access, "")
		s.mustHaveEnded(theirs.Access, "")
	}
}

// A person has so many sessions; a further one ends the oldest that is running.
func TestObtainTokensTooMany(t *testing.T) {
	s := open(t, person(1), person(2))
	s.policy.MaxSessions = 3
	theirs := s.signIn(2)
	var mine []application.TokenPair
	for range 3 {
		mine = append(mine, s.signIn(1))
		s.clock.Advance(time.Minute)
	}
	execute(s, s.refreshAccess(), refreshWith(mine[0].Refresh)) // used last, and yet the oldest
	s.skipAudit()

	fourth := s.signIn(1)
	s.mustAudit(sessionEvent(domain.EventSessionEnd, 1, s.idOf(mine[0].Access), domain.ReasonTooMany), s.signedIn(1, fourth))
	s.mustHaveEnded(mine[0].Access, domain.EndTooMany)
	refuse(s, s.refreshAccess(), refreshWith(mine[0].Refresh), domain.ErrSessionEnded)
	s.mustList(fourth.Access, s.idOf(mine[1].Access), s.idOf(mine[2].Access), s.idOf(fourth.Access))
	s.mustAccess(theirs.Access, nil)

	s.policy.MaxSessions = 1 // the operator has thought better of it
	s.skipAudit()
	only := s.signIn(1)
	s.mustAudit(
		sessionEvent(domain.EventSessionEnd, 1, s.idOf(mine[1].Access), domain.ReasonTooMany),
		sessionEvent(domain.EventSessionEnd, 1, s.idOf(mine[2].Access), domain.ReasonTooMany),
		sessionEvent(domain.EventSessionEnd, 1, s.idOf(fourth.Access), domain.ReasonTooMany),
		s.signedIn(1, only),
	)
	s.mustList(only.Access, s.idOf(only.Access))
}

// Sessions that are over, or whose time is, take no room.
func TestObtainTokensCountsRunningSessions(t *testing.T) {
	s := open(t, person(1))
	s.policy.MaxSessions = 3
	expired := domain.NewSession("00000000000000000000000000000061", id(1), domain.CarrierBody, porttest.Client(), s.policy, s.clock.Now())
	expired.ExpiresAt = s.clock.Now().Add(time.Minute)
	s.put(expired)
	over, second, third := s.signIn(1), s.signIn(1), domain.Token{}
	execute(s, s.signOut(), signOutWith(over.Access))
	s.clock.Advance(time.Minute)
	third = s.signIn(1).Access
	s.skipAudit()
	fourth := s.signIn(1)
	s.mustAudit(s.signedIn(1, fourth))
	s.mustList(fourth.Access, s.idOf(second.Access), s.idOf(third), s.idOf(fourth.Access))
	if got := s.session(expired.ID); got != expired {
		t.Errorf("the expired session is %+v, want it as it was", got)
	}
}

// A session that the new one replaces makes room for it.
func TestObtainTokensReplacesBeforeItCounts(t *testing.T) {
	s := open(t, person(1))
	s.policy.MaxSessions = 2
	first, second := s.signIn(1), s.signIn(1)
	pair := s.signInWith(1, second.Refresh)
	s.mustHaveEnded(second.Access, domain.EndReplaced)
	s.mustList(pair.Access, s.idOf(first.Access), s.idOf(pair.Access))
}

func TestObtainTokensAnyNumber(t *testing.T) {
	s := open(t, person(1))
	s.policy.MaxSessions = 0
	for range 30 {
		s.signIn(1)
	}
	if got := execute(s, s.listSessions(), application.ListSessionsQuery{Token: s.signIn(1).Access}).Sessions; len(got) != 31 {
		t.Errorf("%d sessions are running, want 31", len(got))
	}
}
