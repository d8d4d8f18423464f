package fiberhttp_test

import (
	"testing"
	"time"

	"gatehouse/domain"
)

// Signing out takes whatever is brought, ends its session and never asks for more.
func TestSigningOut(t *testing.T) {
	for name, c := range map[string]struct {
		send func(access, refresh string) request
		ends bool
	}{
		"access cookie":  {func(access, _ string) request { return post(logoutPath, "", accessCookie(access)) }, true},
		"refresh cookie": {func(_, refresh string) request { return post(logoutPath, "", refreshCookie(refresh)) }, true},
		"both cookies": {func(access, refresh string) request {
			return post(logoutPath, "", "Cookie: access_token="+access+"; refresh_token="+refresh)
		}, true},
		"header":             {func(access, _ string) request { return post(logoutPath, "", bearer(access)) }, true},
		"header, lower case": {func(access, _ string) request { return post(logoutPath, "", "authorization: bearer "+access) }, true},
		"body":               {func(_, refresh string) request { return post(logoutPath, `{"refresh":"`+refresh+`"}`) }, true},
		"form":               {func(_, refresh string) request { return post(logoutPath, "refresh="+refresh, formType) }, true},
		"access token in the body": {func(access, _ string) request {
			return post(logoutPath, `{"refresh":"`+access+`"}`)
		}, true},
		"refresh token in the header": {func(_, refresh string) request { return post(logoutPath, "", bearer(refresh)) }, true},
		"good cookie, bad others": {func(_, refresh string) request {
			return post(logoutPath, `{`, "Cookie: access_token=garbage; refresh_token="+refresh, bearer("garbage"))
		}, true},
		"good body, bad others": {func(_, refresh string) request {
			return post(logoutPath, `{"refresh":"`+refresh+`"}`, "Cookie: access_token=garbage; refresh_token=garbage", bearer("garbage"))
		}, true},
		"good header, bad others": {func(access, _ string) request {
			return post(logoutPath, "\xff", "Content-Type: text/plain", "Cookie: refresh_token=", bearer(access))
		}, true},
		"good among ambiguous cookies": {func(_, refresh string) request {
			return post(logoutPath, "", "Cookie: refresh_token=garbage; refresh_token="+refresh)
		}, true},

		"nothing":      {func(string, string) request { return post(logoutPath, "") }, false},
		"empty object": {func(string, string) request { return post(logoutPath, `{}`) }, false},
		"list":         {func(string, string) request { return post(logoutPath, `[]`) }, false},
		"null":         {func(string, string) request { return post(logoutPath, `{"refresh":null}`) }, false},
		"other type": {func(_, refresh string) request {
			return post(logoutPath, `{"refresh":"`+refresh+`"}`, "Content-Type: text/plain")
		}, false},
		"garbage": {func(string, string) request {
			return post(logoutPath, `{"refresh":"x"}`, bearer("x"), accessCookie("x"))
		}, false},
		"bad header":   {func(access, _ string) request { return post(logoutPath, "", "Authorization: Bearer "+access+" x") }, false},
		"other scheme": {func(access, _ string) request { return post(logoutPath, "", "Authorization: Basic "+access) }, false},
		"in the query": {func(_, refresh string) request { return post(logoutPath+"?refresh="+refresh, "") }, false},
		"under other names": {func(access, refresh string) request {
			return post(logoutPath, `{"token":"`+access+`","Refresh":"`+refresh+`"}`)
		}, false},
	} {
		for mode, option := range modes {
			t.Run(name+"/"+mode, func(t *testing.T) {
				s := open(t, option)
				access, refresh := s.signIn(1)
				other, _ := s.signIn(1)
				check(t, s.send(c.send(access, refresh)), 200, signedOut, deletesAccess, deletesRefresh)
				s.mustWork(access, !c.ends)
				s.mustWork(other, true)
				check(t, s.send(c.send(access, refresh)), 200, signedOut, deletesAccess, deletesRefresh)
			})
		}
	}
}

// Whatever has become of the person or the token, nobody is kept signed in.
func TestSigningOutLate(t *testing.T) {
	for name, prepare := range map[string]func(*shop){
		"access expired":  func(s *shop) { s.clock.Advance(time.Hour) },
		"session expired": func(s *shop) { s.clock.Advance(31 * 24 * time.Hour) },
		"inactive":        func(s *shop) { s.save(person(1, inactive)) },
		"left":            func(s *shop) { s.save(person(1, left)) },
		"reset due":       func(s *shop) { s.save(person(1, resetDue)) },
		"deleted":         func(s *shop) { s.remove(1) },
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, cookieMode)
			access, refresh := s.signIn(1)
			prepare(s)
			a := s.send(post(logoutPath, "", "Cookie: access_token="+access+"; refresh_token="+refresh))
			check(t, a, 200, signedOut, deletesAccess, deletesRefresh)
			if event := s.lastEvent(); name != "deleted" && event.Kind != domain.EventSignOut {
				t.Errorf("the last event is %s", event.Kind)
			}
		})
	}
}

// Whoever brings two people's tokens signs both out.
func TestSigningOutTwoAtOnce(t *testing.T) {
	s := open(t, cookieMode)
	mine, _ := s.signIn(1)
	theirs, theirRefresh := s.signIn(2)
	check(t, s.send(post(logoutPath, "", bearer(mine), refreshCookie(theirRefresh))), 200, signedOut, deletesAccess, deletesRefresh)
	s.mustWork(mine, false)
	s.mustWork(theirs, false)
}

// Nobody is told that they are signed out when that could not be written down: the
// cookies stay, to try again with.
func TestSigningOutWhileTheStoreIsBroken(t *testing.T) {
	for mode, option := range modes {
		t.Run(mode, func(t *testing.T) {
			s := open(t, option)
			access, refresh := s.signIn(1)
			s.broken.Store(true)
			for _, r := range []request{
				post(logoutPath, "", "Cookie: access_token="+access+"; refresh_token="+refresh),
				post(logoutPath, "", bearer(access)),
				post(logoutPath, `{"refresh":"`+refresh+`"}`),
			} {
				a := s.send(r)
				check(t, a, 503, notNow)
				if got := a.header.Get("Retry-After"); got != "5" {
					t.Errorf("Retry-After is %q", got)
				}
			}
			check(t, s.send(post(logoutPath, "")), 200, signedOut, deletesAccess, deletesRefresh) // nothing to write
			s.broken.Store(false)
			s.mustWork(access, true)
		})
	}
}
