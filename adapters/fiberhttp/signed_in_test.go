package fiberhttp_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// renewing are requests that a browser with an expired access cookie may send. Each ends well.
var renewing = map[string]request{
	"me":               get(mePath),
	"sessions":         get("/accounts/api/sessions/"),
	"end the others":   post("/accounts/api/sessions/revoke-others/", ""),
	"end one":          {method: "DELETE", path: "/accounts/api/sessions/" + secondID + "/"},
	"page of sessions": get(devicePath),
}

// browser are the cookies that a browser sends. An empty token is a missing cookie.
func browser(access, refresh string) string {
	var pairs []string
	for name, value := range map[string]string{"access_token": access, "refresh_token": refresh} {
		if value != "" {
			pairs = append(pairs, name+"="+value)
		}
	}
	return "Cookie: " + strings.Join(pairs, "; ")
}

// renewals are the events of renewals in the audit trail.
func (s *shop) renewals() (n int) {
	s.t.Helper()
	for _, event := range s.events(ports.AuditFilter{Kind: domain.EventTokenRenew}) {
		if event.Outcome != domain.OutcomeSuccess || event.StaffID != person(1).ID || event.Session != firstID {
			s.t.Errorf("the trail has %+v", event)
		}
		n++
	}
	return n
}

func (s *shop) events(filter ports.AuditFilter) (found []domain.AuditEvent) {
	s.t.Helper()
	err := s.store.View(s.t.Context(), func(records ports.Records) error {
		for event, err := range records.Audit().Events(filter) {
			if err != nil {
				return err
			}
			found = append(found, event)
		}
		return nil
	})
	if err != nil {
		s.t.Fatalf("View: %v", err)
	}
	return found
}

// renewable is a shop whose first browser has an access cookie that is over. Person 1 has another
// session, too.
func renewable(t *testing.T, options ...option) (s *shop, access, refresh string) {
	t.Helper()
	s = open(t, append([]option{cookieMode, rotating(domain.RotateCookies)}, options...)...)
	access, refresh = s.signIn(1)
	s.signIn(1)
	s.clock.Advance(s.policy.AccessLifetime)
	return s, access, refresh
}

// An app that never refreshes stays signed in. The answer sets the access cookie alone.
func TestAnExpiredAccessCookieIsRenewed(t *testing.T) {
	for name, r := range renewing {
		for _, missing := range []bool{false, true} {
			s, access, refresh := renewable(t)
			if missing {
				access = ""
			}
			a := s.send(r.and(browser(access, refresh)))
			if a.status != 200 || len(a.cookies) != 1 || s.renewals() != 1 {
				t.Errorf("%s, cookie missing %t: %d %s, sets %q, renewals %d", name, missing, a.status, a.body, a.cookies, s.renewals())
				continue
			}
			fresh := s.cookieOf(a, "access_token")
			if want := "access_token=" + fresh + "; Path=/; Max-Age=900" + attributes; a.cookies[0] != want {
				t.Errorf("%s: sets %q, want %q", name, a.cookies[0], want)
			}
			s.mustWork(fresh, true)
			if again := s.send(post(refreshPath, "", refreshCookie(refresh))); again.status != 200 || s.lastEvent().Reason != domain.ReasonRotated {
				t.Errorf("%s: the refresh token is not the current one any more: %d %s", name, again.status, again.body)
			}
		}
	}
}

// A second tab, or an answer that is lost, gets the same token again for a minute, and nothing is written
// for it. The cookie lasts as long as the token still does.
func TestARenewalIsRepeated(t *testing.T) {
	s, access, refresh := renewable(t)
	cookies := browser(access, refresh)
	first := s.send(get(mePath, cookies))
	fresh, before := s.cookieOf(first, "access_token"), s.contents()
	s.clock.Advance(59*time.Second + 999*time.Millisecond)
	for name, r := range renewing {
		if name == "end one" || name == "end the others" {
			continue // these write for themselves
		}
		a := s.send(r.and(cookies))
		if want := "access_token=" + fresh + "; Path=/; Max-Age=841" + attributes; a.status != 200 || len(a.cookies) != 1 || a.cookies[0] != want {
			t.Errorf("%s: %d, sets %q, want %q", name, a.status, a.cookies, want)
		}
	}
	if after := s.contents(); after != before {
		t.Errorf("it has written:\n%s\nbefore:\n%s", after, before)
	}
	s.clock.Advance(time.Millisecond)
	if a := s.send(get(mePath, cookies)); s.cookieOf(a, "access_token") == fresh || s.renewals() != 2 {
		t.Errorf("after a minute: %q, %d renewals", a.cookies, s.renewals())
	}
}

