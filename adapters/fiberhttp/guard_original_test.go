package fiberhttp_test

import (
	"bufio"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/domain"
)

// What a proxy may say of the original request, and what not. /open/x passes, so each refusal has its cause in
// the headers.
func TestHowProxiesDescribeARequest(t *testing.T) {
	const host, method, address = "gate.example.test", "X-Original-Method: GET", "X-Original-URL: " + publicURL + "/open/x"
	forwarded := traefik.of("GET", "/open/x")
	but := func(n int, line string) []string {
		lines := slices.Clone(forwarded)
		if lines[n] = line; line == "" {
			lines = slices.Delete(lines, n, n+1)
		}
		return lines
	}
	for name, c := range map[string]struct {
		headers []string
		wrong   string // what the log says; "" if it is understood
	}{
		"nginx":                       {[]string{method, address}, ""},
		"nginx, a host of its own":    {[]string{method, "X-Original-URL: http://127.0.0.1:8000/open/x"}, ""},
		"nginx, an IPv6 host":         {[]string{method, "X-Original-URL: http://[::1]:8000/open/x"}, ""},
		"Caddy":                       {forwarded, ""},
		"Traefik, a WebSocket":        {but(1, "X-Forwarded-Proto: wss"), ""},
		"both, alike":                 {append(slices.Clone(forwarded), method, address), ""},
		"both, but for their writing": {append(but(2, "X-Forwarded-Host: GATE.example.test:443"), method, address), ""},
		"nginx, and a lone protocol":  {[]string{method, address, "X-Forwarded-Proto: https"}, ""},
		"half of the other":           {append(but(0, ""), method, address), ""},

		"nothing":                       {nil, "a header is missing"},
		"nginx without the method":      {[]string{address}, "a header is missing"},
		"nginx without the address":     {[]string{method}, "a header is missing"},
		"Caddy without the method":      {but(0, ""), "a header is missing"},
		"Caddy without the protocol":    {but(1, ""), "a header is missing"},
		"Caddy without the host":        {but(2, ""), "a header is missing"},
		"Caddy without the path":        {but(3, ""), "a header is missing"},
		"an empty method":               {[]string{"X-Original-Method: ", address}, "a header is missing"},
		"two addresses":                 {[]string{method, address, address}, "a header came twice"},
		"two paths":                     {append(slices.Clone(forwarded), "X-Forwarded-Uri: /open/y"), "a header came twice"},
		"two methods":                   {append(slices.Clone(forwarded), "X-Forwarded-Method: POST"), "a header came twice"},
		"nginx, a path of a client":     {[]string{method, address, "X-Forwarded-Uri: /health"}, disagree},
		"nginx, a host of a client":     {[]string{method, address, "X-Forwarded-Host: evil.test"}, disagree},
		"nginx, a method of a client":   {[]string{"X-Original-Method: POST", address, "X-Forwarded-Method: OPTIONS"}, disagree},
		"nginx, another protocol":       {[]string{method, address, "X-Forwarded-Proto: http"}, disagree},
		"Caddy, an address of a client": {append(slices.Clone(forwarded), method, "X-Original-URL: "+publicURL+"/health"), disagree},
		"Caddy, a method of a client":   {append(slices.Clone(forwarded), "X-Original-Method: OPTIONS"), disagree},

		"small letters":         {[]string{"X-Original-Method: get", address}, "the method is not of capital letters"},
		"no letters":            {[]string{"X-Original-Method: G{}T", address}, "the method is not of capital letters"},
		"a method with a space": {[]string{"X-Original-Method: GET GET", address}, "the method is not of capital letters"},
		"a long method":         {[]string{"X-Original-Method: " + strings.Repeat("A", 21), address}, "the method is not of capital letters"},
		"only a path":           {[]string{method, "X-Original-URL: /open/x"}, "X-Original-URL is not an absolute address"},
		"no path":               {[]string{method, "X-Original-URL: " + publicURL}, "X-Original-URL is not an absolute address"},
		"another protocol":      {[]string{method, "X-Original-URL: ftp://" + host + "/open/x"}, badHost},
		"capital letters":       {[]string{method, "X-Original-URL: HTTPS://" + host + "/open/x"}, badHost},
		"a user in the host":    {[]string{method, "X-Original-URL: https://x@" + host + "/open/x"}, badHost},
		"no host":               {[]string{method, "X-Original-URL: https:///open/x"}, "a header is missing"},
		"two hosts":             {but(2, "X-Forwarded-Host: "+host+", "+host), badHost},
		"two protocols":         {but(1, "X-Forwarded-Proto: https,http"), badHost},
		"an absolute path":      {but(3, "X-Forwarded-Uri: "+publicURL+"/open/x"), badURI},
		"a star":                {but(3, "X-Forwarded-Uri: *"), badURI},
		"a space":               {but(3, "X-Forwarded-Uri: /open/x HTTP/1.1"), badURI},
		"a fragment":            {but(3, "X-Forwarded-Uri: /open/x#y"), badURI},
	} {
		t.Run(name, func(t *testing.T) {
			s := guarded(t)
			status, want := 200, 403 // /denied believes the proxy that it has been refused
			if c.wrong != "" {
				status, want = 400, 400
			}
			check(t, s.ask(get("/check", c.headers...)), status, "")
			if a := s.ask(get("/denied", c.headers...)); a.status != want {
				t.Errorf("/denied answers %d %s", a.status, a.body)
			}
			lines := s.logged.FilterMessageSnippet("the guard cannot tell what the proxy asks").All()
			if c.wrong == "" && len(lines) > 0 {
				t.Errorf("the log has %+v", lines)
			}
			if c.wrong != "" && (len(lines) != 1 || lines[0].ContextMap()["error"] != c.wrong) {
				t.Errorf("the log has %+v, want once %q", lines, c.wrong)
			}
		})
	}
}

