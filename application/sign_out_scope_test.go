package application_test

import (
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

// abroad is a shop with three sessions of the first person, one of the second, and a
// refresh token of the first that the shop's Django issued and nobody has used here.
func abroad(t *testing.T) (s *shop, mine []application.TokenPair, theirs application.TokenPair, django domain.Token) {
	s = open(t, person(1), person(2))
	mine = []application.TokenPair{s.signIn(1), s.signIn(1), s.signIn(1)}
	theirs, django = s.signIn(2), s.django(domain.RefreshToken, 1)
	s.skipAudit()
	s.clock.Advance(time.Minute)
	return s, mine, theirs, django
}

func TestSignOutScopes(t *testing.T) {
	for scope, want := range map[application.Scope][]bool{ // which of the three sessions go on
		"":                      {false, true, true},
		application.ScopeThis:   {false, true, true},
		application.ScopeOthers: {true, false, false},
		application.ScopeAll:    {false, false, false},
	} {
		for name, bring := range map[string]func(application.TokenPair) []domain.Token{
			"access":  func(p application.TokenPair) []domain.Token { return []domain.Token{p.Access} },
			"refresh": func(p application.TokenPair) []domain.Token { return []domain.Token{p.Refresh} },
			"both":    func(p application.TokenPair) []domain.Token { return []domain.Token{p.Access, p.Refresh} },
		} {
			t.Run(string(scope)+"/"+name, func(t *testing.T) {
				s, mine, theirs, _ := abroad(t)
				result := execute(s, s.signOut(), signOutOf(scope, bring(mine[0])...))
				var ended []domain.Token
				for _, i := range []int{1, 2, 0} { // the others first
					if !want[i] {
						ended = append(ended, mine[i].Access)
					}
				}
				if result.Ended != len(ended) {
					t.Errorf("%d sessions were ended, want %d", result.Ended, len(ended))
				}
				s.mustAudit(s.signedOut(ended...)...)
				for _, token := range ended {
					s.mustHaveEnded(token, domain.EndSignedOut)
					s.mustAccess(token, domain.ErrSessionEnded)
				}
				for i, runs := range want {
					if runs {
						execute(s, s.refreshAccess(), refreshWith(mine[i].Refresh))
					}
				}
				s.mustAccess(theirs.Access, nil)
			})
		}
	}
}

// After signing out everywhere no token of the shop's Django is good any more, also one
// that was never shown here; one that is issued later is.
func TestSignOutEverywhereCountsForDjango(t *testing.T) {
	s, mine, _, django := abroad(t)
	access := s.django(domain.AccessToken, 1)
	theirs := s.django(domain.RefreshToken, 2)
	s.mustAccess(access, nil)
	execute(s, s.signOut(), signOutOf(application.ScopeAll, mine[0].Access))
	s.mustAccess(access, domain.ErrSessionEnded)
	refuse(s, s.refreshAccess(), refreshWith(django), domain.ErrSessionEnded)
	refuse(s, s.verifyToken(), application.VerifyTokenQuery{Token: django}, domain.ErrSessionEnded)
	execute(s, s.refreshAccess(), refreshWith(theirs))

	s.clock.Advance(time.Hour)
	later := s.alter(s.django(domain.RefreshToken, 1), func(c *domain.Claims) { c.ID = "django-later" })
	execute(s, s.refreshAccess(), refreshWith(later))
	s.mustAccess(s.signIn(1).Access, nil)
}

// The other scopes leave tokens alone that have no session here.
func TestSignOutOfOthersSparesDjango(t *testing.T) {
	for _, scope := range []application.Scope{application.ScopeThis, application.ScopeOthers} {
		s, mine, _, django := abroad(t)
		execute(s, s.signOut(), signOutOf(scope, mine[0].Access))
		execute(s, s.refreshAccess(), refreshWith(django))
	}
}

// A token of the shop's Django can sign out everywhere too, itself included.
func TestSignOutEverywhereByDjango(t *testing.T) {
	s, mine, theirs, django := abroad(t)
	if got := execute(s, s.signOut(), signOutOf(application.ScopeAll, django)).Ended; got != 4 {
		t.Errorf("%d sessions were ended, want 4", got)
	}
	s.mustAudit(s.signedOut(mine[0].Access, mine[1].Access, mine[2].Access, django)...)
	refuse(s, s.refreshAccess(), refreshWith(django), domain.ErrSessionEnded)
	s.mustAccess(theirs.Access, nil)
}

// A session that is over ends no others: its tokens may be in the wrong hands.
func TestSignOutScopesNeedARunningSession(t *testing.T) {
	for _, scope := range []application.Scope{application.ScopeOthers, application.ScopeAll} {
		for name, end := range map[string]func(*shop, application.TokenPair){
			"signed out": func(s *shop, p application.TokenPair) { execute(s, s.signOut(), signOutWith(p.Access)) },
			"expired": func(s *shop, p application.TokenPair) {
				s.clock.Advance(s.policy.SessionLifetime)
			},
			"shut": func(s *shop, p application.TokenPair) { s.change(1, inactive) },
		} {
			t.Run(string(scope)+"/"+name, func(t *testing.T) {
				s := open(t, person(1))
				mine := s.signIn(1)
				end(s, mine)
				session := domain.NewSession("00000000000000000000000000000042", id(1), domain.CarrierBody, porttest.Client(), s.policy, s.clock.Now())
				s.put(session)
				before := s.staff(1)
				execute(s, s.signOut(), signOutOf(scope, mine.Access, mine.Refresh))
				if got := s.session(session.ID); got.Over() {
					t.Errorf("the other session has ended by %q", got.EndReason)
				}
				if got := s.staff(1); got != before {
					t.Errorf("the account is %+v, want %+v", got, before)
				}
			})
		}
	}
}
