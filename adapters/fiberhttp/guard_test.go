package fiberhttp_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"gatehouse/adapters/fiberhttp"
	"gatehouse/domain"
)

// The answers of the guard that are no other endpoint's.
const (
	notAllowed = `{"detail":"You do not have permission to perform this action.","code":"permission_denied"}`
	unclear    = `{"detail":"The proxy has not said clearly which request this is about. The log says what it must send."}`
)

// A family is the way in which proxies describe the original request.
type family struct {
	name string
	of   func(method, path string) []string // header lines
}

var (
	nginx = family{"nginx", func(method, path string) []string {
		return []string{"X-Original-Method: " + method, "X-Original-URL: " + publicURL + path}
	}}
	traefik = family{"Traefik and Caddy", func(method, path string) []string {
		return []string{"X-Forwarded-Method: " + method, "X-Forwarded-Proto: https", "X-Forwarded-Host: gate.example.test", "X-Forwarded-Uri: " + path}
	}}
	families = []family{nginx, traefik}
)

// asking is a question of nginx about a request.
func asking(path, method, original string, headers ...string) request {
	return get(path, append(nginx.of(method, original), headers...)...)
}

// guarded opens a shop in cookie mode, in which some paths behind the proxy are open.
func guarded(t testing.TB, options ...option) *shop {
	t.Helper()
	open := func(s *shop) { s.policy.OpenPaths = domain.OpenPaths{"/health", "/open/*"} }
	return openShop(t, append([]option{cookieMode, open}, options...)...)
}

var openShop = open

// The headers that say who sends a request, in the order in which identity gives them.
var identityHeaders = []string{"Remote-User", "Remote-Email", "Remote-Name", "Remote-Groups", "Remote-Session", "X-Gatehouse-Access-Token"}

// identityOf are the values of these headers. Each must be there exactly once.
func identityOf(t *testing.T, a answer) (all []string) {
	t.Helper()
	for _, name := range identityHeaders {
		if len(a.header[name]) != 1 {
			t.Errorf("%s is there %d times", name, len(a.header[name]))
		}
		all = append(all, a.header.Get(name))
	}
	return all
}

const (
	identityOfPerson1 = "00000000-0000-4000-8000-000000000001|Person1@example.test|T%C4%81ne%20Number%201|workshop|"
	nobody            = "|||||"
	firstSession      = "00000000000000000000000000000001"
)

// A passage is a row of the guard's table, and what comes of it.
type passage struct {
	name            string
	method, path    string
	roles           string
	headers         []string
	of              func(*domain.Staff) // a change of the person, before the guard is asked
	broken          bool                // the database
	check           int
	identity        string // "" if it does not pass; without the token
	token           bool   // the token that came is handed on
	program         int    // the status of /denied for a program
	body            string
	person          int // the status of /denied for a navigation
	heading, toward string
}

