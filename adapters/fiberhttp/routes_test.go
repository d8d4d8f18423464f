package fiberhttp_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/adapters/fiberhttp"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// An endpoint is one of the contract's.
type endpoint struct {
	paths []string // without the slash at the end
	allow string
	// What a GET and a POST that bring nothing are answered.
	get, post int
	page      bool // for people
}

const (
	reads  = "GET, HEAD, OPTIONS"
	writes = "OPTIONS, POST"
	forms  = "GET, HEAD, OPTIONS, POST"
)

var endpoints = []endpoint{
	{paths: api("token"), allow: writes, get: 405, post: 400},
	{paths: api("token/refresh"), allow: writes, get: 405, post: 400},
	{paths: api("token/verify"), allow: writes, get: 405, post: 400},
	{paths: api("token/blacklist"), allow: writes, get: 405, post: 400},
	{paths: api("password/change"), allow: writes, get: 405, post: 400},
	{paths: api("password/reset"), allow: writes, get: 405, post: 400},
	{paths: api("password/reset/confirm"), allow: writes, get: 405, post: 400},
	{paths: site("logout"), allow: writes, get: 405, post: 200},
	{paths: site("me"), allow: reads, get: 401, post: 405},
	{paths: site("password_change"), allow: forms, get: 200, post: 400, page: true},
	{paths: site("password_reset"), allow: forms, get: 200, post: 400, page: true},
	{paths: site("password_reset/confirm"), allow: forms, get: 200, post: 400, page: true},
	{paths: []string{"/.well-known/jwks.json"}, allow: reads, get: 200, post: 405},
	{paths: []string{"/openapi.json"}, allow: reads, get: 200, post: 405},
	{paths: []string{"/healthz"}, allow: reads, get: 200, post: 405},
	{paths: []string{"/readyz"}, allow: reads, get: 200, post: 405},
}

func api(path string) []string  { return []string{"/accounts/api/" + path, "/api/accounts/" + path} }
func site(path string) []string { return []string{"/accounts/" + path, "/api/accounts/" + path} }

var allMethods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "FOO", "CONNECT"}

// answers is the status for a request that brings nothing.
func (e endpoint) answers(method string) int {
	switch method {
	case "GET", "HEAD":
		return e.get
	case "POST":
		return e.post
	case "OPTIONS":
		return 204
	}
	return 405
}

const notFound = `{"detail":"Not found."}`

// pagesForCookies are there in cookie mode alone.
var pagesForCookies = []endpoint{
	{paths: site("login"), allow: forms, get: 200, post: 400, page: true},
	{paths: []string{"/accounts/sessions"}, allow: forms, get: 303, post: 303, page: true},
	{paths: []string{"/accounts/assets/x"}, allow: reads, get: 404, post: 405, page: true},
}

func TestEveryPathAndMethod(t *testing.T) {
	s := open(t)
	checkEveryMethod(t, s, endpoints)
	checkEveryMethod(t, open(t, cookieMode), pagesForCookies)
}

func checkEveryMethod(t *testing.T, s *shop, endpoints []endpoint) {
	s.t = t
	for _, e := range endpoints {
		for _, path := range e.paths {
			for _, spelling := range []string{path, path + "/", path + "?x=1", path + "/?next=/" + path} {
				for _, method := range allMethods {
					t.Run(method+" "+spelling, func(t *testing.T) {
						a := s.send(request{method: method, path: spelling, headers: []string{"X-HTTP-Method-Override: POST"}})
						checkRoute(t, a, method, e.answers(method), e.allow)
					})
				}
			}
		}
	}
}

// checkRoute checks what may be known of an answer by the method alone.
func checkRoute(t *testing.T, a answer, method string, status int, allow string) {
	t.Helper()
	if status != 405 && status != 204 {
		allow = ""
	}
	if got := strings.Join(a.header["Allow"], "|"); a.status != status || got != allow {
		t.Errorf("got %d, Allow %q, want %d, %q", a.status, got, status, allow)
	}
	if want := `{"detail":"Method \"` + method + `\" not allowed."}`; status == 405 && method != "HEAD" && a.body != want {
		t.Errorf("got %s, want %s", a.body, want)
	}
	if a.header.Get("Location") != "" && status != 303 {
		t.Errorf("redirected to %q", a.header.Get("Location"))
	}
}

