package fiberhttp_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// Somebody who opens the service by itself is told where to go, and every way leads somewhere.
func TestTheHomePage(t *testing.T) {
	for mode, want := range map[string][]string{
		"body":   {"Change your password", "Documentation for programmers"},
		"cookie": {"Sign in", "Your devices", "Change your password", "Documentation for programmers"},
	} {
		s := open(t, modes[mode])
		a := s.send(get("/", browserAccepts))
		checkPage(t, a, 200, "What would you like to do?")
		if got := strings.Count(a.body, "<li><a "); got != len(want) {
			t.Errorf("%s mode: %d links, want %q:\n%s", mode, got, want, a.body)
		}
		for _, text := range want {
			if way := s.send(get(linkOn(a, text), browserAccepts)); way.status != 200 && way.status != 303 {
				t.Errorf("%s mode: %s leads to %d", mode, text, way.status)
			}
		}
	}
}

// The home page asks for no header, so that curl shows it too.
func TestTheHomePageIsForEverybodyWhoReads(t *testing.T) {
	s := open(t, cookieMode)
	for name, r := range map[string]request{
		"no header": get("/"), "anything": get("/", "Accept: */*"), "JSON": get("/", "Accept: application/json"),
	} {
		checkPage(t, s.send(r), 200, "What would you like to do?")
		if a := s.send(request{method: "HEAD", path: "/", headers: r.headers}); a.status != 200 || a.body != "" {
			t.Errorf("%s: HEAD answers %d %q", name, a.status, a.body)
		}
	}
}

// There is one spelling of the home page, and nothing can be sent to it.
func TestWhatIsNotTheHomePage(t *testing.T) {
	s := open(t, cookieMode)
	for name, r := range map[string]request{
		"POST": post("/", "", browserAccepts), "OPTIONS": {method: "OPTIONS", path: "/"},
		"//": get("//", browserAccepts), "/.": get("/.", browserAccepts), "/%2f": get("/%2f", browserAccepts),
	} {
		if a := s.send(r); a.status != 404 || strings.Contains(a.body, "What would you like") {
			t.Errorf("%s: got %d %s", name, a.status, a.body)
		}
	}
	a := s.send(get("/", browserAccepts, "Cookie: access_token=x; refresh_token=y"))
	if len(a.cookies) > 0 || a.status != 200 {
		t.Errorf("it answers %d and sets %q", a.status, slices.Sorted(maps.Keys(a.header)))
	}
}

// Behind a proxy that serves it under a prefix, the links have the prefix.
func TestTheHomePageHasThePrefix(t *testing.T) {
	a := open(t, cookieMode, public("https://shop.example.test/gate")).send(get("/", browserAccepts))
	for text, want := range map[string]string{"Sign in": "/gate/accounts/login/", "Documentation for programmers": "/gate/openapi.json"} {
		if got := linkOn(a, text); got != want {
			t.Errorf("%s leads to %q, want %q", text, got, want)
		}
	}
}