// passages need the first session of person 1. ACCESS stands for its access token.
var passages = []passage{
	{name: "a path", method: "GET", path: "/jobs", headers: []string{"Cookie: access_token=ACCESS"}, check: 200, identity: identityOfPerson1 + firstSession, token: true},
	{name: "a path, by header", method: "GET", path: "/jobs", headers: []string{"Authorization: Bearer ACCESS"}, check: 200, identity: identityOfPerson1 + firstSession, token: true},
	{name: "a change, by header", method: "POST", path: "/jobs", headers: []string{"Authorization: Bearer ACCESS", otherSite}, check: 200, identity: identityOfPerson1 + firstSession, token: true},
	{name: "a change, by cookie", method: "POST", path: "/jobs", headers: []string{"Cookie: access_token=ACCESS", sameOrigin}, check: 200, identity: identityOfPerson1 + firstSession, token: true},
	{name: "a change, by a program's cookie", method: "DELETE", path: "/jobs", headers: []string{"Cookie: access_token=ACCESS"}, check: 200, identity: identityOfPerson1 + firstSession, token: true},
	{name: "a role", method: "GET", path: "/jobs", roles: "?role=office,workshop", headers: []string{"Cookie: access_token=ACCESS"}, check: 200, identity: identityOfPerson1 + firstSession, token: true},
	{name: "roles one by one", method: "GET", path: "/jobs", roles: "?role=office&role=workshop", headers: []string{"Cookie: access_token=ACCESS"}, check: 200, identity: identityOfPerson1 + firstSession, token: true},

	{name: "an open path", method: "GET", path: "/open/x?y=/../z", check: 200, identity: nobody},
	{name: "an open path, signed in", method: "POST", path: "/health", headers: []string{"Cookie: access_token=ACCESS", sameOrigin}, check: 200, identity: identityOfPerson1 + firstSession, token: true},
	{name: "an open path, by header", method: "GET", path: "/health", headers: []string{"Authorization: Bearer ACCESS"}, check: 200, identity: identityOfPerson1 + firstSession, token: true},
	{name: "an open path, with garbage", method: "GET", path: "/open/x", headers: []string{"Cookie: access_token=x"}, check: 200, identity: nobody},
	{name: "an open path, with a bad header", method: "GET", path: "/open/x", headers: []string{"Authorization: Bearer x y"}, check: 200, identity: nobody},
	{name: "an open path, with two cookies", method: "GET", path: "/open/x", headers: []string{"Cookie: access_token=x; access_token=ACCESS"}, check: 200, identity: nobody},
	{name: "an open path, by another site", method: "POST", path: "/open/x", headers: []string{"Cookie: access_token=ACCESS", otherSite}, check: 200, identity: nobody},
	{name: "an open path, without the database", method: "GET", path: "/open/x", headers: []string{"Cookie: access_token=ACCESS"}, broken: true, check: 200, identity: nobody},
	{name: "an open path, whatever the role", method: "GET", path: "/open/x", roles: "?role=office", headers: []string{"Cookie: access_token=ACCESS"}, check: 200, identity: identityOfPerson1 + firstSession, token: true},

	{name: "a preflight", method: "OPTIONS", path: "/jobs", headers: []string{"Cookie: access_token=ACCESS", otherSite, "Access-Control-Request-Method: POST"}, check: 200, identity: nobody},

	{name: "no role", method: "GET", path: "/jobs", roles: "?role=office", headers: []string{"Cookie: access_token=ACCESS"},
		check: 403, program: 403, body: notAllowed, person: 403, heading: "That is not open to you"},
	{name: "another site", method: "POST", path: "/jobs", headers: []string{"Cookie: access_token=ACCESS", otherSite},
		check: 403, program: 403, body: crossSite, person: 403, heading: "Not from there"},
	{name: "another site, by an old browser", method: "POST", path: "/jobs", headers: []string{"Cookie: access_token=ACCESS", "Origin: https://evil.test"},
		check: 403, program: 403, body: crossSite, person: 403, heading: "Not from there"},
	{name: "another site, with a header as well", method: "POST", path: "/jobs", headers: []string{"Cookie: access_token=ACCESS", "Authorization: Bearer ACCESS", otherSite},
		check: 403, program: 403, body: crossSite, person: 403, heading: "Not from there"},
	{name: "another site, without a good cookie", method: "POST", path: "/jobs", headers: []string{"Cookie: refresh_token=x", otherSite},
		check: 403, program: 403, body: crossSite, person: 403, heading: "Not from there"},

	{name: "nothing", method: "GET", path: "/jobs?a=1&b=%2F", check: 401, program: 401, body: noTokens, person: 303, toward: "login/?next=%2Fjobs%3Fa%3D1%26b%3D%252F"},
	{name: "options without a question", method: "OPTIONS", path: "/jobs", check: 401, program: 401, body: noTokens, person: 303, toward: "login/?next=%2Fjobs"},
	{name: "a change", method: "POST", path: "/jobs", check: 401, program: 401, body: noTokens, person: 303, toward: "login/?next=%2Fjobs"},
	{name: "garbage", method: "GET", path: "/jobs", headers: []string{"Cookie: access_token=x"}, check: 401, program: 401, body: refusedAccess("Token is invalid"), person: 303, toward: "login/?next=%2Fjobs"},
	{name: "garbage, by header", method: "GET", path: "/jobs", headers: []string{"Authorization: Bearer x", "Cookie: access_token=ACCESS"}, check: 401, program: 401, body: refusedAccess("Token is invalid"), person: 303, toward: "login/?next=%2Fjobs"},
	{name: "a bad header", method: "GET", path: "/jobs", headers: []string{"Authorization: Bearer x y"}, check: 401, program: 401,
		body: `{"detail":"Authorization header must contain two space-delimited values","code":"bad_authorization_header"}`, person: 303, toward: "login/?next=%2Fjobs"},
	{name: "two cookies", method: "GET", path: "/jobs", headers: []string{"Cookie: access_token=ACCESS", "Cookie: access_token=x"}, check: 401, program: 401,
		body: `{"detail":"A cookie was sent twice with different values.","code":"ambiguous_cookie"}`, person: 303, toward: "login/?next=%2Fjobs"},
	{name: "inactive", method: "GET", path: "/jobs", headers: []string{"Cookie: access_token=ACCESS"}, of: inactive, check: 401, program: 401, body: `{"detail":"User is inactive","code":"user_inactive"}`, person: 303, toward: "login/?next=%2Fjobs"},
	{name: "left", method: "GET", path: "/jobs", headers: []string{"Cookie: access_token=ACCESS"}, of: left, check: 401, program: 401, body: `{"detail":"User is inactive","code":"user_inactive"}`, person: 303, toward: "login/?next=%2Fjobs"},
	{name: "the password is due", method: "GET", path: "/jobs?a=1", headers: []string{"Cookie: access_token=ACCESS"}, of: resetDue, check: 401, program: 401,
		body: `{"detail":"The password must be changed before signing in again.","code":"password_needs_reset","password_reset_url":"` + resetURL + `"}`, person: 303, toward: "password_change/?next=%2Fjobs%3Fa%3D1"},
	{name: "the password is due, by header", method: "GET", path: "/jobs", headers: []string{"Authorization: Bearer ACCESS"}, of: resetDue, check: 401, program: 401,
		body: `{"detail":"The password must be changed before signing in again.","code":"password_needs_reset","password_reset_url":"` + resetURL + `"}`, person: 303, toward: "password_change/?next=%2Fjobs"},

	{name: "without the database", method: "GET", path: "/jobs", headers: []string{"Cookie: access_token=ACCESS"}, broken: true, check: 503, program: 503, body: notNow, person: 503, heading: "Not just now"},
	{name: "without the database, by header", method: "GET", path: "/jobs", headers: []string{"Authorization: Bearer ACCESS"}, broken: true, check: 503, program: 503, body: notNow, person: 503, heading: "Not just now"},
}

