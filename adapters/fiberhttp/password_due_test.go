package fiberhttp_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/adapters/fiberhttp"
	"gatehouse/application/signin"
	"gatehouse/domain"
)

const (
	dueCookie  = "password_due"
	deletesDue = "password_due=; Path=/; Max-Age=0" + attributes
	tellsDue   = `{"detail":"Your password has to be changed before you can go on. Open ` + resetURL + `","code":"password_needs_reset","password_reset_url":"` + resetURL + `"}`
	noTokens   = `{"detail":"Authentication credentials were not provided."}`
)

// dueSignIn signs the first person in. The password is due. It returns the cookie as a browser sends it.
func (s *shop) dueSignIn(headers ...string) string {
	s.t.Helper()
	return "Cookie: " + dueCookie + "=" + s.cookieOf(s.send(signInAs(address(1), password, headers...)), dueCookie)
}

// askedLink is the secret of a link that the first person has asked for.
func (s *shop) askedLink() string {
	s.t.Helper()
	check(s.t, s.send(post(resetPath, emailOf(address(1)))), 200, onItsWay)
	return s.tokenInLetter(1)
}

// checkDueCookies checks that an answer stops a sign-in in cookies, and does nothing else to them.
func checkDueCookies(t *testing.T, a answer) {
	t.Helper()
	if len(a.cookies) != 3 || a.cookies[0] != deletesAccess || a.cookies[1] != deletesRefresh ||
		!strings.HasPrefix(a.cookies[2], dueCookie+"=1.") || !strings.HasSuffix(a.cookies[2], "; Path=/; Max-Age=600"+attributes) {
		t.Errorf("cookies %q", a.cookies)
	}
}

// What the shop's apps do: sign in, ask who it is whatever the answer was, and show detail
// unless the status is 401 or 5xx.
func TestAnAppThatDoesNotKnowOfADueChange(t *testing.T) {
	s := open(t, cookieMode, people(person(1, resetDue)))
	a := s.send(signInAs(address(1), password))
	check(t, a, 200, `{`+needsReset+`}`, a.cookies...)
	checkDueCookies(t, a)
	cookies := "Cookie: " + dueCookie + "=" + s.cookieOf(a, dueCookie)
	for _, path := range site("me") {
		check(t, s.send(get(path, cookies)), 403, tellsDue)
		check(t, s.send(get(path, cookies+"; access_token=old; refresh_token=old")), 403, tellsDue)
		check(t, s.send(get(path, cookies, bearer("old"))), 403, tellsDue)
		check(t, s.send(get(path, cookies, "Authorization: Bearer")), 403, tellsDue)
	}
	if a := s.send(request{method: "HEAD", path: mePath, headers: []string{cookies}}); a.status != 403 {
		t.Errorf("HEAD: got %d", a.status)
	}
	if before := s.lastEvent().Sequence; s.send(get(mePath, cookies)).status != 403 || s.lastEvent().Sequence != before {
		t.Error("a question is in the audit trail")
	}
}

// The attributes are those of the other cookies.
func TestTheDueCookieHasTheAttributesOfTheOthers(t *testing.T) {
	s := open(t, cookieMode, people(person(1, resetDue)), func(s *shop) {
		s.config.Cookies.Domain, s.config.Cookies.SameSite = "example.test", "None"
	})
	const others = "; Domain=example.test; Path=/; Max-Age="
	const end = "; HttpOnly; Secure; SameSite=None"
	a := s.send(signInAs(address(1), password))
	if set := a.cookies[len(a.cookies)-1]; !strings.HasSuffix(set, others+"600"+end) {
		t.Errorf("it is set with %q", set)
	}
	gone := s.send(post(logoutPath, "", "Cookie: "+dueCookie+"="+s.cookieOf(a, dueCookie)))
	if !slices.Contains(gone.cookies, dueCookie+"="+others+"0"+end) {
		t.Errorf("it is deleted with %q", gone.cookies)
	}
}

// The session of before must not answer for the person who has just typed a password.
func TestADueSignInEndsTheSessionOfTheCookies(t *testing.T) {
	for name, cookies := range map[string]func(access, refresh string) string{
		"access":  func(access, _ string) string { return accessCookie(access) },
		"refresh": func(_, refresh string) string { return refreshCookie(refresh) },
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, cookieMode, people(person(1, resetDue), person(2)))
			old, refresh := s.signIn(2)
			elsewhere, _ := s.signIn(2)
			a := s.send(signInAs(address(1), password, cookies(old, refresh)))
			checkDueCookies(t, a)
			s.mustWork(old, false)
			s.mustWork(elsewhere, true)
			due := dueCookie + "=" + s.cookieOf(a, dueCookie)
			check(t, s.send(get(mePath, cookies(old, refresh)+"; "+due)), 403, tellsDue)
		})
	}
}

