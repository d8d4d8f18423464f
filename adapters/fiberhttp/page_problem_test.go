package fiberhttp_test

import (
	"strings"
	"testing"
)

// What a page cannot explain is a page too for whoever asks for one, with the same status and
// headers; programs get JSON.
func TestProblemPages(t *testing.T) {
	tooMuch := strings.Repeat("x", 64<<10+1)
	for name, c := range map[string]struct {
		send    request
		status  int
		heading string
		json    string
		broken  bool
		options []option
	}{
		"not to be read":  {send: post(pagePath, "{"), status: 400, heading: "That did not arrive well", json: `{"detail":"JSON parse error - the body is not valid JSON"}`},
		"another type":    {send: post(pagePath, "x", "Content-Type: text/plain"), status: 415, heading: "That did not arrive well", json: `{"detail":"Unsupported media type \"text/plain\" in request."}`},
		"another method":  {send: request{method: "PUT", path: pagePath}, status: 405, heading: "That cannot be done here", json: `{"detail":"Method \"PUT\" not allowed."}`},
		"no known method": {send: request{method: "FOO", path: signInPath}, status: 405, heading: "That cannot be done here", json: `{"detail":"Method \"FOO\" not allowed."}`},
		"too much":        {send: post(signInPath, tooMuch), status: 413, heading: "That was too much", json: `{"detail":"The request's body is larger than 64 KiB."}`},
		"nothing there":   {send: get("/accounts/nothing/"), status: 404, heading: "There is no such page", json: notFound},
		"no such asset":   {send: get("/accounts/assets/style-0.css"), status: 404, heading: "There is no such page", json: notFound},
		"another site":    {send: post(devicePath, "", otherSite, accessCookie("x")), status: 403, heading: "Not from there", json: crossSite},
		"no database":     {send: submit(address(1), password, newPassword, newPassword), status: 503, heading: "Not just now", json: notNow, broken: true},
		"too busy":        {send: signInOn(signInPath, address(1), password), status: 503, heading: "Not just now", json: busy, options: []option{func(s *shop) { s.hasher.Full = true }}},
		"a mistake": {send: submit(address(1), password, newPassword, newPassword), status: 500, heading: "Something has gone wrong",
			json: `{"detail":"A server error occurred.","code":"server_error"}`, options: []option{useless}},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, append(c.options, cookieMode)...)
			s.broken.Store(c.broken)
			for _, accept := range []string{browserAccepts, "Accept: image/png, Text/HTML;q=0.9"} {
				checkPage(t, s.send(without(c.send, "Accept").and(accept)), c.status, c.heading)
			}
			for _, accept := range []string{"X: y", "Accept: */*", "Accept: application/json", "Accept:", "Accept: text/*"} {
				a := s.send(without(c.send, "Accept").and(accept))
				if a.status != c.status || a.body != c.json || a.header.Get("Content-Type") != "application/json" {
					t.Errorf("with %q: got %d %s", accept, a.status, a.body)
				}
			}
		})
	}
}

// without is the request without the lines of a header.
func without(r request, name string) request {
	var kept []string
	for _, line := range r.headers {
		if !strings.HasPrefix(line, name+":") {
			kept = append(kept, line)
		}
	}
	r.headers = kept
	return r
}

// A page that fails says under which name the log knows it.
func TestProblemPagesNameTheRequest(t *testing.T) {
	s := open(t, cookieMode, useless)
	a := s.send(signInOn(signInPath, address(1), password))
	if id := a.header.Get("X-Request-Id"); !strings.Contains(a.body, "Request "+id) {
		t.Errorf("%s is not in %s", id, a.body)
	}
	if linkOn(a, "Try again") != signInPath || linkOn(a, "Back to the shop") != "/" {
		t.Errorf("got %s", a.body)
	}
}

// Whoever tries again still goes on to where they wanted.
func TestProblemPagesKeepThePlace(t *testing.T) {
	s := open(t, cookieMode, func(s *shop) { s.hasher.Full = true })
	for query, want := range map[string]string{"?next=/jobs/%3Fa=b": "?next=%2Fjobs%2F%3Fa%3Db", "?next=//evil.test": "", "?x=y": ""} {
		a := s.send(signInOn(signInPath+query, address(1), password))
		if got := linkOn(a, "Try again"); got != signInPath+want {
			t.Errorf("%s: got %q", query, got)
		}
	}
}

// The API answers browsers as it does programs.
func TestTheAPIHasNoProblemPages(t *testing.T) {
	s := open(t, cookieMode)
	for _, e := range endpoints {
		if e.page {
			continue
		}
		for _, path := range e.paths {
			for _, method := range []string{"GET", "POST", "PUT", "FOO"} {
				a := s.send(request{method: method, path: path, headers: []string{browserAccepts}})
				if strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
					t.Errorf("%s %s: got %s", method, path, a.body)
				}
			}
		}
	}
	for _, path := range []string{"/accounts/api/nothing/", "/api/accounts/nothing/", "/accounts/api/token/x"} {
		check(t, s.send(get(path, browserAccepts)), 404, notFound)
	}
}