// What a proxy is told to hand on is what the server answers, but for its health; and in each mode what
// is there in that mode.
func TestPathsForProxies(t *testing.T) {
	told := map[string]bool{}
	for _, path := range fiberhttp.Paths(fiberhttp.CookieConfig{Enabled: true}) {
		told[path.Pattern], told[path.Pattern+"/"] = true, true
	}
	for _, path := range fiberhttp.EveryPath() {
		health := strings.HasPrefix(path, "/healthz") || strings.HasPrefix(path, "/readyz")
		if told[path] == health {
			t.Errorf("%s: told %v", path, told[path])
		}
		delete(told, path)
	}
	if len(told) > 0 {
		t.Errorf("told, and not answered: %v", told)
	}
	var fromDjango []string
	for _, path := range fiberhttp.Paths(fiberhttp.CookieConfig{}) {
		if strings.HasSuffix(path.Pattern, "/login") || strings.HasPrefix(path.Pattern, "/accounts/sessions") {
			t.Errorf("%s is told without cookies", path.Pattern)
		}
		if path.FromDjango {
			fromDjango = append(fromDjango, path.Pattern)
		}
	}
	if want := slices.Concat(api("token"), api("token/refresh"), api("token/verify"), site("logout"), site("me")); !slices.Equal(fromDjango, want) {
		t.Errorf("taken over are %q, want %q", fromDjango, want)
	}
}

// A path has one spelling, apart from its last slash, so that nobody's rules for paths can
// be sidestepped.
func TestUnknownPaths(t *testing.T) {
	s := open(t)
	paths := []string{"/*", "/accounts", "/accounts/", "/accounts/api", "/accounts/api/", "/api/accounts/api/token/", "/accounts/token/", "/accounts/api/logout/", "/accounts/api/me/", "/index.html", "/openapi", "/favicon.ico"}
	for _, e := range endpoints {
		for _, path := range e.paths {
			last := strings.LastIndex(path, "/") + 1
			folder, name := path[:last], path[last:]
			paths = append(paths,
				strings.ToUpper(path), folder+strings.ToUpper(name[:1])+name[1:], "/%61"+path[2:], "/%2561"+path[2:],
				"/"+path, path+"//", folder+"/"+name, folder+"./"+name, folder+"x/../"+name, "/x/.."+path, path+"/.", `/x\..`+path,
				folder+"%2f"+name, folder+"%2e/"+name, path+"%2f", path+"%00", path+"%20", path+"%", path+"/%",
				path+";x", path+";", path+".", path+".json", path+"x", path+"/x", path[:len(path)-1], path+"\xc2\xa0", path+"\xff",
			)
		}
	}
	for _, path := range paths {
		for _, method := range []string{"GET", "POST", "OPTIONS", "DELETE"} {
			a := s.send(request{method: method, path: path})
			if a.status != 404 || a.body != notFound || len(a.header["Allow"]) > 0 || len(a.cookies) > 0 {
				t.Errorf("%s %q: got %d %s %v", method, path, a.status, a.body, a.header)
			}
		}
	}
}

// A path that is spelled in another way is unknown, whatever the method is, and is logged
// as such.
func TestOtherSpellingsAreUnknownForEveryMethod(t *testing.T) {
	for _, path := range []string{"/accounts//me/", "//accounts/me/", "/accounts/%6de/", "/accounts/./me/", "/x/../accounts/me/", "/accounts%2fme/"} {
		for _, method := range []string{"FOO", "GET", "PUT"} {
			s := open(t)
			a := s.send(request{method: method, path: path})
			if a.status != 404 || a.body != notFound {
				t.Errorf("%s %s: got %d %s", method, path, a.status, a.body)
			}
			if got := s.logged.All()[0].ContextMap()["route"]; got != "(unknown)" {
				t.Errorf("%s %s is logged as %s", method, path, got)
			}
		}
	}
}