const (
	disagree = "X-Original-… and X-Forwarded-… disagree: one of them comes from the client"
	badHost  = "the scheme is not http or https, or the host is none"
	badURI   = "the path does not begin with /, or has a space, # or a control character"
)

// The complaint comes once a minute, however often a proxy asks.
func TestTheComplaintAboutProxiesIsPaced(t *testing.T) {
	s := guarded(t)
	lines := func() int { return s.logged.FilterMessageSnippet("the guard cannot tell").Len() }
	for range 50 {
		check(t, s.ask(get("/check")), 400, "")
	}
	if lines() != 1 {
		t.Errorf("the log complains %d times", lines())
	}
	s.clock.Advance(time.Minute)
	check(t, s.ask(get("/check")), 400, "")
	if lines() != 2 {
		t.Errorf("after a minute the log complains %d times", lines())
	}
}

// Addresses with which a path that is open would lead elsewhere need a sign-in.
func TestNoWayAroundTheGuard(t *testing.T) {
	s := guarded(t)
	for _, path := range []string{
		"/open/../jobs", "/open/%2e%2e/jobs", "/open/..%2fjobs", "/open%2fx", "/open//x", "//open/x", "/open/%00", "/health%00", "/health/", "/Health",
		"/open/..;/jobs", `/open/..\jobs`, "/open/%252e%252e/jobs", "/open/.", "/jobs?/open/x", "/jobs?x=/health", "/jobs/open/x", "/openx",
	} {
		for _, family := range families {
			if a := s.ask(get("/check", family.of("GET", path)...)); a.status != 401 {
				t.Errorf("%s, %s: got %d", family.name, path, a.status)
			}
		}
	}
}

// Headers that are larger than the guard takes are refused, and those that a proxy passes on are not.
func TestLargeHeadersAtTheGuard(t *testing.T) {
	s := guarded(t)
	access, _ := s.signIn(1)
	large := "X: " + strings.Repeat("x", 7<<10)
	check(t, s.ask(asking("/check", "GET", "/jobs", bearer(access), large, large, large, large)), 200, "")
	if a := s.ask(asking("/check", "GET", "/jobs", bearer(access), "X: "+strings.Repeat("x", 48<<10))); a.status != 431 || !a.closes {
		t.Errorf("got %d", a.status)
	}
}

// renewed is the new access token in the answer of the guard, which must set it as a cookie and nothing else.
func (s *shop) renewed(a answer) string {
	s.t.Helper()
	fresh := identityOf(s.t.(*testing.T), a)[5]
	check(s.t, a, 200, "", "access_token="+fresh+"; Path=/; Max-Age=900"+attributes)
	return fresh
}