// Every row of the table, for both families of proxies.
func TestGuard(t *testing.T) {
	for _, family := range families {
		for _, p := range passages {
			t.Run(family.name+"/"+p.name, func(t *testing.T) {
				s := guarded(t)
				access, _ := s.signIn(1)
				if p.of != nil {
					s.save(person(1, p.of))
				}
				s.broken.Store(p.broken)
				headers := family.of(p.method, p.path)
				for _, line := range p.headers {
					headers = append(headers, strings.ReplaceAll(line, "ACCESS", access))
				}
				p.mustCheck(t, s, access, headers)
				if p.check != 200 {
					p.mustDeny(t, s, headers)
				}
			})
		}
	}
}

func (p passage) mustCheck(t *testing.T, s *shop, access string, headers []string) {
	t.Helper()
	for _, method := range []string{"GET", "HEAD"} {
		a := s.ask(request{method: method, path: "/check" + p.roles, headers: headers})
		check(t, a, p.check, "")
		checkAlways(t, a, nil)
		mustRetry(t, a)
		if p.check != 200 {
			continue
		}
		want := p.identity
		if p.token {
			want += "|" + access
		}
		if got := strings.Join(identityOf(t, a), "|"); got != want {
			t.Errorf("%s: the sender is %q, want %q", method, got, want)
		}
	}
}

func (p passage) mustDeny(t *testing.T, s *shop, headers []string) {
	t.Helper()
	a := s.ask(get("/denied"+p.roles, headers...).and("Accept: */*"))
	check(t, a, p.program, p.body)
	checkAlways(t, a, nil)
	mustRetry(t, a)
	a = s.ask(get("/denied"+p.roles, headers...).and("Sec-Fetch-Mode: navigate"))
	mustRetry(t, a)
	if p.person == 303 {
		check(t, a, 303, "")
		if want := publicURL + "/accounts/" + p.toward; a.header.Get("Location") != want {
			t.Errorf("a person is led to %s, want %s", a.header.Get("Location"), want)
		}
		return
	}
	checkPage(t, a, p.person, p.heading)
}

