package fiberhttp_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"gatehouse/domain"
)

// submit fills in the form as person 1.
func submit(username, old, new, again string, headers ...string) request {
	values := url.Values{"username": {username}, "old_password": {old}, "new_password": {new}, "new_password_again": {again}}
	return post(pagePath, values.Encode(), append([]string{formType}, headers...)...)
}

func TestThePage(t *testing.T) {
	s := open(t, func(s *shop) { s.config.PasswordMinLength = 17 })
	a := s.send(get(pagePath + "?username=evil&problem=evil"))
	checkPage(t, a, 200, "Change your password")
	for _, want := range []string{
		`<form method="post" novalidate>`, "At least 17 characters.", `passwordrules="minlength: 17;`,
		`id="username" name="username" type="text" inputmode="email" autocomplete="username" required`, `value=""`,
		`id="old_password" name="old_password" type="password" autocomplete="current-password" required`,
		`id="new_password" name="new_password" type="password" autocomplete="new-password" required`,
		`id="new_password_again" name="new_password_again" type="password" autocomplete="new-password" required`,
	} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the page does not have %s", want)
		}
	}
	if found := regexp.MustCompile(`evil|role="alert"|aria-invalid|autofocus`).FindString(a.body); found != "" {
		t.Errorf("the page has %s", found)
	}
}

// Whoever is signed in need not say who they are.
func TestThePageKnowsWhoIsSignedIn(t *testing.T) {
	s := open(t, cookieMode)
	access, refresh := s.signIn(1)
	for name, c := range map[string]struct{ cookie, username string }{
		"by the access cookie":  {accessCookie(access), address(1)},
		"by the refresh cookie": {refreshCookie(refresh), address(1)},
		"a bad cookie":          {accessCookie("garbage"), ""},
		"two different cookies": {"Cookie: access_token=a; access_token=b", ""},
		"none":                  {"X: y", ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := s.send(get(pagePath, c.cookie))
			if got := typedInto(a, "username"); a.status != 200 || got != c.username {
				t.Errorf("%d, and the address is %q, want %q", a.status, got, c.username)
			}
		})
	}
	s.broken.Store(true)
	checkPage(t, s.send(get(pagePath, accessCookie(access))), 200, "Change your password")
}

// Another site may have put a cookie of another person into the browser. An expired access token still names
// the browser's owner. A forged one is not replaced.
func TestThePageRenewsNothingForTwoOwners(t *testing.T) {
	s := open(t, cookieMode)
	own, refresh := s.signIn(1)
	others, _ := s.signIn(2)
	ended, _ := s.signIn(2)
	s.send(post(logoutPath, "", bearer(ended)))
	pair := func(access string) string { return "Cookie: access_token=" + access + "; refresh_token=" + refresh }
	if a := s.send(get(devicePath, pair(ended))); a.status != 303 || len(a.cookies) > 0 {
		t.Errorf("with a session of somebody else that is over: %d %q", a.status, a.cookies)
	}
	s.clock.Advance(time.Hour)
	for name, c := range map[string]struct{ access, username string }{
		"over":                       {own, address(1)},
		"over, and somebody else's":  {others, ""},
		"ended, and somebody else's": {ended, ""},
		"forged":                     {others[:len(others)-9] + "forgotten", ""},
	} {
		a := s.send(get(pagePath, pair(c.access)))
		if got := typedInto(a, "username"); got != c.username || (len(a.cookies) > 0) != (got != "") {
			t.Errorf("%s: the address is %q, want %q; set are %q", name, got, c.username, a.cookies)
		}
	}
}

