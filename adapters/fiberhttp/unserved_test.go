package fiberhttp_test

import (
	"regexp"
	"strings"
	"testing"
)

// What other services are often found to serve by mistake is not there.
func TestNothingElseIsServed(t *testing.T) {
	s := open(t)
	for _, path := range []string{
		"/.git/HEAD", "/.git/config", "/.svn/entries", "/.env", "/.DS_Store", "/go.mod", "/gatehouse.db", "/audit.key",
		"/debug/pprof/", "/debug/pprof/heap", "/debug/vars", "/metrics", "/status", "/server-status", "/version",
		"/swagger/", "/swagger/index.html", "/docs/", "/redoc", "/graphql", "/admin/", "/accounts/login/", "/static/", "/favicon.ico",
		"/.well-known/openid-configuration", "/.well-known/security.txt", "/oauth/token", "/robots.txt",
	} {
		for _, method := range []string{"GET", "POST", "OPTIONS"} {
			if a := s.send(request{method: method, path: path}); a.status != 404 || a.body != notFound {
				t.Errorf("%s %s: got %d %s", method, path, a.status, a.body)
			}
		}
	}
}

var inputOfPage = regexp.MustCompile(`<input [^>]*>`)

// What is typed into a field for a password is hidden, and password managers are neither
// kept out nor cut short.
func TestPasswordFieldsOfThePage(t *testing.T) {
	fields := 0
	for _, input := range inputOfPage.FindAllString(open(t).send(get(pagePath)).body, -1) {
		if !strings.Contains(input, `password`) {
			continue
		}
		fields++
		if !strings.Contains(input, ` type="password" `) || !strings.Contains(input, `-password"`) || strings.Contains(input, "maxlength") {
			t.Errorf("the page has %s", input)
		}
	}
	if fields != 3 {
		t.Errorf("%d fields are for passwords, want 3", fields)
	}
}