// Whatever the original request was, Django needs a token that works. Asking with HEAD renews nothing.
func TestTheGuardRenewsInPassing(t *testing.T) {
	for _, method := range []string{"GET", "HEAD", "POST", "DELETE", "OPTIONS"} {
		for _, family := range families {
			s := guarded(t)
			access, refresh := s.signIn(1)
			s.clock.Advance(time.Hour)
			both := "Cookie: access_token=" + access + "; refresh_token=" + refresh
			r := get("/check", family.of(method, "/jobs")...).and(both, sameOrigin, "Sec-Purpose: prefetch")
			fresh := s.renewed(s.ask(r))
			if event := s.lastEvent(); event.Kind != domain.EventTokenRenew || event.StaffID != person(1).ID {
				t.Errorf("the trail has %+v", event)
			}
			s.mustWork(fresh, true)
			again := s.renewed(s.ask(get("/check", family.of(method, "/jobs")...).and(refreshCookie(refresh))))
			if again != fresh {
				t.Errorf("within a minute the token is another one")
			}
		}
	}
}

// What writes nothing: asking with HEAD, and /denied.
func TestTheGuardRenewsOnlyAtCheck(t *testing.T) {
	s := guarded(t)
	_, refresh := s.signIn(1)
	event := s.lastEvent()
	head := asking("/check", "GET", "/jobs", refreshCookie(refresh))
	head.method = "HEAD"
	a := s.ask(head)
	check(t, a, 200, "")
	s.mustWork(identityOf(t, a)[5], true)
	check(t, s.ask(asking("/denied?role=office", "GET", "/jobs", refreshCookie(refresh))), 403, notAllowed)
	if got := s.lastEvent(); got != event {
		t.Errorf("the trail has %+v", got)
	}
}

// These requests renew nothing: those of other sites, preflights, those with the tokens of two people, those
// with an Authorization header, and strangers'.
func TestTheGuardRenewsNothing(t *testing.T) {
	s := guarded(t)
	_, refresh := s.signIn(1)
	others, _ := s.signIn(2)
	event := s.lastEvent()
	s.clock.Advance(time.Hour)
	for name, c := range map[string]struct {
		r      request
		status int
	}{
		"another site":             {asking("/check", "POST", "/jobs", refreshCookie(refresh), otherSite), 403},
		"another site, open":       {asking("/check", "POST", "/open/x", refreshCookie(refresh), otherSite), 200},
		"a preflight":              {asking("/check", "OPTIONS", "/jobs", refreshCookie(refresh), "Access-Control-Request-Method: PUT"), 200},
		"two owners":               {asking("/check", "GET", "/jobs", "Cookie: access_token="+others+"; refresh_token="+refresh), 401},
		"a header beside":          {asking("/check", "GET", "/jobs", bearer(others), refreshCookie(refresh)), 401},
		"a refresh cookie of none": {asking("/check", "GET", "/jobs", refreshCookie("x")), 401},
	} {
		if a := s.ask(c.r); a.status != c.status || len(a.cookies) > 0 {
			t.Errorf("%s: got %d, %q", name, a.status, a.cookies)
		}
		if got := s.lastEvent(); got != event {
			t.Fatalf("%s: the trail has %+v", name, got)
		}
	}
	s.renewed(s.ask(asking("/check", "GET", "/open/x", refreshCookie(refresh)))) // an open path is a use like any other
}

// A database that fails is no sign-out.
func TestTheGuardWithoutTheDatabaseRenewsNothing(t *testing.T) {
	s := guarded(t)
	_, refresh := s.signIn(1)
	s.broken.Store(true)
	a := s.ask(asking("/check", "GET", "/jobs", refreshCookie(refresh)))
	check(t, a, 503, "")
	mustRetry(t, a)
}

// A cookie that says that a change is due leads to the page for it.
func TestTheGuardKnowsOfADueChange(t *testing.T) {
	s := guarded(t, people(person(1, resetDue)))
	due := s.cookieOf(s.send(post(tokenPath, withPassword(address(1), password))), "password_due")
	a := s.ask(asking("/denied", "GET", "/jobs", "Cookie: password_due="+due, browserAccepts))
	if a.status != 303 || a.header.Get("Location") != resetURL+"?next=%2Fjobs" {
		t.Errorf("got %d, to %s", a.status, a.header.Get("Location"))
	}
	check(t, s.ask(asking("/denied", "GET", "/jobs", "Cookie: password_due="+due)), 401,
		`{"detail":"The password must be changed before signing in again.","code":"password_needs_reset","password_reset_url":"`+resetURL+`"}`)
	check(t, s.ask(asking("/check", "GET", "/jobs", "Cookie: password_due="+due)), 401, "")
	check(t, s.ask(asking("/denied", "GET", "/jobs", "Cookie: password_due=x")), 401, noTokens)
}

