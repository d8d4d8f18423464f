package fiberhttp_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"gatehouse/domain"
)

const (
	askPath     = "/accounts/password_reset/"
	newPassPath = "/accounts/password_reset/confirm/"
	linkIsGone  = "This link does not work any more"
)

// byMail lets people ask for links.
func byMail(s *shop) {
	s.config.Pages.ResetByMail = true
}

// letterLink asks for a link for the n-th person and returns its address in the letter.
func (s *shop) letterLink(n int) string {
	s.t.Helper()
	checkPage(s.t.(*testing.T), s.send(fill(askPath, "email", address(n))), 200, "Look into your mail")
	return newPassPath + "?" + url.Values{"uid": {uid(n)}, "token": {s.tokenInLetter(n)}}.Encode()
}

// choose fills in the form that the link leads to.
func choose(link, new, again string, headers ...string) request {
	_, query, _ := strings.Cut(link, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		panic(err) // the fixture is wrong
	}
	return fill(newPassPath, "uid", values.Get("uid"), "token", values.Get("token"), "new_password", new, "new_password_again", again).and(headers...)
}

func TestAskingForALinkOnThePage(t *testing.T) {
	s := open(t, byMail)
	a := s.send(get(askPath + "?email=evil"))
	checkPage(t, a, 200, "Forgotten your password?")
	if !strings.Contains(a.body, `id="email" name="email"`) || strings.Contains(a.body, "evil") {
		t.Errorf("got %s", a.body)
	}
	known, unknown := s.send(fill(askPath, "email", " "+address(1)+" ")), s.send(fill("/api/accounts/password_reset", "email", "nobody@example.test"))
	checkPage(t, known, 200, "Look into your mail")
	if known.body != unknown.body || known.status != unknown.status {
		t.Errorf("an address that nobody has is answered differently:\n%s\n%s", known.body, unknown.body)
	}
	for typed, says := range map[string]string{"": "email: Enter your e-mail address.", strings.Repeat("x", 255): "email: This cannot be used, or is too long: E-mail address."} {
		a := s.send(fill(askPath, "email", typed))
		checkPage(t, a, 400, "Forgotten your password?")
		if got := problemsOf(a); got != says {
			t.Errorf("the page says %q, want %q", got, says)
		}
	}
	s.broken.Store(true)
	checkPage(t, s.send(fill(askPath, "email", address(1))), 503, "Not just now")
}

// People who forgot their password on the way to a place still get there. A place elsewhere is forgotten.
func TestForgottenPasswordsKeepNext(t *testing.T) {
	for _, mail := range []bool{true, false} {
		s := open(t, cookieMode, byMail, func(s *shop) { s.policy.Links.Mail = mail })
		for next, leads := range map[string]string{"?next=%2Fjobs%2F7": "?next=%2Fjobs%2F7", "?next=//evil.test": ""} {
			link := `href="` + askPath + leads + `"`
			for name, r := range map[string]request{
				"sign in": get(signInPath + next), "change": get(site("password_change")[0] + next),
				"wrong change": fill(site("password_change")[0]+next, "username", address(1)),
			} {
				if a := s.send(r); !strings.Contains(a.body, link) {
					t.Errorf("mail %t: %s%s has no %s:\n%s", mail, name, next, link, a.body)
				}
			}
			want, _ := url.QueryUnescape(strings.TrimPrefix(leads, "?next="))
			if a := s.send(fill(askPath+next, "email", address(1))); want != "" != strings.Contains(a.body, `href="/jobs/7"`) || strings.Contains(a.body, "evil") {
				t.Errorf("mail %t: the answer to %s:\n%s", mail, next, a.body)
			}
		}
	}
}

// Where no mail is sent, nobody is kept waiting for it.
func TestAskingForALinkWithoutMail(t *testing.T) {
	s := open(t, func(s *shop) { s.policy.Links.Mail = false })
	for _, r := range []request{get(askPath), fill(askPath, "email", address(1))} {
		a := s.send(r)
		checkPage(t, a, 200, "Forgotten your password?")
		if strings.Contains(a.body, "<form") || !strings.Contains(a.body, "Ask an administrator of the shop") {
			t.Errorf("got %s", a.body)
		}
	}
}

