package fiberhttp_test

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gatehouse/adapters/fiberhttp"
	"gatehouse/adapters/fiberhttp/proof"
	"gatehouse/application/signin"
	"gatehouse/domain"
)

// always are the headers of every answer that is JSON and may not be kept.
var always = map[string]string{
	"Content-Type":              "application/json",
	"Cache-Control":             "no-store",
	"X-Content-Type-Options":    "nosniff",
	"Referrer-Policy":           "no-referrer",
	"Content-Security-Policy":   "default-src 'none'; frame-ancestors 'none'",
	"Strict-Transport-Security": "max-age=31536000",
}

// checkAlways looks for the headers of every answer, but for those that are special here.
func checkAlways(t *testing.T, a answer, special map[string]string) {
	t.Helper()
	want := maps.Clone(always)
	maps.Copy(want, special)
	for name, value := range want {
		if got := strings.Join(a.header[name], "|"); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
	if id := strings.Join(a.header["X-Request-Id"], "|"); !ourID.MatchString(id) {
		t.Errorf("X-Request-Id is %q", id)
	}
	for _, name := range []string{"Server", "X-Powered-By", "Location"} {
		if got := a.header[name]; got != nil && (name != "Location" || a.status != 303) {
			t.Errorf("%s is %q", name, got)
		}
	}
}

var ourID = regexp.MustCompile(`^f[0-9a-f]{31}$`)

// Every route, by every spelling and method.
func TestHeadersOfEveryRoute(t *testing.T) {
	s := open(t)
	for _, e := range endpoints {
		for _, path := range e.paths {
			for _, method := range allMethods {
				t.Run(method+" "+path, func(t *testing.T) {
					checkAlways(t, s.send(request{method: method, path: path + "/"}), special(path, method))
				})
			}
		}
	}
}

// special are the headers in which a route differs.
func special(path, method string) map[string]string {
	reads := method == "GET" || method == "HEAD"
	switch {
	case method == "OPTIONS":
		return map[string]string{"Content-Type": ""} // there is no content
	case slices.Contains(pagePaths, strings.TrimSuffix(path, "/")) && (reads || method == "POST"):
		return map[string]string{"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": pagePolicy}
	case strings.HasSuffix(path, "jwks.json") && reads:
		return map[string]string{"Cache-Control": "public, max-age=300"}
	}
	return nil
}

// Every status that a request can be answered with.
func TestHeadersOfEveryStatus(t *testing.T) {
	panicking := with(func(u *fiberhttp.UseCases) {
		u.VerifyToken = do[signin.VerifyTokenQuery, signin.VerifyTokenResult](
			func(context.Context, signin.VerifyTokenQuery) (signin.VerifyTokenResult, error) {
				panic("on purpose")
			})
	})
	s := open(t, cookieMode, panicking)
	_, refresh := s.signIn(1)
	_, stale := s.signIn(2)
	s.remove(2)
	seen := map[int]bool{}
	for _, c := range []struct {
		status int
		send   request
		broken bool
	}{
		{200, signInAs(address(1), password), false},
		{200, post(refreshPath, "", refreshCookie(refresh)), false},
		{200, post(logoutPath, ""), false},
		{204, request{method: "OPTIONS", path: tokenPath}, false},
		{400, post(tokenPath, ""), false},
		{400, post(tokenPath, "{"), false},
		{400, signInAs(address(1), password, "X-Token-Transport: x"), false},
		{401, signInAs(address(1), wrong), false},
		{401, get(mePath), false},
		{401, post(refreshPath, "", refreshCookie("garbage")), false},
		{403, signInAs(address(1), password, otherSite), false},
		{404, get("/nothing"), false},
		{404, request{method: "FOO", path: "/nothing"}, false},
		{404, post(refreshPath, `{"refresh":"`+stale+`"}`), false},
		{405, request{method: "DELETE", path: mePath}, false},
		{405, request{method: "FOO", path: mePath}, false},
		{415, post(tokenPath, "x", "Content-Type: text/plain"), false},
		{500, post(verifyPath, `{"token":"x"}`), false},
		{503, post(refreshPath, "", refreshCookie(refresh)), true},
		{503, get("/readyz"), true},
	} {
		s.broken.Store(c.broken)
		a := s.send(c.send)
		if a.status != c.status {
			t.Errorf("%s %s: got %d %s, want %d", c.send.method, c.send.path, a.status, a.body, c.status)
		}
		checkAlways(t, a, special(c.send.path, c.send.method))
		seen[a.status] = true
	}
	if want := []int{200, 204, 400, 401, 403, 404, 405, 415, 500, 503}; !slices.Equal(slices.Sorted(maps.Keys(seen)), want) {
		t.Errorf("seen were %v", seen)
	}
}

// Also what no handler has seen.
func TestHeadersOfUnreadableRequests(t *testing.T) {
	for name, c := range unreadable {
		t.Run(name, func(t *testing.T) {
			answers := afterContinue(open(t).exchange(c.raw, "POST"))
			checkAlways(t, answers[0], nil)
			if !answers[0].closes {
				t.Error("the answer does not say that the connection is closed")
			}
		})
	}
}

// A browser that was told once to use https would never come back to plain http.
func TestTransportSecurityIsForHTTPSAlone(t *testing.T) {
	s := open(t, public("http://127.0.0.1:8080"))
	for _, r := range []request{get("/healthz"), get("/nothing"), get(pagePath), get("/healthz", "X-Forwarded-Proto: https")} {
		if got := s.send(r).header["Strict-Transport-Security"]; got != nil {
			t.Errorf("%s: Strict-Transport-Security is %q", r.path, got)
		}
	}
}

func TestRequestIDs(t *testing.T) {
	const proxy = "10.1.2.3"
	s := open(t, unthrottled, trusting("10.0.0.0/8"))
	for name, c := range map[string]struct {
		from  string
		lines []string
		kept  string // "" if the request gets a new one
	}{
		"none":                 {somebody, nil, ""},
		"the proxy's":          {proxy, []string{"X-Request-Id: a-B_c.9"}, "a-B_c.9"},
		"the proxy's, UUID":    {proxy, []string{"x-request-id: 3F2504E0-4F89-11D3-9A0C-0305E82C3301"}, "3F2504E0-4F89-11D3-9A0C-0305E82C3301"},
		"as long as allowed":   {proxy, []string{"X-Request-Id: " + strings.Repeat("x", 64)}, strings.Repeat("x", 64)},
		"somebody's":           {somebody, []string{"X-Request-Id: a-B_c.9"}, ""},
		"somebody's, forged":   {somebody, []string{"X-Request-Id: a-B_c.9", "X-Forwarded-For: 10.1.2.3"}, ""},
		"empty":                {proxy, []string{"X-Request-Id:"}, ""},
		"too long":             {proxy, []string{"X-Request-Id: " + strings.Repeat("x", 65)}, ""},
		"with a space":         {proxy, []string{"X-Request-Id: a b"}, ""},
		"with a quote":         {proxy, []string{`X-Request-Id: a","status":"200`}, ""},
		"with an escape":       {proxy, []string{"X-Request-Id: a\\u001b[31m"}, ""},
		"not ASCII":            {proxy, []string{"X-Request-Id: \u202e"}, ""},
		"not UTF-8":            {proxy, []string{"X-Request-Id: \xff"}, ""},
		"a list":               {proxy, []string{"X-Request-Id: a,b"}, ""},
		"in another header":    {proxy, []string{"X-Correlation-Id: a"}, ""},
		"after an odd one too": {proxy, []string{"X-Request-Id: a b", "X-Request-Id: ab"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s.logged.TakeAll()
			a := s.send(signInAs(address(1), wrong, c.lines...).by(c.from))
			id := strings.Join(a.header["X-Request-Id"], "|")
			if c.kept != "" && id != c.kept || c.kept == "" && !ourID.MatchString(id) {
				t.Errorf("got %q, want %q", id, c.kept)
			}
			if event := s.lastEvent(); event.Client.RequestID != id || event.Kind != domain.EventSignIn {
				t.Errorf("the audit trail says %q, the answer %q", event.Client.RequestID, id)
			}
			if logged := s.logged.TakeAll(); len(logged) != 1 || logged[0].ContextMap()["request_id"] != id {
				t.Errorf("the log says %v, the answer %q", logged, id)
			}
		})
	}
	if first, second := s.send(get("/healthz")), s.send(get("/healthz")); first.header.Get("X-Request-Id") == second.header.Get("X-Request-Id") {
		t.Error("two requests have the same id")
	}
}

// Every answer to the check of the proxy says who answers, and which client address was seen. Answers to
// others say neither.
func TestAnswersAreProvenToTheCheckAlone(t *testing.T) {
	key := domain.NewSecret("a key of the shop, 32 bytes long")
	s := open(t, trusting("10.0.0.0/8"), func(s *shop) { s.config.CheckKey = key })
	for _, path := range []string{"/accounts/me/", "/accounts/api/token/", "/nothing", "/accounts//me/"} {
		for _, method := range []string{"GET", "OPTIONS", "FOO"} {
			for _, sent := range []struct {
				line string
				want proof.Statement
			}{
				{"X: y", proof.Statement{Listener: "site", Address: "10.0.0.1", Believed: true}},
				{"X-Forwarded-For: 203.0.113.5", proof.Statement{Listener: "site", Address: "203.0.113.5", Believed: true}},
			} {
				question := proof.Ask(key)
				a := s.send(request{method: method, path: path, headers: []string{proof.Header + ": " + question.Value(), sent.line}}.by("10.0.0.1"))
				if got, ok := question.Read(a.header.Get(proof.Header)); !ok || got != sent.want {
					t.Errorf("%s %s, %s: it says %+v, %v", method, path, sent.line, got, ok)
				}
			}
		}
	}
	stranger := proof.Ask(domain.NewSecret("another key, also of 32 bytes long"))
	for _, value := range []string{"", "x", stranger.Value()} {
		if a := s.send(get("/accounts/me/", proof.Header+": "+value)); a.header[proof.Header] != nil {
			t.Errorf("a stranger is told %q", a.header[proof.Header])
		}
	}
	if a := open(t).send(get("/accounts/me/", proof.Header+": "+proof.Ask(domain.Secret{}).Value())); a.header[proof.Header] != nil {
		t.Errorf("without a key it says %q", a.header[proof.Header])
	}
}