// At a Unix socket the proxy is trusted, because the socket's rights decide who may connect.
func TestTheGuardAtASocketBelievesTheProxy(t *testing.T) {
	s := guarded(t, func(s *shop) { s.serverNow = time.Now })
	_, refresh := s.signIn(1)
	socket, err := net.Listen("unix", t.TempDir()+"/guard")
	if err != nil {
		t.Fatal(err)
	}
	s.serveBy(s.server.ServeGuard, socket)
	conn, err := net.Dial("unix", socket.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	answers := s.converse(conn, asking("/check", "GET", "/jobs", refreshCookie(refresh), "X-Forwarded-For: 198.51.100.4", "X-Request-Id: theirs", "Connection: close").bytes())
	if len(answers) != 1 || answers[0].status != 200 || answers[0].header.Get("X-Request-Id") != "theirs" {
		t.Fatalf("got %+v", answers)
	}
	if got := s.lastEvent(); got.Client.Address.String() != "198.51.100.4" {
		t.Errorf("the trail has %+v", got)
	}
}

// forwardAuth does what Traefik's middleware of that name does with an answer: 2xx lets the request go on,
// with the headers of authResponseHeaders in place of the client's; all else goes to the client as it is.
func forwardAuth(client http.Header, a answer) (toDjango http.Header, passes bool) {
	if a.status < 200 || a.status > 299 {
		return nil, false
	}
	toDjango = maps.Clone(client)
	for _, name := range identityHeaders {
		delete(toDjango, name)
		if values := a.header[name]; len(values) > 0 {
			toDjango[name] = values
		}
	}
	return toDjango, true
}

func TestForwardAuthOfTraefik(t *testing.T) {
	s := guarded(t)
	access, _ := s.signIn(1)
	lies := http.Header{"Accept": {"*/*"}}
	var sent []string
	for _, name := range identityHeaders {
		lies[name] = []string{"lie"}
		sent = append(sent, name+": lie")
	}
	ask := func(method, path string, headers ...string) answer {
		return s.ask(get("/check", traefik.of(method, path)...).and("X-Forwarded-For: "+somebody, "User-Agent: x").and(sent...).and(headers...))
	}
	for name, c := range map[string]struct {
		a    answer
		want string // what Django sees; "" if it sees nothing
	}{
		"signed in":  {ask("GET", "/jobs?a=1", accessCookie(access)), identityOfPerson1 + firstSession + "|" + access},
		"a stranger": {ask("GET", "/jobs"), ""},
		"open":       {ask("GET", "/health"), nobody},
		"preflight":  {ask("OPTIONS", "/jobs", "Access-Control-Request-Method: PUT"), nobody},
		"forged":     {ask("POST", "/jobs", accessCookie(access), otherSite), ""},
	} {
		seen, passes := forwardAuth(lies, c.a)
		var got []string
		for _, header := range identityHeaders {
			got = append(got, strings.Join(seen[header], "+"))
		}
		if passes != (c.want != "") || passes && strings.Join(got, "|") != c.want {
			t.Errorf("%s: passes: %t, and Django sees %q, want %q", name, passes, got, c.want)
		}
	}
}

// BenchmarkMe and BenchmarkGuardCheck are to be compared: the guard may cost at most 1.15 times as much.
func BenchmarkMe(b *testing.B) {
	s := guarded(b)
	access, _ := s.signIn(1)
	benchmarkRequest(b, s.listener.Dial, get(mePath, accessCookie(access)))
}

func BenchmarkGuardCheck(b *testing.B) {
	s := guarded(b)
	access, _ := s.signIn(1)
	benchmarkRequest(b, s.guard.Dial, asking("/check", "GET", "/jobs?a=1", accessCookie(access)))
}

func benchmarkRequest(b *testing.B, dial func() (net.Conn, error), r request) {
	conn, err := dial()
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	raw, from := []byte(r.bytes()), bufio.NewReader(conn)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := conn.Write(raw); err != nil {
			b.Fatal(err)
		}
		if a, err := receive(from, r.method); err != nil || a.status != 200 {
			b.Fatalf("got %d, %v", a.status, err)
		}
	}
}