func renewingNothing(s *shop) { s.policy.RenewAccess = false }

// With RENEW_ACCESS_TOKENS=false the pages lead to the sign-in page, as they do without cookies.
func TestPagesRenewNothingUnlessTheyMay(t *testing.T) {
	s, access, refresh := renewable(t, renewingNothing)
	checkLeads(t, s.send(get(devicePath, browser(access, refresh))), toSignIn)
}

// An app that never refreshes stays open in two tabs for an hour, and asks in both each minute. The tabs
// share their cookies. Requests of the second one leave before the answer to the first has come.
func TestAPageThatNeverRefreshesStaysSignedIn(t *testing.T) {
	s := open(t, cookieMode, rotating(domain.RotateCookies))
	access, refresh := s.signIn(1)
	before := s.store.updates.Load()
	for minute := range 61 {
		cookies := browser(access, refresh)
		for tab, r := range []request{get(mePath), get("/accounts/api/sessions/"), get(mePath, "Sec-Purpose: prefetch")} {
			a := s.send(r.and(cookies))
			if a.status != 200 {
				t.Fatalf("minute %d, tab %d: %d %s", minute, tab, a.status, a.body)
			}
			if len(a.cookies) > 0 {
				access = s.cookieOf(a, "access_token")
			}
		}
		s.clock.Advance(time.Minute)
	}
	if wrote := s.store.updates.Load() - before; wrote != 4 || s.renewals() != 4 {
		t.Errorf("%d updates and %d renewals in an hour, want 4", wrote, s.renewals())
	}
	if a := s.send(post(refreshPath, "", refreshCookie(refresh))); a.status != 200 {
		t.Errorf("the refresh token has stopped working: %d %s", a.status, a.body)
	}
}

// Ending the own session renews, and then deletes the cookies. The browser must not be told both.
func TestEndingTheOwnSessionLeavesNoCookie(t *testing.T) {
	s, access, refresh := renewable(t)
	r := request{method: "DELETE", path: "/accounts/api/sessions/" + firstID + "/", headers: []string{browser(access, refresh)}}
	check(t, s.send(r), 200, `{}`, deletesAccess, deletesRefresh)
}

// HEAD and reading ahead are answered as signed in. Nothing is written for them.
func TestReadingAheadRenewsNothing(t *testing.T) {
	for name, r := range map[string]request{
		"HEAD":          {method: "HEAD", path: mePath},
		"prefetch":      get(mePath, "Sec-Purpose: prefetch"),
		"prerender":     get(mePath, "Sec-Purpose: prefetch;prerender"),
		"older browser": get(mePath, "Purpose: prefetch"),
		"HEAD sessions": {method: "HEAD", path: "/accounts/api/sessions/"},
		"HEAD page":     {method: "HEAD", path: devicePath},
		"prefetch page": get(devicePath, "Sec-Purpose: Prefetch ; x"),
	} {
		s, access, refresh := renewable(t)
		before := s.contents()
		for _, access := range []string{access, ""} {
			if a := s.send(r.and(browser(access, refresh))); a.status != 200 || len(a.cookies) > 0 {
				t.Errorf("%s: %d %s, sets %q", name, a.status, a.body, a.cookies)
			}
		}
		if after := s.contents(); after != before {
			t.Errorf("%s has written:\n%s\nbefore:\n%s", name, after, before)
		}
	}
	for _, purpose := range []string{"Sec-Purpose: preview", "Purpose: x;prefetch", "Sec-Purpose:"} {
		s, access, refresh := renewable(t)
		if a := s.send(get(mePath, purpose, browser(access, refresh))); a.status != 200 || len(a.cookies) != 1 {
			t.Errorf("%s: %d %s, sets %q", purpose, a.status, a.body, a.cookies)
		}
	}
}

// contents are the sessions of person 1 and the number of events, as text.
func (s *shop) contents() string {
	s.t.Helper()
	var b strings.Builder
	err := s.store.View(s.t.Context(), func(records ports.Records) error {
		sessions, err := records.Sessions().OfStaff(person(1).ID)
		for _, session := range sessions {
			b.WriteString(quoted(string(session.ID)) + session.LastUsedAt.String() + quoted(string(session.CurrentToken)) + "\n")
		}
		return err
	})
	if err != nil {
		s.t.Fatalf("View: %v", err)
	}
	return b.String() + strings.Repeat("event ", len(s.events(ports.AuditFilter{})))
}