// Reading replaces no refresh token, and opens and ends no session: whatever the route, whatever
// token the browser has, whoever has it ask. So an answer that is lost costs nothing.
func TestReadingChangesNothing(t *testing.T) {
	for name, token := range readersTokens {
		t.Run(name, func(t *testing.T) {
			s := open(t, cookieMode, rotating(domain.RotateCookies))
			cookies := "Cookie: access_token=" + firstAccess + "; refresh_token=" + token(s)
			before := s.sessions()
			for _, path := range fiberhttp.EveryPath() {
				path = strings.Replace(path, ":id", firstID, 1)
				for _, method := range []string{"GET", "HEAD"} {
					for _, from := range []string{sameOrigin, otherSite, "Sec-Purpose: prefetch"} {
						a := s.send(request{method: method, path: path, headers: []string{cookies, from, browserAccepts}})
						if set := strings.Join(a.cookies, "\n"); a.status >= 500 || strings.Contains(set, "refresh_token=") {
							t.Fatalf("%s %s, %s: %d %q", method, path, from, a.status, a.cookies)
						}
					}
				}
			}
			if after := s.sessions(); len(before) == 0 || !slices.Equal(after, before) {
				t.Errorf("the sessions are now\n%+v, were\n%+v", after, before)
			}
		})
	}
}

// readersTokens are refresh tokens that a browser may have whose access token is over.
var readersTokens = map[string]func(*shop) string{
	"current": func(s *shop) string { _, refresh := s.later(time.Hour); return refresh },
	"replaced a moment ago": func(s *shop) string {
		_, refresh := s.later(time.Hour)
		s.send(post(refreshPath, "", refreshCookie(refresh)))
		return refresh
	},
	"replaced for long": func(s *shop) string {
		_, refresh := s.later(0)
		s.send(post(refreshPath, "", refreshCookie(refresh)))
		s.clock.Advance(time.Hour)
		return refresh
	},
	"of somebody who has left": func(s *shop) string {
		_, refresh := s.later(time.Hour)
		s.save(person(1, left))
		return refresh
	},
	"of somebody who has to change the password": func(s *shop) string {
		_, refresh := s.later(time.Hour)
		s.save(person(1, resetDue))
		return refresh
	},
	"of the shop's Django": func(s *shop) string {
		_, refresh := s.later(time.Hour)
		return s.alter(refresh, func(c *domain.Claims) { c.Session, c.Generation, c.ID = "", 0, "django" })
	},
}

// later signs somebody in, and lets time pass.
func (s *shop) later(passes time.Duration) (access, refresh string) {
	s.t.Helper()
	access, refresh = s.signIn(1)
	s.clock.Advance(passes)
	return access, refresh
}

// sessions are those of the first person that are not over. When and where one was last used does
// not count.
func (s *shop) sessions() (all []domain.Session) {
	s.t.Helper()
	err := s.store.View(s.t.Context(), func(r ports.Records) (err error) {
		all, err = r.Sessions().OfStaff(porttest.Person(1).ID)
		return err
	})
	if err != nil {
		s.t.Fatalf("View: %v", err)
	}
	for i := range all {
		all[i].Renew("", domain.Client{}, time.Time{}) // a renewal, and the use that it is
	}
	return all
}

func TestHealth(t *testing.T) {
	s := open(t)
	check(t, s.send(get("/healthz")), 200, `{"status":"ok"}`)
	check(t, s.send(get("/readyz")), 200, `{"status":"ready"}`)
	check(t, s.send(get("/.well-known/jwks.json")), 200, `{"keys":[]}`)

	room := domain.Room(63_999_999)
	full := open(t, func(s *shop) { s.store.Room = func() domain.Room { return room } })
	check(t, full.send(get("/healthz")), 200, `{"status":"ok"}`)
	check(t, full.send(get("/readyz")), 503, notNow)

	s.broken.Store(true)
	check(t, s.send(get("/healthz")), 200, `{"status":"ok"}`)
	check(t, s.send(get("/readyz")), 503, notNow)
	check(t, s.send(get("/.well-known/jwks.json")), 200, `{"keys":[]}`)
}