func TestChangingAPasswordOnThePage(t *testing.T) {
	for name, c := range map[string]struct {
		who     func(*domain.Staff)
		send    request
		cookies []string
	}{
		"plainly":          {nil, submit(address(1), password, newPassword, newPassword), nil},
		"padded address":   {nil, submit(" "+address(1)+" ", password, newPassword, newPassword), nil},
		"due":              {resetDue, submit(address(1), password, newPassword, newPassword), nil},
		"with old cookies": {nil, submit(address(1), password, newPassword, newPassword, accessCookie("x"), sameOrigin), []string{deletesAccess, deletesRefresh}},
		"multipart": {nil, post(pagePath, part("username", address(1))+part("old_password", password)+part("new_password", newPassword)+
			part("new_password_again", newPassword)+"--b--\r\n", multipartType), nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, cookieMode, public("https://shop.example.test/gate"))
			access, _ := s.signIn(1)
			if c.who != nil {
				s.save(person(1, c.who))
			}
			a := s.send(c.send)
			check(t, a, 200, a.body, c.cookies...)
			checkPage(t, a, 200, "Your password is changed")
			if !strings.Contains(a.body, `<p class="status" role="status">Your password is changed.`) || typedInto(a, "username") != address(1) ||
				!strings.Contains(a.body, `<form method="post" action="/gate/accounts/login/" novalidate>`) {
				t.Errorf("got %s", a.body)
			}
			checkNoSecrets(t, a)
			s.mustWork(access, false)
			if a := s.send(signInAs(address(1), newPassword)); a.status != 200 || a.body != tokensAway {
				t.Errorf("signing in with the new password: %d %s", a.status, a.body)
			}
		})
	}
}

func TestThePageSaysWhatIsWrong(t *testing.T) {
	const (
		noAddress = "username: Enter your e-mail address."
		noOld     = "old_password: Enter your present password."
		noNew     = "new_password: Choose a new password."
		noAgain   = "new_password_again: Type the new password again."
		differ    = "new_password_again: The two new passwords are not the same."
		bad       = "old_password: The e-mail address or the present password is wrong."
		tooShort  = "new_password: This password is too short. It must contain at least 15 characters."
		unchanged = "new_password: This is the present password. Choose another one."
		tooMuch   = "This cannot be used, or is too long: "
		nothing   = noAddress + "|" + noOld + "|" + noNew + "|" + noAgain
		longNew   = "new_password: This password is too long. It must contain at most 1024 bytes.|new_password_again: " + tooMuch + "New password, again."
		blankNew  = "new_password: This password is only white space. Choose another one.|" + noAgain
	)
	hostile := `"><script>alert(1)</script>'&amp;` + "\u202e`=/>" + `{{.Title}}`
	for name, c := range map[string]struct {
		who      func(*domain.Staff)
		send     request
		status   int
		problem  string
		username string
	}{
		"wrong old one":    {nil, submit(address(1), wrong, newPassword, newPassword), 401, bad, address(1)},
		"unknown address":  {nil, submit("nobody@example.test", password, newPassword, newPassword), 401, bad, "nobody@example.test"},
		"inactive":         {inactive, submit(address(1), password, newPassword, newPassword), 401, bad, address(1)},
		"left":             {left, submit(address(1), password, newPassword, newPassword), 401, bad, address(1)},
		"hostile address":  {nil, submit(hostile, password, newPassword, newPassword), 401, bad, hostile},
		"two new ones":     {nil, submit(address(1), password, newPassword, newPassword+" "), 400, differ, address(1)},
		"two, wrong old":   {nil, submit(hostile, wrong, newPassword, "x"), 400, differ, hostile},
		"too short":        {nil, submit(address(1), password, "short", "short"), 400, tooShort, address(1)},
		"unchanged":        {nil, submit(address(1), password, password, password), 400, unchanged, address(1)},
		"nothing":          {nil, post(pagePath, ""), 400, nothing, ""},
		"address alone":    {nil, submit(hostile, "", "", ""), 400, noOld + "|" + noNew + "|" + noAgain, hostile},
		"no address":       {nil, submit("", password, newPassword, newPassword), 400, noAddress, ""},
		"no second time":   {nil, submit(address(1), password, newPassword, ""), 400, noAgain, address(1)},
		"long address":     {nil, submit(strings.Repeat("x", 255), password, newPassword, newPassword), 400, "username: " + tooMuch + "E-mail address.", ""},
		"long password":    {nil, submit(address(1), password, strings.Repeat("x", 1025), strings.Repeat("x", 1025)), 400, longNew, address(1)},
		"blank password":   {nil, submit(address(1), password, strings.Repeat(" ", 20), strings.Repeat(" ", 20)), 400, blankNew, address(1)},
		"NUL in it":        {nil, submit(address(1), password, newPassword+"\x00", newPassword+"\x00"), 400, "new_password: " + tooMuch + "New password.|new_password_again: " + tooMuch + "New password, again.", address(1)},
		"a token will not": {nil, submit("", password, newPassword, newPassword, bearer(firstAccess)), 400, noAddress, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			access, _ := s.signIn(1)
			if c.who != nil {
				s.save(person(1, c.who))
			}
			a := s.send(c.send)
			check(t, a, c.status, a.body)
			checkPage(t, a, c.status, "Change your password")
			if got := problemsOf(a); got != c.problem {
				t.Errorf("the page says %q, want %q", got, c.problem)
			}
			if got := typedInto(a, "username"); got != c.username {
				t.Errorf("the address is %q, want %q", got, c.username)
			}
			if strings.Contains(a.body, "<script>") || strings.Contains(a.body, hostile) {
				t.Errorf("the page is not escaped:\n%s", a.body)
			}
			checkNoSecrets(t, a)
			s.save(person(1))
			s.mustWork(access, true)
		})
	}
}