// mustRetry checks that an answer says when to ask again if waiting helps, and only then.
func mustRetry(t *testing.T, a answer) {
	t.Helper()
	if (a.header.Get("Retry-After") != "") != (a.status == 503) {
		t.Errorf("%d has Retry-After: %q", a.status, a.header.Get("Retry-After"))
	}
}

// A deleted account is signed out like any other: nginx would make 500 of 404.
func TestGuardWithoutTheAccount(t *testing.T) {
	s := guarded(t)
	access, _ := s.signIn(1)
	s.remove(1)
	check(t, s.ask(asking("/check", "GET", "/jobs", accessCookie(access))), 401, "")
	check(t, s.ask(asking("/denied", "GET", "/jobs", accessCookie(access))), 401, `{"detail":"User not found","code":"user_not_found"}`)
}

// What ends a session is effective behind the proxy with the next request.
func TestGuardAfterSigningOut(t *testing.T) {
	s := guarded(t)
	access, refresh := s.signIn(1)
	both := "Cookie: access_token=" + access + "; refresh_token=" + refresh
	check(t, s.ask(asking("/check", "GET", "/jobs", both)), 200, "")
	s.send(post(logoutPath, "", both, sameOrigin))
	check(t, s.ask(asking("/check", "GET", "/jobs", both)), 401, "")
	check(t, s.ask(asking("/check", "GET", "/jobs", bearer(access))), 401, "")
}

// How a browser and a program say what they are.
func TestGuardTellsPeopleFromPrograms(t *testing.T) {
	const html = "Accept: text/html,*/*;q=0.8"
	for name, c := range map[string]struct {
		headers []string
		status  int
	}{
		"a browser":                   {[]string{html, "Sec-Fetch-Mode: navigate"}, 303},
		"a browser, by the mode":      {[]string{"Sec-Fetch-Mode: navigate"}, 303},
		"an old browser":              {[]string{html}, 303},
		"a script":                    {[]string{"Accept: application/json", "Sec-Fetch-Mode: cors"}, 401},
		"a script that asks for HTML": {[]string{html, "Sec-Fetch-Mode: cors"}, 401},
		"a picture":                   {[]string{"Accept: image/*", "Sec-Fetch-Mode: no-cors"}, 401},
		"curl":                        {[]string{"Accept: */*"}, 401},
		"a program":                   {nil, 401},
	} {
		s := guarded(t)
		if a := s.ask(asking("/denied", "GET", "/jobs", c.headers...)); a.status != c.status {
			t.Errorf("%s: got %d, want %d", name, a.status, c.status)
		}
		s = openShop(t) // without cookies there is no page to lead to
		if a := s.ask(asking("/denied", "GET", "/jobs", c.headers...)); a.status != 401 || a.body != noTokens {
			t.Errorf("%s, in body mode: got %d %s", name, a.status, a.body)
		}
	}
}

// In body mode the guard knows people by their header, and by an access cookie. It renews nothing.
func TestGuardInBodyMode(t *testing.T) {
	s := openShop(t)
	access, refresh := s.signIn(1)
	for _, line := range []string{bearer(access), accessCookie(access)} {
		a := s.ask(asking("/check", "GET", "/jobs", line))
		check(t, a, 200, "")
		if got := identityOf(t, a); got[0] == "" || got[5] != access {
			t.Errorf("the sender is %q", got)
		}
	}
	check(t, s.ask(asking("/check", "GET", "/jobs", refreshCookie(refresh))), 401, "")
}

// A token of the shop's Django counts, too. It has no session before it is refreshed.
func TestGuardTakesTokensOfDjango(t *testing.T) {
	s := guarded(t)
	now := s.clock.Now()
	token := s.sign(domain.Claims{Type: domain.AccessToken, ID: "d1", UserID: string(person(1).ID), IssuedAt: now, ExpiresAt: now.Add(time.Minute)})
	a := s.ask(asking("/check", "GET", "/jobs", bearer(token)))
	if got := strings.Join(identityOf(t, a), "|"); a.status != 200 || got != identityOfPerson1+"|"+token {
		t.Errorf("got %d, %q", a.status, got)
	}
}

