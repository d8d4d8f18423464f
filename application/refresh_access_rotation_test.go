package application_test

import (
	"net/netip"
	"sync"
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestRotationReplacesTheRefreshToken(t *testing.T) {
	s := rotating(t)
	first := s.signIn(1)
	s.clock.Advance(time.Hour)
	second := s.refresh(first.Refresh)

	before, after := s.claims(first.Refresh), s.claims(second.Refresh)
	if after.Generation != before.Generation+1 || after.ID == before.ID || after.Session != before.Session {
		t.Errorf("the new refresh token says %+v, after %+v", after, before)
	}
	if !after.ExpiresAt.Equal(before.ExpiresAt) {
		t.Errorf("it expires at %v, want %v: a session does not grow", after.ExpiresAt, before.ExpiresAt)
	}
	if want := s.policy.SessionLifetime - time.Hour; second.RefreshLifetime != want {
		t.Errorf("what is left of the session is %v, want %v", second.RefreshLifetime, want)
	}
	if event := s.lastEvent(); event.Reason != domain.ReasonRotated {
		t.Errorf("the event is %+v", event)
	}
	s.mustAccess(second.Access, nil)
	s.clock.Advance(time.Hour)
	s.refresh(second.Refresh)
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
			s := open(t, person(1))
			s.policy.Rotation = test.rotation
			command := signInAs(1, password)
			command.SetsCookies = test.inCookies
			refresh := refreshWith(execute(s, s.obtainTokens(), command).Tokens.Refresh)
			refresh.FromCookie = fromCookie
			if got := execute(s, s.refreshAccess(), refresh); got.Refresh.Empty() == test.want {
				t.Errorf("%s, opened in cookies: %t, from a cookie: %t: a new refresh token: %t, want %t",
					test.rotation, test.inCookies, fromCookie, !got.Refresh.Empty(), test.want)
			}
		}
	}
}

// Nobody knows in what the shop's Django handed its tokens out, or how a session from before this was
// kept was opened. A token stays while it comes in bodies; the first cookie settles it, for bodies too.
func TestRotationWhereNobodyKnows(t *testing.T) {
	for name, token := range map[string]func(*shop) domain.Token{
		"the shop's Django": func(s *shop) domain.Token { return s.django(domain.RefreshToken, 1) },
		"from before": func(s *shop) domain.Token {
			token := s.signIn(1).Refresh
			session := s.sessionOf(token)
			session.OpenedIn = domain.CarrierUnknown
			s.put(session)
			return token
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, person(1))
			s.policy.Rotation = domain.RotateCookies
			presented := refreshWith(token(s))
			for range 2 {
				if got := execute(s, s.refreshAccess(), presented); !got.Refresh.Empty() {
					t.Error("a token that has come in bodies only is replaced")
				}
			}
			presented.FromCookie = true
			successor := execute(s, s.refreshAccess(), presented).Refresh
			if successor.Empty() {
				t.Fatal("a token that comes in a cookie is not replaced")
			}
			if s.refresh(successor).Refresh.Empty() {
				t.Error("its successor, in a body, is not replaced")
			}
		})
	}
}

// A second tab, or a client whose reply was lost, presents the token before the current
// one: it gets the very token that the first one got.
func TestRotationRepeatsWithinTheGrace(t *testing.T) {
	s := rotating(t)
	first := s.signIn(1)
	second := s.refresh(first.Refresh)
	s.clock.Advance(s.policy.RefreshGrace - time.Millisecond)
	again := s.refresh(first.Refresh)
	if !again.Refresh.Equal(second.Refresh.Secret) {
		t.Error("a repetition gives another refresh token")
	}
	if event := s.lastEvent(); event.Reason != domain.ReasonRepeated || event.Outcome != domain.OutcomeSuccess {
		t.Errorf("the event is %+v", event)
	}
	s.mustAccess(again.Access, nil)
	s.refresh(again.Refresh)
}

// The thief and the owner: whoever comes second ends the session, and both addresses are
// on record.
func TestRotationEndsTheSessionOnReplay(t *testing.T) {
	s := rotating(t)
	first := s.signIn(1)
	other := s.signIn(1)
	second := s.refresh(first.Refresh)
	s.clock.Advance(s.policy.RefreshGrace)

	stolen := refreshWith(first.Refresh)
	stolen.Client.Address = netip.MustParseAddr("198.51.100.66")
	refuse(s, s.refreshAccess(), stolen, domain.ErrSessionEnded)

	event := s.lastEvent()
	if event.Reason != domain.ReasonReplayed || event.Outcome != domain.OutcomeFailure ||
		event.Client.Address != stolen.Client.Address || event.PreviousAddress != porttest.Client().Address {
		t.Errorf("the event is %+v, want a replay with both addresses", event)
	}
	s.mustHaveEnded(first.Refresh, domain.EndReplayed)
	refuse(s, s.refreshAccess(), refreshWith(second.Refresh), domain.ErrSessionEnded)
	s.mustAccess(second.Access, domain.ErrSessionEnded)
	s.mustAccess(other.Access, nil) // another session of the same person
}

