package fiberhttp_test

import (
	"net/url"
	"strings"
	"testing"

	"gatehouse/domain"
)

const deviceIsSet = "device=" + firstDevice + "; Path=/; Max-Age=34560000; HttpOnly; Secure; SameSite=Lax"

func signInOn(path, username, password string, headers ...string) request {
	return fill(path, "username", username, "password", password).and(headers...)
}

func TestTheSignInPage(t *testing.T) {
	s := open(t, cookieMode, public("https://shop.example.test/gate"))
	for _, path := range []string{signInPath, "/api/accounts/login", signInPath + "?next=/x", signInPath + "?next=//evil.test&username=evil"} {
		a := s.send(get(path))
		checkPage(t, a, 200, "Sign in")
		for _, want := range []string{
			`<form method="post" novalidate>`, `autocomplete="username"`, `autocomplete="current-password"`,
			`href="/gate/accounts/assets/style-`, `src="/gate/accounts/assets/enhance-`,
		} {
			if !strings.Contains(a.body, want) {
				t.Errorf("%s does not have %s", path, want)
			}
		}
		if strings.Contains(a.body, "evil") || len(a.cookies) > 0 {
			t.Errorf("%s: %q %s", path, a.cookies, a.body)
		}
	}
	a := s.send(get(signInPath + "?next=/jobs/7%3Fx=1"))
	if got := linkOn(a, "Change your password"); got != "/gate/accounts/password_change/?next=%2Fjobs%2F7%3Fx%3D1" {
		t.Errorf("the link to the change is %s", got)
	}
}

// Without cookies there is nothing to sign in to, and no such page.
func TestNoPagesForCookiesInBodyMode(t *testing.T) {
	s := open(t)
	for _, path := range []string{signInPath, devicePath, "/api/accounts/login/"} {
		for _, method := range []string{"GET", "POST", "OPTIONS"} {
			check(t, s.send(request{method: method, path: path}), 404, notFound)
		}
	}
	checkPage(t, s.send(get(signInPath, browserAccepts)), 404, "There is no such page")
	a := s.send(submit(address(1), password, newPassword, newPassword))
	checkPage(t, a, 200, "Your password is changed")
	if strings.Contains(a.body, "<form") || linkOn(a, "Back to the shop") != "/" {
		t.Errorf("got %s", a.body)
	}
}

func TestSigningInOnThePage(t *testing.T) {
	for name, c := range map[string]struct {
		options []option
		path    string
		leadsTo string
	}{
		"plainly":              {nil, signInPath, "/"},
		"other root, no slash": {nil, "/api/accounts/login", "/"},
		"below a prefix":       {[]option{public(publicURL + "/gate")}, signInPath, "/gate/"},
		"to the app":           {[]option{redirecting("https://app.example.test/jobs/")}, signInPath, "https://app.example.test/jobs/"},
		"to a path":            {[]option{redirecting("/jobs/")}, signInPath, "/jobs/"},
		"on":                   {nil, signInPath + "?next=/jobs/7%3Fa=b%26c", "/jobs/7?a=b&c"},
		"on to a friend":       {[]option{redirecting("/", friend)}, signInPath + "?next=" + url.QueryEscape(friend+"/jobs/"), friend + "/jobs/"},
		"on to somebody else":  {[]option{redirecting("/home/", friend)}, signInPath + "?next=https://evil.test/", "/home/"},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, append(c.options, cookieMode)...)
			a := s.send(signInOn(c.path, " "+address(1)+" ", password))
			check(t, a, 303, "", setsAccess, setsRefresh, deviceIsSet)
			if got := a.header.Get("Location"); got != c.leadsTo {
				t.Errorf("it leads to %q, want %q", got, c.leadsTo)
			}
			s.mustWork(firstAccess, true)
		})
	}
}

// redirecting says where people go on.
func redirecting(to string, allowed ...string) option {
	return func(s *shop) { s.config.Pages.SignInRedirect, s.config.Pages.RedirectAllowed = to, allowed }
}

// The policy counts where a form's answer leads as a place that it is sent to.
func TestThePolicyLetsSigningInLeadOn(t *testing.T) {
	s := open(t, cookieMode, redirecting("https://app.example.test/jobs/", friend, "https://app.example.test"))
	got := s.send(get(signInPath)).header.Get("Content-Security-Policy")
	if want := strings.Replace(pagePolicy, "form-action 'self'", "form-action 'self' "+"https://app.example.test "+friend, 1); got != want {
		t.Errorf("the policy is %s, want %s", got, want)
	}
}

func TestTheSignInPageSaysWhatIsWrong(t *testing.T) {
	const bad = "password: The e-mail address or the password is wrong."
	for name, c := range map[string]struct {
		who      func(*domain.Staff)
		send     request
		status   int
		problem  string
		username string
	}{
		"wrong password":  {nil, signInOn(signInPath, address(1), wrong), 401, bad, address(1)},
		"unknown address": {nil, signInOn(signInPath, "nobody@example.test", password), 401, bad, "nobody@example.test"},
		"inactive":        {inactive, signInOn(signInPath, address(1), password), 401, bad, address(1)},
		"inactive, due":   {func(s *domain.Staff) { inactive(s); resetDue(s) }, signInOn(signInPath, address(1), password), 401, bad, address(1)},
		"due, wrong":      {resetDue, signInOn(signInPath, address(1), wrong), 401, bad, address(1)},
		"hostile address": {nil, signInOn(signInPath, `"><script>alert(1)</script>`, password), 401, bad, `"><script>alert(1)</script>`},
		"nothing":         {nil, post(signInPath, ""), 400, "username: Enter your e-mail address.|password: Enter your password.", ""},
		"no password":     {nil, signInOn(signInPath, address(1), ""), 400, "password: Enter your password.", address(1)},
		"long address":    {nil, signInOn(signInPath, strings.Repeat("x", 255), password), 400, "username: This cannot be used, or is too long: E-mail address.", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, cookieMode, people(person(1)))
			if c.who != nil {
				s.save(person(1, c.who))
			}
			a := s.send(c.send)
			checkPage(t, a, c.status, "Sign in")
			if got := problemsOf(a); got != c.problem {
				t.Errorf("the page says %q, want %q", got, c.problem)
			}
			if got := typedInto(a, "username"); got != c.username || len(a.cookies) > 0 {
				t.Errorf("the address is %q, want %q; cookies %q", got, c.username, a.cookies)
			}
			if !strings.Contains(a.body, "<title>Problem: Sign in · Gatehouse</title>") {
				t.Error("the title does not say that there is a problem")
			}
			checkNoSecrets(t, a)
		})
	}
}

