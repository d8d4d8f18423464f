package fiberhttp_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// What an answer says to a browser about reading it from another origin.
func corsHeaders(a answer) map[string]string {
	told := map[string]string{}
	for name, lines := range a.header {
		if strings.HasPrefix(name, "Access-Control-") || name == "Vary" {
			told[name] = strings.Join(lines, "|")
		}
	}
	return told
}

const colleague = "http://localhost:5173"

// Pages of the listed origins may read every answer, with credentials; nobody else any.
func TestWhoMayReadAnswers(t *testing.T) {
	s := open(t, cookieMode, allowing(friend, colleague))
	readable := func(origin string) map[string]string {
		return map[string]string{"Vary": "Origin", "Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"}
	}
	mayNot := map[string]string{"Vary": "Origin"}
	for name, c := range map[string]struct {
		lines []string
		want  map[string]string
	}{
		"a friend":            {[]string{"Origin: " + friend}, readable(friend)},
		"a colleague":         {[]string{"Origin: " + colleague}, readable(colleague)},
		"nobody says":         {nil, mayNot},
		"nothing":             {[]string{"Origin:"}, mayNot},
		"ourselves":           {[]string{ourOrigin}, mayNot}, // a page of ours needs no leave
		"another site":        {[]string{"Origin: https://evil.test"}, mayNot},
		"a sandboxed frame":   {[]string{"Origin: null"}, mayNot},
		"capitals":            {[]string{"Origin: HTTPS://APP.EXAMPLE.TEST:8443"}, mayNot},
		"our friend's start":  {[]string{"Origin: " + friend + ".evil.test"}, mayNot},
		"our friend's end":    {[]string{"Origin: https://evilapp.example.test:8443"}, mayNot},
		"below our friend":    {[]string{"Origin: https://x.app.example.test:8443"}, mayNot},
		"an empty label":      {[]string{"Origin: https://.app.example.test:8443"}, mayNot},
		"other port":          {[]string{"Origin: https://app.example.test"}, mayNot},
		"other scheme":        {[]string{"Origin: http://app.example.test:8443"}, mayNot},
		"path":                {[]string{"Origin: " + friend + "/"}, mayNot},
		"two friends in one":  {[]string{"Origin: " + friend + ", " + colleague}, mayNot},
		"friend as a referer": {[]string{"Referer: " + friend}, mayNot},
	} {
		t.Run(name, func(t *testing.T) {
			for _, r := range []request{
				get(mePath), get("/healthz"), get("/.well-known/jwks.json"), get("/nothing"), get(pagePath),
				signInAs(address(1), password), signInAs(address(1), wrong), post(tokenPath, ""), post(logoutPath, ""),
				post(refreshPath, "", refreshCookie("garbage")), {method: "PUT", path: mePath}, {method: "FOO", path: mePath}, padded(70000),
			} {
				if got := corsHeaders(s.send(r.and(c.lines...))); !maps.Equal(got, c.want) {
					t.Errorf("%s %s: got %v, want %v", r.method, r.path, got, c.want)
				}
			}
		})
	}
}

// Without a list there is nothing to be said, whoever asks.
func TestNobodyElseMayReadAnswers(t *testing.T) {
	s := open(t, cookieMode)
	for _, e := range endpoints {
		for _, origin := range []string{ourOrigin, "Origin: https://evil.test", "Origin: null", "Origin: *"} {
			for _, method := range allMethods {
				r := request{method: method, path: e.paths[0], headers: []string{origin, "Access-Control-Request-Method: POST"}}
				if got := corsHeaders(s.send(r)); len(got) > 0 {
					t.Errorf("%s %s to %s: got %v", method, r.path, origin, got)
				}
			}
		}
	}
}

func TestPreflight(t *testing.T) {
	s := open(t, cookieMode, allowing(friend))
	ask := []string{"Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: x-evil", otherSite, accessCookie("x")}
	for _, e := range endpoints {
		for _, path := range e.paths {
			r := request{method: "OPTIONS", path: path + "/", headers: ask}
			a := s.send(r.and("Origin: " + friend))
			if got, want := corsHeaders(a), map[string]string{
				"Vary":                             "Origin",
				"Access-Control-Allow-Origin":      friend,
				"Access-Control-Allow-Credentials": "true",
				"Access-Control-Allow-Methods":     "GET, POST, DELETE",
				"Access-Control-Allow-Headers":     "Content-Type, Authorization, X-Token-Transport",
				"Access-Control-Max-Age":           "600",
			}; a.status != 204 || !maps.Equal(got, want) {
				t.Errorf("%s: got %d %v, want %v", path, a.status, got, want)
			}
			for _, origin := range []string{"https://evil.test", "null", publicURL} {
				a := s.send(r.and("Origin: " + origin))
				if got := corsHeaders(a); a.status != 204 || !slices.Equal(slices.Collect(maps.Keys(got)), []string{"Vary"}) {
					t.Errorf("%s for %s: got %d %v", path, origin, a.status, got)
				}
			}
		}
	}
	a := s.send(request{method: "OPTIONS", path: "/nothing", headers: append(ask, "Origin: "+friend)})
	if got := corsHeaders(a); a.status != 404 || got["Access-Control-Allow-Methods"] != "" {
		t.Errorf("for an unknown path: got %d %v", a.status, got)
	}
}
