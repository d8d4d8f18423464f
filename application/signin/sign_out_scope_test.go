package signin_test

import (
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/signin"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

// abroad is a shop with three sessions of the first person, one of the second, and a
// refresh token of the first that the shop's Django issued and nobody has used here.
func abroad(t *testing.T) (s *apptest.Shop, mine []signin.TokenPair, theirs signin.TokenPair, django domain.Token) {
	s = apptest.Open(t, apptest.Person(1), apptest.Person(2))
	mine = []signin.TokenPair{s.SignIn(1), s.SignIn(1), s.SignIn(1)}
	theirs, django = s.SignIn(2), s.Django(domain.RefreshToken, 1)
	s.SkipAudit()
	s.Clock.Advance(time.Minute)
	return s, mine, theirs, django
}

func TestSignOutScopes(t *testing.T) {
	for scope, want := range map[signin.Scope][]bool{ // which of the three sessions go on
		"":                 {false, true, true},
		signin.ScopeThis:   {false, true, true},
		signin.ScopeOthers: {true, false, false},
		signin.ScopeAll:    {false, false, false},
	} {
		for name, bring := range map[string]func(signin.TokenPair) []domain.Token{
			"access":  func(p signin.TokenPair) []domain.Token { return []domain.Token{p.Access} },
			"refresh": func(p signin.TokenPair) []domain.Token { return []domain.Token{p.Refresh} },
			"both":    func(p signin.TokenPair) []domain.Token { return []domain.Token{p.Access, p.Refresh} },
		} {
			t.Run(string(scope)+"/"+name, func(t *testing.T) {
				s, mine, theirs, _ := abroad(t)
				result := apptest.Execute(s, s.SignOut(), apptest.SignOutOf(scope, bring(mine[0])...))
				var ended []domain.Token
				for _, i := range []int{1, 2, 0} { // the others first
					if !want[i] {
						ended = append(ended, mine[i].Access)
					}
				}
				if result.Ended != len(ended) {
					t.Errorf("%d sessions were ended, want %d", result.Ended, len(ended))
				}
				s.MustAudit(s.SignedOut(ended...)...)
				for _, token := range ended {
					s.MustHaveEnded(token, domain.EndSignedOut)
					s.MustAccess(token, domain.ErrSessionEnded)
				}
				for i, runs := range want {
					if runs {
						apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(mine[i].Refresh))
					}
				}
				s.MustAccess(theirs.Access, nil)
			})
		}
	}
}

// After signing out everywhere no token of the shop's Django is good any more, also one
// that was never shown here; one that is issued later is.
func TestSignOutEverywhereCountsForDjango(t *testing.T) {
	s, mine, _, django := abroad(t)
	access := s.Django(domain.AccessToken, 1)
	theirs := s.Django(domain.RefreshToken, 2)
	s.MustAccess(access, nil)
	apptest.Execute(s, s.SignOut(), apptest.SignOutOf(signin.ScopeAll, mine[0].Access))
	s.MustAccess(access, domain.ErrSessionEnded)
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(django), domain.ErrSessionEnded)
	apptest.Refuse(s, s.VerifyToken(), signin.VerifyTokenQuery{Token: django}, domain.ErrSessionEnded)
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(theirs))

	s.Clock.Advance(time.Hour)
	later := s.Alter(s.Django(domain.RefreshToken, 1), func(c *domain.Claims) { c.ID = "django-later" })
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(later))
	s.MustAccess(s.SignIn(1).Access, nil)
}

// The other scopes leave tokens alone that have no session here.
func TestSignOutOfOthersSparesDjango(t *testing.T) {
	for _, scope := range []signin.Scope{signin.ScopeThis, signin.ScopeOthers} {
		s, mine, _, django := abroad(t)
		apptest.Execute(s, s.SignOut(), apptest.SignOutOf(scope, mine[0].Access))
		apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(django))
	}
}

// A token of the shop's Django can sign out everywhere too, itself included.
func TestSignOutEverywhereByDjango(t *testing.T) {
	s, mine, theirs, django := abroad(t)
	if got := apptest.Execute(s, s.SignOut(), apptest.SignOutOf(signin.ScopeAll, django)).Ended; got != 4 {
		t.Errorf("%d sessions were ended, want 4", got)
	}
	s.MustAudit(s.SignedOut(mine[0].Access, mine[1].Access, mine[2].Access, django)...)
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(django), domain.ErrSessionEnded)
	s.MustAccess(theirs.Access, nil)
}

// A session that is over ends no others: its tokens may be in the wrong hands.
func TestSignOutScopesNeedARunningSession(t *testing.T) {
	for _, scope := range []signin.Scope{signin.ScopeOthers, signin.ScopeAll} {
		for name, end := range map[string]func(*apptest.Shop, signin.TokenPair){
			"signed out": func(s *apptest.Shop, p signin.TokenPair) {
				apptest.Execute(s, s.SignOut(), apptest.SignOutWith(p.Access))
			},
			"expired": func(s *apptest.Shop, p signin.TokenPair) {
				s.Clock.Advance(s.Policy.SessionLifetime)
			},
			"shut": func(s *apptest.Shop, p signin.TokenPair) { s.Change(1, apptest.Inactive) },
		} {
			t.Run(string(scope)+"/"+name, func(t *testing.T) {
				s := apptest.Open(t, apptest.Person(1))
				mine := s.SignIn(1)
				end(s, mine)
				session := domain.NewSession("00000000000000000000000000000042", apptest.Id(1), domain.CarrierBody, porttest.Client(), s.Policy, s.Clock.Now())
				s.Put(session)
				before := s.Staff(1)
				apptest.Execute(s, s.SignOut(), apptest.SignOutOf(scope, mine.Access, mine.Refresh))
				if got := s.Session(session.ID); got.Over() {
					t.Errorf("the other session has ended by %q", got.EndReason)
				}
				if got := s.Staff(1); got != before {
					t.Errorf("the account is %+v, want %+v", got, before)
				}
			})
		}
	}
}