// Where a due change is only announced, people are signed in, told, and may go on.
func TestSigningInWhenAChangeIsAnnounced(t *testing.T) {
	s := open(t, cookieMode, warnOnly, people(person(1, resetDue), person(2)))
	const there, notice = "/accounts/password_change/?next=%2Fjobs%2F", `<p class="notice">Your password is to be changed.`
	a := s.send(signInOn(signInPath+"?next=/jobs/", address(1), password))
	check(t, a, 303, "", setsAccess, setsRefresh, deviceIsSet)
	if got := a.header.Get("Location"); got != there {
		t.Errorf("it leads to %q, want %q", got, there)
	}
	for _, r := range []request{get(there, accessCookie(firstAccess)), fill(there, "due", "soon", "username", address(1))} {
		a := s.send(r)
		if typedInto(a, "username") != address(1) || !strings.Contains(a.body, notice) || linkOn(a, "Go on") != "/jobs/" {
			t.Errorf("%s: got %s", r.method, a.body)
		}
	}
	access, _ := s.signIn(2)
	if a := s.send(get(there, accessCookie(access))); strings.Contains(a.body, `class="notice"`) || linkOn(a, "Go on") != "" {
		t.Errorf("somebody with nothing due is told %s", a.body)
	}
}

// Somebody whose password must be changed is not asked again who they are.
func TestSigningInWhenAChangeIsDue(t *testing.T) {
	s := open(t, cookieMode, people(person(1, resetDue)))
	a := s.send(signInOn(signInPath+"?next=/jobs/", address(1), password))
	checkPage(t, a, 200, "Change your password")
	checkDueCookies(t, a)
	if typedInto(a, "username") != address(1) || !strings.Contains(a.body, `<p class="notice">Your password has to be changed before you can go on.`) {
		t.Errorf("got %s", a.body)
	}
	const onward = "/accounts/password_change/?next=%2Fjobs%2F"
	if !strings.Contains(a.body, `<form method="post" action="`+onward+`" novalidate>`) {
		t.Errorf("the form does not lead to %s", onward)
	}
	checkNoSecrets(t, a)
	a = s.send(fill(onward, "username", address(1), "old_password", password, "new_password", newPassword, "new_password_again", newPassword))
	checkPage(t, a, 200, "Your password is changed")
	const back = "/accounts/login/?next=%2Fjobs%2F"
	if !strings.Contains(a.body, `<form method="post" action="`+back+`" novalidate>`) || typedInto(a, "username") != address(1) {
		t.Errorf("got %s", a.body)
	}
	a = s.send(signInOn(back, address(1), newPassword))
	if a.status != 303 || a.header.Get("Location") != "/jobs/" || len(a.cookies) != 3 {
		t.Errorf("got %d to %q, cookies %q", a.status, a.header.Get("Location"), a.cookies)
	}
}

// A page of another site signs nobody in, not even as somebody else.
func TestSigningInOnThePageFromAnotherSite(t *testing.T) {
	for from, origin := range origins {
		t.Run(from, func(t *testing.T) {
			s := open(t, cookieMode, allowing(friend))
			r := request{method: "POST", path: signInPath, body: "username=person1%40example.test&password=kea+open+every+bin", headers: []string{formType, browserAccepts}}
			a := s.send(r.and(origin.lines...))
			if origin.welcome {
				if a.status != 303 || len(a.cookies) < 2 {
					t.Errorf("got %d %q", a.status, a.cookies)
				}
				return
			}
			checkPage(t, a, 403, "Not from there")
			if len(a.cookies) > 0 {
				t.Errorf("cookies %q", a.cookies)
			}
		})
	}
}

// Whoever shares a device sees who is signed in on it.
func TestTheSignInPageKnowsWhoIsSignedIn(t *testing.T) {
	s := open(t, cookieMode)
	access, _ := s.signIn(1)
	a := s.send(get(signInPath+"?next=/jobs/", accessCookie(access)))
	checkPage(t, a, 200, "Sign in")
	if !strings.Contains(a.body, "You are signed in as "+address(1)) || linkOn(a, "Go on") != "/jobs/" || linkOn(a, "Your devices") != devicePath {
		t.Errorf("got %s", a.body)
	}
}

func TestTheSignInPageIsThrottled(t *testing.T) {
	s := open(t, cookieMode)
	for range 5 {
		s.send(signInOn(signInPath, address(1), wrong))
	}
	a := s.send(signInOn(signInPath, address(1), password))
	checkPage(t, a, 429, "Sign in")
	if got := problemsOf(a); got != "There were too many wrong passwords. Try again in 2 s." || a.header.Get("Retry-After") != "2" || len(a.cookies) > 0 {
		t.Errorf("got %q, Retry-After %q, cookies %q", got, a.header.Get("Retry-After"), a.cookies)
	}
}
