package fiberhttp_test

import (
	"testing"
	"time"
)

const (
	sessionsPath = "/accounts/api/sessions/"
	othersPath   = "/accounts/api/sessions/revoke-others/"
	firstID      = "00000000000000000000000000000001"
	secondID     = "00000000000000000000000000000002"
	thirdID      = "00000000000000000000000000000003"
)

func remove(id string, headers ...string) request {
	return request{method: "DELETE", path: sessionsPath + id + "/", headers: headers}
}

// firefox is how a browser calls itself.
const firefox = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

func TestListingSessions(t *testing.T) {
	s := open(t)
	s.signIn(1)
	s.signIn(2)
	s.clock.Advance(time.Hour)
	s.send(signInAs(address(1), password, firefox).by("2001:db8::7"))
	access, _ := s.signIn(1)
	const want = `[{"id":"` + firstID + `","created":"2026-03-02T12:00:00Z","last_used":"2026-03-02T12:00:00Z","address":"203.0.113.9","device":"Unknown device","current":false},` +
		`{"id":"` + thirdID + `","created":"2026-03-02T13:00:00Z","last_used":"2026-03-02T13:00:00Z","address":"2001:db8::7","device":"Firefox on Linux","current":false},` +
		`{"id":"00000000000000000000000000000004","created":"2026-03-02T13:00:00Z","last_used":"2026-03-02T13:00:00Z","address":"203.0.113.9","device":"Unknown device","current":true}]`
	check(t, s.send(get(sessionsPath, bearer(access))), 200, want)
	check(t, s.send(get("/api/accounts/sessions", accessCookie(access))), 200, want)
}

func TestRevokingASession(t *testing.T) {
	const notYours = `{"detail":"You have no such session.","code":"session_not_found"}`
	s := open(t, cookieMode)
	mine, _ := s.signIn(1)
	other, _ := s.signIn(1)
	theirs, _ := s.signIn(2)
	for _, id := range []string{thirdID, "0", "x", "%30", ":id", "'--", secondID + "0"} {
		check(t, s.send(remove(id, accessCookie(mine))), 404, notYours)
	}
	check(t, s.send(remove(secondID, accessCookie(mine))), 200, `{}`)
	s.mustWork(other, false)
	s.mustWork(theirs, true)
	check(t, s.send(remove(secondID, bearer(mine))), 404, notYours)
	check(t, s.send(remove(firstID, accessCookie(mine))), 200, `{}`, deletesAccess, deletesRefresh)
	s.mustWork(mine, false)
	check(t, s.send(remove(thirdID, bearer(theirs))), 200, `{}`) // no cookie, nothing to delete
}

func TestRevokingOtherSessions(t *testing.T) {
	s := open(t, cookieMode)
	first, _ := s.signIn(1)
	mine, _ := s.signIn(1)
	theirs, _ := s.signIn(2)
	check(t, s.send(post(othersPath, "", accessCookie(mine))), 200, `{"ended":1}`)
	check(t, s.send(post(othersPath, "", accessCookie(mine))), 200, `{"ended":0}`)
	s.mustWork(first, false)
	s.mustWork(mine, true)
	s.mustWork(theirs, true)
}

// Nobody without a good access token sees or ends anything, and no page of another site
// with one.
func TestSessionsAreForTheirOwner(t *testing.T) {
	s := open(t, cookieMode, allowing(friend))
	mine, refresh := s.signIn(1)
	stale, _ := s.signIn(2)
	s.remove(2)
	requests := []request{get(sessionsPath), remove(firstID), remove("x"), post(othersPath, "")}
	for _, r := range requests {
		check(t, s.send(r), 401, `{"detail":"Authentication credentials were not provided."}`)
		check(t, s.send(r.and(bearer("garbage"))), 401, refusedAccess("Token is invalid"))
		check(t, s.send(r.and(bearer(refresh))), 401, refusedAccess("Token has wrong type"))
		check(t, s.send(r.and(refreshCookie(mine))), 401, `{"detail":"Authentication credentials were not provided."}`)
		check(t, s.send(r.and("Cookie: access_token=a; access_token=b")), 400, ambiguous)
		check(t, s.send(r.and(bearer(stale))), 404, deleted)
	}
	for from, origin := range origins {
		if origin.welcome {
			continue
		}
		for _, r := range requests[1:] {
			t.Run(from, func(t *testing.T) {
				check(t, s.send(r.and(origin.lines...).and(accessCookie(mine))), 403, crossSite)
			})
		}
	}
	s.mustWork(mine, true)
	s.broken.Store(true)
	for _, r := range requests {
		check(t, s.send(r.and(accessCookie(mine))), 503, notNow)
	}
}

// An id in a path is no place to hide another path in.
func TestSessionPaths(t *testing.T) {
	s := open(t)
	for _, root := range []string{"/accounts/api/sessions", "/api/accounts/sessions"} {
		for path, allow := range map[string]string{
			root: reads, root + "/": reads,
			root + "/revoke-others": writes, root + "/revoke-others/": writes,
			root + "/x": "DELETE, OPTIONS", root + "/x/": "DELETE, OPTIONS", root + "/%2e%2e": "DELETE, OPTIONS",
		} {
			for _, method := range []string{"PUT", "PATCH", "FOO", "TRACE"} {
				checkRoute(t, s.send(request{method: method, path: path}), method, 405, allow)
			}
			checkRoute(t, s.send(request{method: "OPTIONS", path: path}), "OPTIONS", 204, allow)
			checkAlways(t, s.send(request{method: "OPTIONS", path: path}), special(path, "OPTIONS"))
			checkAlways(t, s.send(request{method: "DELETE", path: path}), nil)
		}
		for _, path := range []string{root + "//", root + "/x//", root + "/x/y", root + "/x/y/", root + "/../token/", root + "/x/..", "/" + root + "/x"} {
			for _, method := range []string{"GET", "DELETE", "FOO"} {
				check(t, s.send(request{method: method, path: path}), 404, notFound)
			}
		}
	}
}

// What is asked for by id is logged without it.
func TestSessionIDsAreNotLogged(t *testing.T) {
	s := open(t)
	for path, route := range map[string]string{
		"/accounts/api/sessions/canary5e1f":  "/accounts/api/sessions/:id",
		"/api/accounts/sessions/canary5e1f/": "/api/accounts/sessions/:id/",
		sessionsPath:                         sessionsPath,
		othersPath:                           othersPath,
	} {
		s.logged.TakeAll()
		s.send(request{method: "DELETE", path: path})
		if got := s.logged.All()[0].ContextMap()["route"]; got != route {
			t.Errorf("%s is logged as %s, want %s", path, got, route)
		}
	}
}