func TestALinkLeadsToANewPassword(t *testing.T) {
	s := open(t, byMail, cookieMode)
	access, _ := s.signIn(1)
	link := s.letterLink(1)
	for range 3 { // looking is free
		a := s.send(get(link))
		checkPage(t, a, 200, "Choose a new password")
		for _, want := range []string{`<form method="post" action="` + newPassPath + `" novalidate>`, `<input type="hidden" name="uid" value="` + uid(1) + `">`, `autocomplete="new-password"`} {
			if !strings.Contains(a.body, want) {
				t.Errorf("the page does not have %s", want)
			}
		}
	}
	s.mustWork(access, true)
	for _, c := range []struct{ new, again, says string }{
		{newPassword, newPassword + "x", "new_password_again: The two new passwords are not the same."},
		{"short", "short", "new_password: This password is too short. It must contain at least 15 characters."},
		{"", "", "new_password: Choose a new password.|new_password_again: Type the new password again."},
	} {
		a := s.send(choose(link, c.new, c.again))
		checkPage(t, a, 400, "Choose a new password")
		if got := problemsOf(a); got != c.says || !strings.Contains(a.body, uid(1)) {
			t.Errorf("the page says %q, want %q", got, c.says)
		}
	}
	s.mustWork(access, true)
	a := s.send(choose(link, newPassword, newPassword))
	checkPage(t, a, 200, "Your password is changed")
	if len(a.cookies) > 0 || !strings.Contains(a.body, `action="`+signInPath+`"`) {
		t.Errorf("got %q %s", a.cookies, a.body)
	}
	checkNoSecrets(t, a)
	s.mustWork(access, false)
	checkPage(t, s.send(choose(link, newPassword+"!", newPassword+"!")), 400, linkIsGone)
	if a := s.send(signInAs(address(1), newPassword)); a.status != 200 {
		t.Errorf("signing in with the new password: %d %s", a.status, a.body)
	}
}

// A link that works is not lost because the service does not: its form comes again.
func TestALinkOutlivesTrouble(t *testing.T) {
	s := open(t, byMail)
	link := s.letterLink(1)
	s.broken.Store(true)
	a := s.send(choose(link, newPassword, newPassword))
	checkPage(t, a, 503, "Choose a new password")
	if got := problemsOf(a); got != "The service cannot do this right now, and nothing has been changed. Try again in a moment." {
		t.Errorf("the page says %q", got)
	}
	if a.header.Get("Retry-After") == "" || !strings.Contains(a.body, "Request "+a.header.Get("X-Request-Id")) || !strings.Contains(a.body, `name="uid" value="`+uid(1)+`"`) {
		t.Errorf("got %s", a.body)
	}
	checkNoSecrets(t, a)
	s.broken.Store(false)
	checkPage(t, s.send(choose(link, newPassword, newPassword)), 200, "Your password is changed")
	if a := s.send(post(newPassPath, "", formType, otherSite, browserAccepts)); a.status != 403 || linkOn(a, "Try again") != "" {
		t.Errorf("without what was in the link there is nothing to try again: %d %s", a.status, a.body)
	}
}

func TestLinksThatDoNotWork(t *testing.T) {
	s := open(t, byMail)
	late := s.letterLink(1)
	s.clock.Advance(24 * time.Hour)
	checkPage(t, s.send(choose(late, newPassword, newPassword)), 400, linkIsGone)
	for _, link := range []string{newPassPath + "?uid=" + uid(1) + "&token=x", newPassPath + "?uid=x&token=x", newPassPath + "?token=x", newPassPath} {
		checkPage(t, s.send(choose(link, newPassword, newPassword)), 400, linkIsGone)
	}
	for _, link := range []string{newPassPath, newPassPath + "?uid=x", newPassPath + "?token=x", newPassPath + "?uid=x&token=" + strings.Repeat("x", 129)} {
		a := s.send(get(link))
		checkPage(t, a, 200, linkIsGone)
		if linkOn(a, "Ask for a new link") != askPath {
			t.Errorf("%s: got %s", link, a.body)
		}
	}
	hostile := `"><script>alert(1)</script>`
	a := s.send(get(newPassPath + "?" + url.Values{"uid": {hostile}, "token": {hostile}}.Encode()))
	checkPage(t, a, 200, "Choose a new password")
	if strings.Contains(a.body, "<script>") {
		t.Errorf("the page is not escaped:\n%s", a.body)
	}
}

// Too many at once are told so, in words that fit.
func TestTheResetPagesAreThrottled(t *testing.T) {
	throttled := func(s *shop) { s.policy.Throttle.NetworkBudget = 1 }
	s := open(t, byMail, throttled)
	var last answer
	for range 5 {
		last = s.send(fill(askPath, "email", address(1)))
	}
	checkPage(t, last, 429, "Forgotten your password?")
	if got := problemsOf(last); got != "There were too many attempts. Try again in 15 min." || last.header.Get("Retry-After") == "" {
		t.Errorf("the page says %q, Retry-After %q", got, last.header.Get("Retry-After"))
	}
	if event := s.lastEvent(); event.Reason != domain.ReasonThrottled {
		t.Errorf("audited as %q", event.Reason)
	}
}