// Names are encoded so that any fits into a header. Roles are in a fixed order.
func TestGuardTellsWhoItIs(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*domain.Staff)
		want   string
	}{
		"all roles": {func(p *domain.Staff) { p.IsOfficeStaff, p.IsSuperuser = true, true }, "T%C4%81ne%20Number%201|office,workshop,superuser"},
		"no role":   {func(p *domain.Staff) { p.IsWorkshopStaff = false }, "T%C4%81ne%20Number%201|"},
		"odd names": {func(p *domain.Staff) { p.FirstName, p.LastName = "a\r\nRemote-User: x", "ü,%\"" }, "a%0D%0ARemote-User:%20x%20%C3%BC%2C%25%22|workshop"},
	} {
		s := guarded(t, people(person(1, c.change)))
		access, _ := s.signIn(1)
		if got := identityOf(t, s.ask(asking("/check", "GET", "/jobs", bearer(access)))); strings.Join(got[2:4], "|") != c.want {
			t.Errorf("%s: got %q, want %q", name, got[2:4], c.want)
		}
	}
}

// Whatever clients make up is replaced, because every header is always there.
func TestGuardIsNotToldWhoItIs(t *testing.T) {
	s := guarded(t)
	var madeUp []string
	for _, name := range identityHeaders {
		madeUp = append(madeUp, name+": x", strings.ReplaceAll(name, "-", "_")+": x")
	}
	a := s.ask(asking("/check", "GET", "/health", madeUp...))
	if got := strings.Join(identityOf(t, a), "|"); a.status != 200 || got != nobody {
		t.Errorf("got %d, %q", a.status, got)
	}
	check(t, s.ask(asking("/check", "GET", "/jobs", madeUp...)), 401, "")
}

// A proxy that asks for a role that is none, or in another way, must not let everybody pass.
func TestGuardRefusesUnknownRoles(t *testing.T) {
	s := guarded(t)
	access, _ := s.signIn(1)
	for _, query := range []string{"?role=boss", "?role=", "?role", "?role=workshop,boss", "?role=workshop&role=", "?Role=workshop", "?roles=workshop", "?role=workshop&x=1", "?role=workshop;office", "?%", "?role=workshop%20"} {
		for _, path := range []string{"/jobs", "/health"} {
			check(t, s.ask(asking("/check"+query, "GET", path, bearer(access))), 400, "")
			check(t, s.ask(asking("/denied"+query, "GET", path, bearer(access))), 400, unclear)
		}
	}
	if lines := s.logged.FilterMessageSnippet("the guard cannot tell what the proxy asks").All(); len(lines) != 1 || lines[0].ContextMap()["error"] != "the query may only have role=, with office, workshop or superuser" {
		t.Errorf("the log says %+v", lines)
	}
}

// If /denied finds that the request may pass, it does not lead back to it: that would go in circles.
func TestDeniedWithoutACause(t *testing.T) {
	s := guarded(t)
	access, _ := s.signIn(1)
	check(t, s.ask(asking("/denied", "GET", "/jobs", bearer(access))), 403, notAllowed)
	check(t, s.ask(asking("/denied", "GET", "/health")), 403, notAllowed)
	checkPage(t, s.ask(asking("/denied", "GET", "/jobs", bearer(access), browserAccepts)), 403, "That is not open to you")
}

