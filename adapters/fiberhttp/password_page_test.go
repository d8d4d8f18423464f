package fiberhttp_test

import (
	"crypto/sha256"
	"encoding/base64"
	"html"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"gatehouse/domain"
)

// pagePolicy allows the page its one style and its one form.
func pagePolicy() string {
	style, err := os.ReadFile("pages/style.css")
	if err != nil {
		panic(err) // it is a part of the package
	}
	sum := sha256.Sum256(style)
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}

// submit fills in the form as person 1.
func submit(username, old, new, again string, headers ...string) request {
	values := url.Values{"username": {username}, "old_password": {old}, "new_password": {new}, "new_password_again": {again}}
	return post(pagePath, values.Encode(), append([]string{formType}, headers...)...)
}

var (
	styleOfPage   = regexp.MustCompile(`(?s)<style>(.*)</style>`)
	problemOfPage = regexp.MustCompile(`<p role="alert" id="problem">(.*)</p>`)
	valueOfPage   = regexp.MustCompile(`<input id="username"[^>]* value="([^"]*)"`)
)

func find(pattern *regexp.Regexp, page string) string {
	if found := pattern.FindStringSubmatch(page); found != nil {
		return html.UnescapeString(found[1])
	}
	return ""
}

func TestThePage(t *testing.T) {
	s := open(t, func(s *shop) { s.config.PasswordMinLength = 17 })
	a := s.send(get(pagePath + "?username=evil&problem=evil"))
	if a.status != 200 || !strings.HasPrefix(a.body, "<!doctype html>\n") || !strings.HasSuffix(a.body, "</html>\n") {
		t.Fatalf("got %d %s", a.status, a.body)
	}
	checkAlways(t, a, special(pagePath[:len(pagePath)-1], "GET"))
	for _, want := range []string{
		`<form method="post" action="">`, "At least 17 characters.", `autocomplete="current-password" required`, `autocomplete="new-password" required`,
		`name="username"`, `name="old_password"`, `name="new_password"`, `name="new_password_again"`, `value=""`,
	} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the page does not have %s", want)
		}
	}
	if found := regexp.MustCompile(`<script|evil|https?:|style=|role="alert"| on\w+=`).FindString(a.body); found != "" {
		t.Errorf("the page has %s", found)
	}
}

// The browser applies the style only if the policy has the hash of exactly what stands
// between the tags.
func TestThePolicyAllowsTheStyle(t *testing.T) {
	a := open(t).send(get(pagePath))
	sum := sha256.Sum256([]byte(styleOfPage.FindStringSubmatch(a.body)[1]))
	if want := "style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(a.header.Get("Content-Security-Policy"), want) {
		t.Errorf("the policy is %s, want in it %s", a.header.Get("Content-Security-Policy"), want)
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
			if !strings.Contains(a.body, `<p role="status">Your password is changed.`) || !strings.Contains(a.body, `<a href="https://shop.example.test/gate">`) || strings.Contains(a.body, "<form") {
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
		fill      = "Fill in every field. A password has at most 1024 bytes."
		differ    = "The two new passwords are not the same."
		bad       = "The e-mail address or the present password is wrong."
		tooShort  = "This password is too short. It must contain at least 15 characters."
		unchanged = "This is the present password. Choose another one."
	)
	hostile := `"><script>alert(1)</script>'&amp;` + "\u202e`=/>" + `{{.Style}}`
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
		"nothing":          {nil, post(pagePath, ""), 400, fill, ""},
		"address alone":    {nil, submit(hostile, "", "", ""), 400, fill, hostile},
		"no address":       {nil, submit("", password, newPassword, newPassword), 400, fill, ""},
		"no second time":   {nil, submit(address(1), password, newPassword, ""), 400, fill, address(1)},
		"long address":     {nil, submit(strings.Repeat("x", 255), password, newPassword, newPassword), 400, fill, ""},
		"long password":    {nil, submit(address(1), password, strings.Repeat("x", 1025), strings.Repeat("x", 1025)), 400, fill, address(1)},
		"a token will not": {nil, submit("", password, newPassword, newPassword, bearer(firstAccess)), 400, fill, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			access, _ := s.signIn(1)
			if c.who != nil {
				s.save(person(1, c.who))
			}
			a := s.send(c.send)
			check(t, a, c.status, a.body)
			checkAlways(t, a, special(pagePath[:len(pagePath)-1], "POST"))
			if got := find(problemOfPage, a.body); got != c.problem {
				t.Errorf("the page says %q, want %q", got, c.problem)
			}
			if got := find(valueOfPage, a.body); got != c.username {
				t.Errorf("the address is %q, want %q", got, c.username)
			}
			if strings.Contains(a.body, "<script") || strings.Contains(a.body, hostile) {
				t.Errorf("the page is not escaped:\n%s", a.body)
			}
			checkNoSecrets(t, a)
			s.save(person(1))
			s.mustWork(access, true)
		})
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