// Where nothing may be renewed, the answer is the same as without the refresh cookie, and nothing is
// written.
func TestWhatIsNotRenewed(t *testing.T) {
	const none = `{"detail":"Authentication credentials were not provided."}`
	expired := refusedAccess("Token is expired")
	for name, c := range map[string]struct {
		options []option
		happens func(*shop)
		headers func(s *shop, access, refresh string) []string
		status  int
		body    string
	}{
		"a header that is over": {headers: func(_ *shop, access, refresh string) []string {
			return []string{bearer(access), browser("", refresh)}
		}, body: expired},
		"a header without a token": {headers: func(_ *shop, access, refresh string) []string {
			return []string{"Authorization: Bearer", browser(access, refresh)}
		}, body: `{"detail":"Authorization header must contain two space-delimited values","code":"bad_authorization_header"}`},
		"an access cookie that nobody here has signed": {headers: func(_ *shop, _, refresh string) []string {
			return []string{browser("garbage", refresh)}
		}, body: refusedAccess("Token is invalid")},
		"an access cookie whose session is over": {headers: func(s *shop, _, refresh string) []string {
			ended, _ := s.signIn(1)
			s.send(post(logoutPath, "", bearer(ended)))
			return []string{browser(ended, refresh)}
		}, body: refusedAccess("Token is blacklisted")},
		"an access cookie of somebody else": {headers: func(s *shop, _, refresh string) []string {
			theirs, _ := s.signIn(2)
			s.clock.Advance(s.policy.AccessLifetime)
			return []string{browser(theirs, refresh)}
		}, body: expired},
		"an access token as refresh cookie": {headers: func(_ *shop, access, _ string) []string {
			return []string{browser(access, access)}
		}, body: expired},
		"two refresh cookies": {headers: func(_ *shop, access, refresh string) []string {
			return []string{browser(access, refresh) + "; refresh_token=x"}
		}, body: expired},
		"no refresh cookie": {headers: func(_ *shop, access, _ string) []string { return []string{browser(access, "")} }, body: expired},
		"an old refresh token": {happens: func(s *shop) {
			s.send(post(refreshPath, "", refreshCookie(firstRefresh)))
			s.clock.Advance(s.policy.AccessLifetime)
		}, body: expired},
		"a session that is over":     {happens: func(s *shop) { s.send(post(logoutPath, "", refreshCookie(firstRefresh))) }, body: expired},
		"a session that nobody used": {options: []option{func(s *shop) { s.policy.IdleLifetime = 20 * time.Minute }}, happens: func(s *shop) { s.clock.Advance(5 * time.Minute) }, body: expired},
		"a session out of time":      {happens: func(s *shop) { s.clock.Advance(s.policy.SessionLifetime) }, body: expired},
		"an inactive account":        {happens: func(s *shop) { s.save(person(1, inactive)) }, body: expired},
		"a person who has left":      {happens: func(s *shop) { s.save(person(1, left)) }, body: expired},
		"an account that is deleted": {happens: func(s *shop) { s.remove(1) }, body: expired},
		"a password that is due": {happens: func(s *shop) { s.save(person(1, resetDue)) },
			body: `{"detail":"The password must be changed before signing in again.","code":"password_needs_reset","password_reset_url":"` + resetURL + `"}`},
		"a token of the shop's Django": {headers: func(s *shop, _, refresh string) []string {
			return []string{browser("", s.alter(refresh, func(c *domain.Claims) { c.Session, c.Generation, c.ID = "", 0, "d" }))}
		}, body: none},
		"an operator who wants none": {options: []option{renewingNothing}, body: expired},
		"body mode":                  {options: []option{func(s *shop) { s.config.Cookies.Enabled = false }}, body: expired},
		"a page of another site": {headers: func(_ *shop, access, refresh string) []string {
			return []string{browser(access, refresh), "Sec-Fetch-Site: cross-site"}
		}, status: 403, body: `{"detail":"CSRF Failed: the request comes from another site.","code":"csrf_failed"}`},
		"a database that cannot answer": {happens: func(s *shop) { s.broken.Store(true) }, status: 503, body: notNow},
	} {
		t.Run(name, func(t *testing.T) {
			s, access, refresh := renewable(t, c.options...)
			headers := []string{browser(access, refresh)}
			if c.happens != nil {
				c.happens(s)
			}
			if c.headers != nil {
				headers = c.headers(s, access, refresh)
			}
			if c.status == 0 {
				c.status = 401
			}
			broken := s.broken.Swap(false)
			before := s.contents()
			s.broken.Store(broken)
			for door, r := range renewing {
				if strings.HasPrefix(door, "page") || r.method == "GET" && c.status == 403 {
					continue
				}
				check(t, s.send(r.and(headers...)), c.status, c.body)
			}
			s.broken.Store(false)
			if after := s.contents(); after != before {
				t.Errorf("it has written:\n%s\nbefore:\n%s", after, before)
			}
		})
	}
}