// Where nothing is enforced, where tokens are in the body, and where the other site's page signs in,
// nothing is said in cookies and no session ends.
func TestADueSignInThatIsNotToldInCookies(t *testing.T) {
	for name, c := range map[string]struct {
		options []option
		headers []string
		status  int
	}{
		"body mode":         {nil, nil, 200},
		"a program":         {[]option{cookieMode}, []string{"X-Token-Transport: body"}, 200},
		"from another site": {[]option{cookieMode}, []string{otherSite}, 403},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, append(c.options, people(person(1, resetDue), person(2)))...)
			access, _ := s.signIn(2)
			a := s.send(signInAs(address(1), password, append(c.headers, accessCookie(access))...))
			if a.status != c.status || len(a.cookies) > 0 {
				t.Errorf("got %d %s, cookies %q", a.status, a.body, a.cookies)
			}
			s.mustWork(access, true)
		})
	}
	s := open(t, cookieMode, warnOnly, people(person(1, resetDue)))
	check(t, s.send(signInAs(address(1), password)), 200, `{`+needsReset+`}`, setsAccess, setsRefresh)
}

// The cookie is gone with whatever settles the matter.
func TestWhatDeletesTheDueCookie(t *testing.T) {
	for name, c := range map[string]struct {
		send func(s *shop, due string) request
		all  bool // the cookies with tokens are deleted too
	}{
		"signing in": {func(_ *shop, due string) request { return signInAs(address(2), password, due) }, false},
		"signing in on the page": {func(_ *shop, due string) request {
			return signInOn(signInPath, address(2), password).and(due)
		}, false},
		"a change":             {func(_ *shop, due string) request { return changeAs(address(1), password, newPassword).and(due) }, false},
		"a change on the page": {func(_ *shop, due string) request { return submit(address(1), password, newPassword, newPassword, due) }, false},
		"a link": {func(s *shop, due string) request {
			return post(confirmPath, linkOf(uid(1), s.askedLink(), newPassword), due)
		}, false},
		"a link on the page": {func(s *shop, due string) request {
			return fill("/accounts/password_reset/confirm/", "uid", uid(1), "token", s.askedLink(), "new_password", newPassword, "new_password_again", newPassword).and(due)
		}, false},
		"signing out":     {func(_ *shop, due string) request { return post(logoutPath, "", due) }, true},
		"signing out all": {func(_ *shop, due string) request { return post(logoutPath, `{"scope":"all"}`, due) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, cookieMode, people(person(1, resetDue), person(2)))
			a := s.send(c.send(s, s.dueSignIn()))
			if a.status > 303 || !slices.Contains(a.cookies, deletesDue) || c.all != slices.Contains(a.cookies, deletesAccess) {
				t.Errorf("got %d %s, cookies %q", a.status, a.body, a.cookies)
			}
			s = open(t, cookieMode, people(person(1, resetDue), person(2)))
			if a := s.send(c.send(s, "Cookie: theme=dark")); slices.Contains(a.cookies, deletesDue) {
				t.Errorf("a browser without it gets %q", a.cookies)
			}
		})
	}
}

