package fiberhttp_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/domain"
)

const waitTwo = `{"detail":"Request was throttled. Expected available in 2 seconds.","code":"throttled"}`

// After five wrong passwords every answer is the same, whether or not the password is right
// and whether or not anybody has the address.
func TestThrottled(t *testing.T) {
	for name, mode := range modes {
		t.Run(name, func(t *testing.T) {
			s := open(t, mode)
			var answers []answer
			for _, username := range []string{address(1), "nobody@example.test"} {
				for range 5 {
					check(t, s.send(signInAs(username, wrong)), 401, badCredentials)
				}
				s.clock.Advance(time.Millisecond) // 1.999 s are rounded up
				for _, typed := range []string{wrong, password} {
					a := s.send(signInAs(username, typed))
					check(t, a, 429, waitTwo)
					answers = append(answers, a)
				}
				check(t, s.send(post(changePath, `{"username":`+quoted(username)+`,"old_password":`+quoted(password)+`,"new_password":`+quoted(newPassword)+`}`)), 429, waitTwo)
			}
			for _, a := range answers {
				if got := a.header.Get("Retry-After"); got != "2" {
					t.Errorf("Retry-After is %q, want 2", got)
				}
				if got, want := slices.Sorted(maps.Keys(a.header)), slices.Sorted(maps.Keys(answers[0].header)); !slices.Equal(got, want) {
					t.Errorf("the headers are %q, want %q", got, want)
				}
			}
			s.clock.Advance(2 * time.Second)
			if a := s.send(signInAs(address(1), password)); a.status != 200 {
				t.Errorf("after the delay the answer is %d %s", a.status, a.body)
			}
		})
	}
}

func TestThrottledForASecond(t *testing.T) {
	s := open(t)
	for range 5 {
		s.send(signInAs(address(1), wrong))
	}
	s.clock.Advance(1999 * time.Millisecond)
	a := s.send(signInAs(address(1), wrong))
	check(t, a, 429, `{"detail":"Request was throttled. Expected available in 1 second.","code":"throttled"}`)
	if got := a.header.Get("Retry-After"); got != "1" {
		t.Errorf("Retry-After is %q, want 1", got)
	}
}

// An account that is held promises no time; Retry-After says when to look again.
func TestThrottledUntilFreed(t *testing.T) {
	s := open(t, func(s *shop) { s.policy.Throttle.AccountBudget = 3 })
	for range 3 {
		check(t, s.send(signInAs(address(1), wrong)), 401, badCredentials)
	}
	a := s.send(signInAs(address(1), password))
	check(t, a, 429, `{"detail":"Request was throttled. There were too many wrong passwords: ask an administrator to unlock the account.","code":"throttled"}`)
	if got := a.header.Get("Retry-After"); got != "900" {
		t.Errorf("Retry-After is %q, want 900", got)
	}
}

func TestThePageIsThrottled(t *testing.T) {
	form := "username=person1%40example.test&old_password=x&new_password=y&new_password_again=y"
	for name, c := range map[string]struct {
		change option
		says   string
	}{
		"delayed": {func(*shop) {}, "There were too many wrong passwords. Try again in 2 s."},
		"held":    {func(s *shop) { s.policy.Throttle.AccountBudget = 5 }, "ask an administrator to unlock the account"},
	} {
		s := open(t, c.change)
		for range 5 {
			if a := s.send(post(pagePath, form, formType)); a.status != 401 {
				t.Fatalf("%s: the answer is %d", name, a.status)
			}
		}
		a := s.send(post(pagePath, form, formType))
		if a.status != 429 || a.header.Get("Retry-After") == "" || !strings.Contains(a.body, c.says) || !strings.Contains(a.body, `value="person1@example.test"`) {
			t.Errorf("%s: the answer is %d, Retry-After %q, %s", name, a.status, a.header.Get("Retry-After"), a.body)
		}
	}
}