// Why a change is due is said until it is made, and not to whom it does not concern.
func TestThePageGoesOnSayingWhy(t *testing.T) {
	s := open(t, cookieMode, people(person(1, resetDue)))
	const notice, kept = `<p class="notice">Your password has to be changed before you can go on.`, `<input type="hidden" name="due" value="now">`
	send := signInOn(signInPath, address(1), password)
	for _, wanted := range []string{"at first", "after a mistake", "after another"} {
		a := s.send(send)
		if !strings.Contains(a.body, notice) || !strings.Contains(a.body, kept) || linkOn(a, "Go on") != "" {
			t.Errorf("%s: got %s", wanted, a.body)
		}
		send = fill(pagePath, "due", "now", "username", address(1), "old_password", password, "new_password", "short", "new_password_again", "short")
	}
	for _, due := range []string{"", "x", "<b>"} {
		if a := s.send(fill(pagePath, "due", due)); strings.Contains(a.body, `class="notice"`) || strings.Contains(a.body, `name="due"`) {
			t.Errorf("%q: got %s", due, a.body)
		}
	}
}

// checkNoSecrets looks for passwords that come back.
func checkNoSecrets(t *testing.T, a answer) {
	t.Helper()
	for _, secret := range []string{password, newPassword, wrong} {
		if strings.Contains(a.body, secret) || strings.Contains(a.body, url.QueryEscape(secret)) {
			t.Errorf("the page has a password in it:\n%s", a.body)
		}
	}
}

// What the page cannot explain is answered as everywhere.
func TestThePageFails(t *testing.T) {
	s := open(t)
	check(t, s.send(post(pagePath, "{")), 400, `{"detail":"JSON parse error - the body is not valid JSON"}`)
	check(t, s.send(post(pagePath, "x", "Content-Type: text/plain")), 415, `{"detail":"Unsupported media type \"text/plain\" in request."}`)
	s.broken.Store(true)
	check(t, s.send(submit(address(1), password, newPassword, newPassword)), 503, notNow)
	full := open(t, func(s *shop) { s.hasher.Full = true })
	check(t, full.send(submit(address(1), password, newPassword, newPassword)), 503, busy)
	check(t, full.send(signInAs(address(1), password)), 503, busy)
	check(t, full.send(changeAs(address(1), password, newPassword)), 503, busy)
}

// Everything that is wrong with a new password is told at once.
func TestThePageTellsAllReasons(t *testing.T) {
	a := open(t).send(submit(address(1), password, "abababab", "abababab"))
	checkPage(t, a, 400, "Change your password")
	const want = "new_password: This password is too short. It must contain at least 15 characters.|" +
		"new_password: This password is a pattern: a row of keys, a sequence, or the same few characters over and over. Choose four or more words that have nothing to do with each other."
	if got := problemsOf(a); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