func TestRotationWithoutAGrace(t *testing.T) {
	s := rotating(t)
	s.policy.RefreshGrace = 0
	first := s.signIn(1)
	s.refresh(first.Refresh)
	refuse(s, s.refreshAccess(), refreshWith(first.Refresh), domain.ErrSessionEnded)
	s.mustHaveEnded(first.Refresh, domain.EndReplayed)
}

// After a restore the store knows less than the tokens: they are refused, and nobody is
// punished.
func TestRotationFromTheFuture(t *testing.T) {
	s := rotating(t)
	first := s.signIn(1)
	future := s.alter(first.Refresh, func(c *domain.Claims) { c.Generation = 7 })
	refuse(s, s.refreshAccess(), refreshWith(future), domain.ErrSessionEnded)
	if event := s.lastEvent(); event.Reason != domain.ReasonNotIssuedYet {
		t.Errorf("the event is %+v", event)
	}
	s.mustHaveEnded(first.Refresh, "")
	s.refresh(first.Refresh)
}

func TestVerifyLooksAtTheGeneration(t *testing.T) {
	s := rotating(t)
	first := s.signIn(1)
	second := s.refresh(first.Refresh)
	verify := func(token domain.Token, want error) {
		t.Helper()
		if want == nil {
			execute(s, s.verifyToken(), application.VerifyTokenQuery{Token: token})
		} else {
			refuse(s, s.verifyToken(), application.VerifyTokenQuery{Token: token}, want)
		}
	}
	verify(first.Refresh, nil) // within the grace
	s.clock.Advance(s.policy.RefreshGrace)
	verify(first.Refresh, domain.ErrSessionEnded)
	verify(second.Refresh, nil)
	s.mustHaveEnded(first.Refresh, "") // looking has not ended it
}

// Of a hundred tabs that refresh at once exactly one rotates, and all of them go on.
func TestRotationRace(t *testing.T) {
	const tabs = 100
	s := rotating(t)
	first := s.signIn(1)
	refreshAccess := s.refreshAccess()
	pairs := make([]application.TokenPair, tabs)
	var all sync.WaitGroup
	for n := range tabs {
		all.Go(func() {
			result, err := refreshAccess.Execute(t.Context(), refreshWith(first.Refresh))
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
	if got := s.claims(pairs[0].Refresh).Generation; got != 2 {
		t.Errorf("the generation is %d after one rotation, want 2", got)
	}
	for n, pair := range pairs {
		if !pair.Refresh.Equal(pairs[0].Refresh.Secret) {
			t.Errorf("tab %d has another refresh token", n)
		}
		s.mustAccess(pair.Access, nil)
	}
	s.refresh(pairs[tabs-1].Refresh)
}

// Three tabs share a cookie jar. Each refreshes when its access token has run out, now and
// then two of them at once with what was in the jar before, for a week.
func TestRotationForAWeek(t *testing.T) {
	const tabs = 3
	s := rotating(t)
	jar := s.signIn(1).Refresh
	for quarter := range 7 * 24 * 4 {
		s.clock.Advance(s.policy.AccessLifetime)
		presented := jar
		for tab := range tabs {
			if tab > 0 {
				s.clock.Advance(time.Duration(quarter%4) * time.Second)
			}
			if tab == 2 && quarter%2 == 0 {
				presented = jar // this one has seen the first one's cookie
			}
			jar = s.refresh(presented).Refresh
		}
	}
	if got := s.sessionOf(jar); got.Over() || got.Generation < 7*24*4 {
		t.Errorf("after a week the session is %+v", got)
	}
}

// A token of the shop's Django is the first generation of its session.
func TestRotationOfAnAdoptedToken(t *testing.T) {
	s := rotating(t)
	django := s.django(domain.RefreshToken, 1)
	ours := s.refresh(django)
	if claims := s.claims(ours.Refresh); claims.Session == "" || claims.Generation != 2 {
		t.Errorf("the new refresh token says %+v", claims)
	}
	if again := s.refresh(django); !again.Refresh.Equal(ours.Refresh.Secret) {
		t.Error("a repetition gives another refresh token")
	}
	s.clock.Advance(s.policy.RefreshGrace)
	s.refresh(ours.Refresh)
	refuse(s, s.refreshAccess(), refreshWith(django), domain.ErrSessionEnded)
	s.mustHaveEnded(ours.Refresh, domain.EndReplayed)
}

func TestRefreshAccessOfAnIdleSession(t *testing.T) {
	s := open(t, person(1))
	s.policy.IdleLifetime = time.Hour
	pair := s.signIn(1)
	s.clock.Advance(59 * time.Minute)
	s.refresh(pair.Refresh)
	s.clock.Advance(time.Hour)
	refuse(s, s.refreshAccess(), refreshWith(pair.Refresh), domain.ErrTokenExpired)
	s.mustAccess(s.sign(s.sessionOf(pair.Refresh).AccessClaims("f9", s.policy, s.clock.Now())), domain.ErrTokenExpired)
}