// A cookie that is forged, too old, settled or not ours counts as if it was not there.
func TestDueCookiesThatAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		alter   func(cookie string) string
		happens func(*shop)
	}{
		"forged":                {func(c string) string { return c[:len(c)-1] + "_" }, nil},
		"of another person":     {func(c string) string { return strings.Replace(c, string(person(1).ID), string(person(2).ID), 1) }, nil},
		"too old":               {nil, func(s *shop) { s.clock.Advance(10 * time.Minute) }},
		"settled":               {nil, func(s *shop) { s.save(person(1)) }},
		"replayed after it":     {nil, func(s *shop) { s.send(changeAs(address(1), password, newPassword)) }},
		"of another due change": {nil, func(s *shop) { s.save(person(1, resetDue, func(p *domain.Staff) { p.Credentials.Version++ })) }},
		"left":                  {nil, func(s *shop) { s.save(person(1, resetDue, left)) }},
		"deleted":               {nil, func(s *shop) { s.remove(1) }},
		"empty":                 {func(string) string { return "Cookie: " + dueCookie + "=" }, nil},
		"garbage":               {func(string) string { return "Cookie: " + dueCookie + "=1.x.y.z" }, nil},
		"under another name":    {func(c string) string { return strings.Replace(c, dueCookie, "Password_due", 1) }, nil},
		"the device's":          {func(string) string { return "Cookie: " + dueCookie + "=" + firstDevice }, nil},
		"beyond four": {func(c string) string {
			return strings.Replace(c, "Cookie: ", "Cookie: "+strings.Repeat(dueCookie+"=x; ", 4), 1)
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, cookieMode, people(person(1, resetDue), person(2)))
			cookie := s.dueSignIn()
			if c.alter != nil {
				cookie = c.alter(cookie)
			}
			if c.happens != nil {
				c.happens(s)
			}
			check(t, s.send(get(mePath, cookie)), 401, noTokens)
		})
	}
	t.Run("beside a forged one it is good", func(t *testing.T) {
		s := open(t, cookieMode, people(person(1, resetDue)))
		forged := strings.Replace(s.dueSignIn(), "Cookie: ", "Cookie: "+dueCookie+"=1.x.y.z; ", 1)
		check(t, s.send(get(mePath, forged)), 403, tellsDue)
	})
	t.Run("in body mode", func(t *testing.T) {
		due := open(t, cookieMode, people(person(1, resetDue))).dueSignIn()
		check(t, open(t, people(person(1, resetDue))).send(get(mePath, due)), 401, noTokens)
	})
}

// It opens nothing, and a good access token goes before it.
func TestTheDueCookieOpensNothing(t *testing.T) {
	s := open(t, cookieMode, people(person(1, resetDue), person(2)))
	due := s.dueSignIn()
	check(t, s.send(get("/accounts/api/sessions/", due)), 401, noTokens)
	check(t, s.send(post(changePath, passwords(password, newPassword), due)), 400, `{"username":["This field is required."]}`)
	check(t, s.send(post(refreshPath, "", due)), 400, `{"refresh":["This field is required."]}`)
	access, _ := s.signIn(2)
	if a := s.send(get(mePath, due+"; access_token="+access)); a.status != 200 {
		t.Errorf("with a good access token: %d %s", a.status, a.body)
	}
}

// Trouble with the database is neither "due" nor "not signed in".
func TestDueWhenTheDatabaseCannotAnswer(t *testing.T) {
	s := open(t, cookieMode, people(person(1, resetDue)))
	due := s.dueSignIn()
	s.broken.Store(true)
	check(t, s.send(get(mePath, due)), 503, notNow)
	failing := errors.New("a fault of ours")
	s = open(t, cookieMode, with(func(u *fiberhttp.UseCases) {
		u.CurrentStaff = do[signin.CurrentStaffQuery, signin.CurrentStaffResult](func(context.Context, signin.CurrentStaffQuery) (signin.CurrentStaffResult, error) {
			return signin.CurrentStaffResult{}, failing
		})
	}))
	if a := s.send(get(mePath, due+"; access_token=x")); a.status != 500 {
		t.Errorf("got %d %s", a.status, a.body)
	}
}

// The page for the change knows who comes from the app, says why, and leads back to where people wanted
// to go.
func TestFromTheAppThroughTheChangeAndBack(t *testing.T) {
	s := open(t, cookieMode, people(person(1, resetDue)))
	const there, back = pagePath + "?next=%2Fjobs%2F7%3Fa%3D1", signInPath + "?next=%2Fjobs%2F7%3Fa%3D1"
	due := s.dueSignIn()
	a := s.send(get(there, due, browserAccepts))
	checkPage(t, a, 200, "Change your password")
	if typedInto(a, "username") != address(1) || !strings.Contains(a.body, `<p class="notice">Your password has to be changed before you can go on.`) {
		t.Errorf("got %s", a.body)
	}
	a = s.send(fill(there, "username", address(1), "old_password", password, "new_password", newPassword, "new_password_again", newPassword).and(due))
	checkPage(t, a, 200, "Your password is changed")
	if !strings.Contains(a.body, `action="`+back+`"`) {
		t.Errorf("the page does not lead to %s:\n%s", back, a.body)
	}
	a = s.send(signInOn(back, address(1), newPassword))
	if a.status != 303 || a.header.Get("Location") != "/jobs/7?a=1" {
		t.Errorf("got %d to %q", a.status, a.header.Get("Location"))
	}
}
