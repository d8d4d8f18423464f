package signin_test

import (
	"net/netip"
	"sync"
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/signin"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestRotationReplacesTheRefreshToken(t *testing.T) {
	s := apptest.Rotating(t)
	first := s.SignIn(1)
	s.Clock.Advance(time.Hour)
	second := s.Refresh(first.Refresh)

	before, after := s.Claims(first.Refresh), s.Claims(second.Refresh)
	if after.Generation != before.Generation+1 || after.ID == before.ID || after.Session != before.Session {
		t.Errorf("the new refresh token says %+v, after %+v", after, before)
	}
	if !after.ExpiresAt.Equal(before.ExpiresAt) {
		t.Errorf("it expires at %v, want %v: a session does not grow", after.ExpiresAt, before.ExpiresAt)
	}
	if want := s.Policy.SessionLifetime - time.Hour; second.RefreshLifetime != want {
		t.Errorf("what is left of the session is %v, want %v", second.RefreshLifetime, want)
	}
	if event := s.LastEvent(); event.Reason != domain.ReasonRotated {
		t.Errorf("the event is %+v", event)
	}
	s.MustAccess(second.Access, nil)
	s.Clock.Advance(time.Hour)
	s.Refresh(second.Refresh)
}

// What is opened in cookies rotates, however the token comes; what is opened in the body does not.
func TestRotationByWhatTheSessionWasOpenedIn(t *testing.T) {
	for _, test := range []struct {
		rotation  domain.Rotation
		inCookies bool
		want      bool
	}{
		{domain.RotateNever, true, false},
		{domain.RotateCookies, false, false},
		{domain.RotateCookies, true, true},
		{domain.RotateAlways, false, true},
	} {
		for _, fromCookie := range []bool{false, true} {
			s := apptest.Open(t, apptest.Person(1))
			s.Policy.Rotation = test.rotation
			command := apptest.SignInAs(1, apptest.Password)
			command.SetsCookies = test.inCookies
			refresh := apptest.RefreshWith(apptest.Execute(s, s.ObtainTokens(), command).Tokens.Refresh)
			refresh.FromCookie = fromCookie
			if got := apptest.Execute(s, s.RefreshAccess(), refresh); got.Refresh.Empty() == test.want {
				t.Errorf("%s, opened in cookies: %t, from a cookie: %t: a new refresh token: %t, want %t",
					test.rotation, test.inCookies, fromCookie, !got.Refresh.Empty(), test.want)
			}
		}
	}
}

// Nobody knows in what the shop's Django handed its tokens out, or how a session from before this was
// kept was opened. A token stays while it comes in bodies; the first cookie settles it, for bodies too.
func TestRotationWhereNobodyKnows(t *testing.T) {
	for name, token := range map[string]func(*apptest.Shop) domain.Token{
		"the shop's Django": func(s *apptest.Shop) domain.Token { return s.Django(domain.RefreshToken, 1) },
		"from before": func(s *apptest.Shop) domain.Token {
			token := s.SignIn(1).Refresh
			session := s.SessionOf(token)
			session.OpenedIn = domain.CarrierUnknown
			s.Put(session)
			return token
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := apptest.Open(t, apptest.Person(1))
			s.Policy.Rotation = domain.RotateCookies
			presented := apptest.RefreshWith(token(s))
			for range 2 {
				if got := apptest.Execute(s, s.RefreshAccess(), presented); !got.Refresh.Empty() {
					t.Error("a token that has come in bodies only is replaced")
				}
			}
			presented.FromCookie = true
			successor := apptest.Execute(s, s.RefreshAccess(), presented).Refresh
			if successor.Empty() {
				t.Fatal("a token that comes in a cookie is not replaced")
			}
			if s.Refresh(successor).Refresh.Empty() {
				t.Error("its successor, in a body, is not replaced")
			}
		})
	}
}

// A second tab, or a client whose reply was lost, presents the token before the current
// one: it gets the very token that the first one got.
func TestRotationRepeatsWithinTheGrace(t *testing.T) {
	s := apptest.Rotating(t)
	first := s.SignIn(1)
	second := s.Refresh(first.Refresh)
	s.Clock.Advance(s.Policy.RefreshGrace - time.Millisecond)
	again := s.Refresh(first.Refresh)
	if !again.Refresh.Equal(second.Refresh.Secret) {
		t.Error("a repetition gives another refresh token")
	}
	if event := s.LastEvent(); event.Reason != domain.ReasonRepeated || event.Outcome != domain.OutcomeSuccess {
		t.Errorf("the event is %+v", event)
	}
	s.MustAccess(again.Access, nil)
	s.Refresh(again.Refresh)
}

// A thief and the owner use the same token: the second use ends the session, and the trail has both
// addresses.
func TestRotationEndsTheSessionOnReplay(t *testing.T) {
	s := apptest.Rotating(t)
	first := s.SignIn(1)
	other := s.SignIn(1)
	second := s.Refresh(first.Refresh)
	s.Clock.Advance(s.Policy.RefreshGrace)

	stolen := apptest.RefreshWith(first.Refresh)
	stolen.Client.Address = netip.MustParseAddr("198.51.100.66")
	apptest.Refuse(s, s.RefreshAccess(), stolen, domain.ErrSessionEnded)

	event := s.LastEvent()
	if event.Reason != domain.ReasonReplayed || event.Outcome != domain.OutcomeFailure ||
		event.Client.Address != stolen.Client.Address || event.PreviousAddress != porttest.Client().Address {
		t.Errorf("the event is %+v, want a replay with both addresses", event)
	}
	s.MustHaveEnded(first.Refresh, domain.EndReplayed)
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(second.Refresh), domain.ErrSessionEnded)
	s.MustAccess(second.Access, domain.ErrSessionEnded)
	s.MustAccess(other.Access, nil) // another session of the same person
}