// The address comes back unharmed after signing in: the page takes every ?next= that the guard gives.
func TestWhereTheGuardLeadsBack(t *testing.T) {
	const other = "https://app.example.test:8443"
	for address, want := range map[string]string{
		publicURL + "/": "/",
		publicURL + "/jobs/?next=/x&a=1%2B2&b=a+b": "/jobs/?next=/x&a=1%2B2&b=a+b",
		publicURL + `/jobs?f={"a":'b'}|c\d^e`:      "/jobs?f=%7B%22a%22:%27b%27%7D%7Cc%5Cd%5Ee",
		publicURL + "/caf%C3%A9?ü":                 "/caf%C3%A9?%C3%BC",
		publicURL + ":443/jobs":                    "/jobs",
		"https://GATE.example.test/jobs":           "/jobs",
		"wss://gate.example.test/jobs":             "/jobs",
		other + "/jobs?a=1":                        other + "/jobs?a=1",

		"http://gate.example.test/jobs":               "",
		"https://evil.test/jobs":                      "",
		publicURL + "//evil.test/":                    "",
		publicURL + `/\evil.test/`:                    "",
		publicURL + "/a/../b":                         "",
		publicURL + "/%2f/evil.test":                  "",
		publicURL + "/" + strings.Repeat("long", 500): "",
	} {
		s := guarded(t, func(s *shop) { s.config.Pages.RedirectAllowed = []string{other} })
		a := s.ask(get("/denied", "X-Original-Method: GET", "X-Original-URL: "+address, browserAccepts))
		to, err := url.Parse(a.header.Get("Location"))
		if err != nil || a.status != 303 || to.Query().Get("next") != want || to.Host != "gate.example.test" {
			t.Errorf("%.80s: got %d, to %s, want %s", address, a.status, to, want)
			continue
		}
		if want == "" {
			continue
		}
		signedIn := s.send(fill(to.RequestURI(), "username", address1, "password", password))
		if got := signedIn.header.Get("Location"); signedIn.status != 303 || got != want {
			t.Errorf("after signing in: %d, to %s, want %s", signedIn.status, got, want)
		}
	}
}

var address1 = address(1)

// Nothing else is served at the guard, and the guard nowhere else.
func TestTheGuardServesNothingElse(t *testing.T) {
	s := guarded(t)
	for _, path := range fiberhttp.EveryPath() {
		for _, method := range []string{"GET", "POST", "OPTIONS"} {
			check(t, s.ask(request{method: method, path: path}.and(browserAccepts)), 404, notFound)
		}
	}
	for _, path := range []string{"/check", "/denied", "/check/", "/denied/", "/check?role=office"} {
		check(t, s.send(get(path, nginx.of("GET", "/open/x")...)), 404, notFound)
	}
	for _, path := range []string{"/check/", "/denied/", "/", "/Check", "//check", "/check/x", "/%63heck", "/accounts/check"} {
		check(t, s.ask(get(path, nginx.of("GET", "/open/x")...)), 404, notFound)
	}
}

// Proxies may be told to ask with the method of the request. Only a question may be answered with yes.
func TestTheGuardIsAskedWithGET(t *testing.T) {
	s := guarded(t)
	access, _ := s.signIn(1)
	for _, method := range []string{"POST", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"} {
		for path, want := range map[string]string{"/check": "", "/denied": `{"detail":"Method ` + strings.ReplaceAll(quoted(method), `"`, `\"`) + ` not allowed."}`} {
			a := s.ask(request{method: method, path: path, headers: nginx.of("GET", "/open/x")}.and(bearer(access), "Access-Control-Request-Method: GET", "Origin: "+publicURL))
			check(t, a, 405, want)
			if allow := a.header.Get("Allow"); allow != "GET, HEAD" {
				t.Errorf("Allow is %q", allow)
			}
		}
	}
}

// One client, or many behind one proxy, cannot shut the others out with tokens that are over.
func TestOldTokensAtTheGuardShutNobodyOut(t *testing.T) {
	const proxy = "10.0.0.7"
	s := guarded(t, trusting(proxy+"/32"))
	access, refresh := s.signIn(1)
	others, _ := s.signIn(2)
	s.send(post(logoutPath, "", bearer(access)))
	event := s.lastEvent()
	old := asking("/check", "GET", "/jobs", "Cookie: access_token="+access+"; refresh_token="+refresh).by(proxy)
	for n := range 100 {
		check(t, s.ask(old.and("X-Forwarded-For: 203.0.113."+strconv.Itoa(n%4))), 401, "")
	}
	check(t, s.ask(asking("/check", "GET", "/jobs", accessCookie(others)).by(proxy)), 200, "")
	if got := s.lastEvent(); got != event {
		t.Errorf("the trail has %+v", got)
	}
}