// The cookie, or that of a session, lets a browser in where others are made to wait, in every place that takes a
// password; in another browser or damaged it does not. It is not set in body mode, nor for programs (see TestSigningIn).
func TestTheDeviceCookie(t *testing.T) {
	s := open(t, cookieMode)
	check(t, s.send(signInAs(address(1), password, "User-Agent: one", sameOrigin)), 200, tokensAway, setsAccess, setsRefresh, setsDevice)
	for range 5 {
		check(t, s.send(signInAs(address(1), wrong, "User-Agent: two")), 401, badCredentials)
		check(t, s.send(signInAs(address(2), wrong, "User-Agent: two")), 401, badCredentials)
	}
	const device, two = "Cookie: device=" + firstDevice, "User-Agent: two"
	change := post(changePath, `{"username":`+quoted(address(1))+`,"old_password":`+quoted(password)+`,"new_password":"short"}`, two)
	page := post(pagePath, "username=person1%40example.test&old_password=kea+open+every+bin&new_password=y&new_password_again=y", formType, two)
	for name, c := range map[string]struct {
		send   request
		status int
	}{
		"known":                 {signInAs(address(1), password, device, "User-Agent: three"), 200},
		"known, change":         {change.and(device), 400},
		"known, page":           {page.and(device), 400},
		"known, sign-in page":   {signInOn(signInPath, address(1), password, device, "User-Agent: four"), 303},
		"session":               {signInAs(address(1), password, refreshCookie(firstRefresh), "User-Agent: five"), 200},
		"session, change":       {change.and(refreshCookie(firstRefresh)), 400},
		"session, page":         {page.and(refreshCookie(firstRefresh)), 400},
		"session, sign-in page": {signInOn(signInPath, address(1), password, refreshCookie(firstRefresh), "User-Agent: six"), 303},
		"unknown":               {signInAs(address(1), password, two), 429},
		"unknown, change":       {change, 429},
		"unknown, page":         {page, 429},
		"unknown, sign-in page": {signInOn(signInPath, address(1), password, two), 429},
		"of somebody else":      {signInAs(address(2), password, device, two), 429},
		"damaged":               {signInAs(address(1), password, device+"x", two), 429},
		"under another name":    {signInAs(address(1), password, strings.Replace(device, "device", "Device", 1), two), 429},
		"twice":                 {signInAs(address(1), password, device+"; device=x", two), 429},
	} {
		if a := s.send(c.send); a.status != c.status {
			t.Errorf("%s: the answer is %d %s, want %d", name, a.status, a.body, c.status)
		}
	}
}

// A device is no credential: signing out keeps it, and a page of another site is not refused
// because of it.
func TestTheDeviceCookieStays(t *testing.T) {
	s := open(t, cookieMode)
	check(t, s.send(signInAs(address(1), password, sameOrigin)), 200, tokensAway, setsAccess, setsRefresh, setsDevice)
	const all = "Cookie: device=" + firstDevice + "; access_token=" + firstAccess + "; refresh_token=" + firstRefresh
	check(t, s.send(post(logoutPath, "", all)), 200, signedOut, deletesAccess, deletesRefresh)
	if a := s.send(post(verifyPath, `{"token":"x"}`, "Cookie: device="+firstDevice, otherSite)); a.status != 401 {
		t.Errorf("the answer is %d %s", a.status, a.body)
	}
	later := s.send(signInAs(address(2), password, "Cookie: device="+firstDevice, sameOrigin))
	if len(later.cookies) != 3 || !strings.HasPrefix(later.cookies[2], strings.Replace("device="+firstDevice, ".xYZ_", ".", 1)[:len("device=1.")+32]) ||
		!strings.Contains(later.cookies[2], firstDevice[35:]) {
		t.Errorf("the second person gets %q, want the same device with both people", later.cookies)
	}
}

// The first refusal is in the trail, with who was meant.
func TestThrottlingIsAudited(t *testing.T) {
	s := open(t)
	for range 10 {
		s.send(signInAs(address(1), wrong))
	}
	got := s.lastEvent()
	if got.Outcome != domain.OutcomeBlocked || got.Reason != domain.ReasonThrottled || got.StaffID != person(1).ID || got.Sequence != 6 {
		t.Errorf("the last event is %+v, want one refusal", got)
	}
}