func TestRotationWithoutAGrace(t *testing.T) {
	s := apptest.Rotating(t)
	s.Policy.RefreshGrace = 0
	first := s.SignIn(1)
	s.Refresh(first.Refresh)
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(first.Refresh), domain.ErrSessionEnded)
	s.MustHaveEnded(first.Refresh, domain.EndReplayed)
}

// After a restore, tokens can be newer than the store. They are refused, but that does not end the session.
func TestRotationFromTheFuture(t *testing.T) {
	s := apptest.Rotating(t)
	first := s.SignIn(1)
	future := s.Alter(first.Refresh, func(c *domain.Claims) { c.Generation = 7 })
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(future), domain.ErrSessionEnded)
	if event := s.LastEvent(); event.Reason != domain.ReasonNotIssuedYet {
		t.Errorf("the event is %+v", event)
	}
	s.MustHaveEnded(first.Refresh, "")
	s.Refresh(first.Refresh)
}

func TestVerifyLooksAtTheGeneration(t *testing.T) {
	s := apptest.Rotating(t)
	first := s.SignIn(1)
	second := s.Refresh(first.Refresh)
	verify := func(token domain.Token, want error) {
		t.Helper()
		if want == nil {
			apptest.Execute(s, s.VerifyToken(), signin.VerifyTokenQuery{Token: token})
		} else {
			apptest.Refuse(s, s.VerifyToken(), signin.VerifyTokenQuery{Token: token}, want)
		}
	}
	verify(first.Refresh, nil) // within the grace
	s.Clock.Advance(s.Policy.RefreshGrace)
	verify(first.Refresh, domain.ErrSessionEnded)
	verify(second.Refresh, nil)
	s.MustHaveEnded(first.Refresh, "") // looking has not ended it
}

// Of a hundred tabs that refresh at once exactly one rotates, and all of them go on.
func TestRotationRace(t *testing.T) {
	const tabs = 100
	s := apptest.Rotating(t)
	first := s.SignIn(1)
	refreshAccess := s.RefreshAccess()
	pairs := make([]signin.TokenPair, tabs)
	var all sync.WaitGroup
	for n := range tabs {
		all.Go(func() {
			result, err := refreshAccess.Execute(t.Context(), apptest.RefreshWith(first.Refresh))
			if err != nil {
				t.Errorf("tab %d: %v", n, err)
			}
			pairs[n] = result.TokenPair
		})
	}
	all.Wait()
	if t.Failed() {
		return
	}
	if got := s.Claims(pairs[0].Refresh).Generation; got != 2 {
		t.Errorf("the generation is %d after one rotation, want 2", got)
	}
	for n, pair := range pairs {
		if !pair.Refresh.Equal(pairs[0].Refresh.Secret) {
			t.Errorf("tab %d has another refresh token", n)
		}
		s.MustAccess(pair.Access, nil)
	}
	s.Refresh(pairs[tabs-1].Refresh)
}

// Three tabs share a cookie jar. Each refreshes when its access token has run out, now and
// then two of them at once with what was in the jar before, for a week.
func TestRotationForAWeek(t *testing.T) {
	const tabs = 3
	s := apptest.Rotating(t)
	jar := s.SignIn(1).Refresh
	for quarter := range 7 * 24 * 4 {
		s.Clock.Advance(s.Policy.AccessLifetime)
		presented := jar
		for tab := range tabs {
			if tab > 0 {
				s.Clock.Advance(time.Duration(quarter%4) * time.Second)
			}
			if tab == 2 && quarter%2 == 0 {
				presented = jar // this one has seen the first one's cookie
			}
			jar = s.Refresh(presented).Refresh
		}
	}
	if got := s.SessionOf(jar); got.Over() || got.Generation < 7*24*4 {
		t.Errorf("after a week the session is %+v", got)
	}
}

// A token of the shop's Django is the first generation of its session.
func TestRotationOfAnAdoptedToken(t *testing.T) {
	s := apptest.Rotating(t)
	django := s.Django(domain.RefreshToken, 1)
	ours := s.Refresh(django)
	if claims := s.Claims(ours.Refresh); claims.Session == "" || claims.Generation != 2 {
		t.Errorf("the new refresh token says %+v", claims)
	}
	if again := s.Refresh(django); !again.Refresh.Equal(ours.Refresh.Secret) {
		t.Error("a repetition gives another refresh token")
	}
	s.Clock.Advance(s.Policy.RefreshGrace)
	s.Refresh(ours.Refresh)
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(django), domain.ErrSessionEnded)
	s.MustHaveEnded(ours.Refresh, domain.EndReplayed)
}

func TestRefreshAccessOfAnIdleSession(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.Policy.IdleLifetime = time.Hour
	pair := s.SignIn(1)
	s.Clock.Advance(59 * time.Minute)
	s.Refresh(pair.Refresh)
	s.Clock.Advance(time.Hour)
	apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh), domain.ErrTokenExpired)
	s.MustAccess(s.Sign(s.SessionOf(pair.Refresh).AccessClaims("f9", s.Policy, s.Clock.Now())), domain.ErrTokenExpired)
}
