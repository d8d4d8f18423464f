package fiberhttp_test

import (
	"strings"
	"testing"
)

// An endpoint is one of the contract's.
type endpoint struct {
	paths []string // without the slash at the end
	allow string
	// What a GET and a POST that bring nothing are answered.
	get, post int
}

const (
	reads  = "GET, HEAD, OPTIONS"
	writes = "OPTIONS, POST"
	forms  = "GET, HEAD, OPTIONS, POST"
)

var endpoints = []endpoint{
	{api("token"), writes, 405, 400},
	{api("token/refresh"), writes, 405, 400},
	{api("token/verify"), writes, 405, 400},
	{api("token/blacklist"), writes, 405, 400},
	{api("password/change"), writes, 405, 400},
	{api("password/reset"), writes, 405, 400},
	{api("password/reset/confirm"), writes, 405, 400},
	{site("logout"), writes, 405, 200},
	{site("me"), reads, 401, 405},
	{site("password_change"), forms, 200, 400},
	{[]string{"/.well-known/jwks.json"}, reads, 200, 405},
	{[]string{"/openapi.json"}, reads, 200, 405},
	{[]string{"/healthz"}, reads, 200, 405},
	{[]string{"/readyz"}, reads, 200, 405},
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

func TestEveryPathAndMethod(t *testing.T) {
	s := open(t)
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
	if a.header.Get("Location") != "" {
		t.Errorf("redirected to %q", a.header.Get("Location"))
	}
}

// A path has one spelling, apart from its last slash, so that nobody's rules for paths can
// be sidestepped.
func TestUnknownPaths(t *testing.T) {
	s := open(t)
	paths := []string{"/", "/*", "/accounts", "/accounts/", "/accounts/api", "/accounts/api/", "/api/accounts/api/token/", "/accounts/token/", "/accounts/api/logout/", "/accounts/api/me/", "/index.html", "/openapi", "/favicon.ico"}
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

// A link that is prefetched signs nobody out, and uses nothing up.
func TestReadingChangesNothing(t *testing.T) {
	s := open(t, cookieMode)
	access, refresh := s.signIn(1)
	for _, path := range []string{logoutPath, refreshPath, blacklistPath, tokenPath} {
		for _, method := range []string{"GET", "HEAD"} {
			cookies := "Cookie: access_token=" + access + "; refresh_token=" + refresh
			a := s.send(request{method: method, path: path, headers: []string{cookies, "Sec-Purpose: prefetch"}})
			if a.status != 405 || len(a.cookies) > 0 {
				t.Errorf("%s %s: got %d %q", method, path, a.status, a.cookies)
			}
		}
	}
	s.mustWork(access, true)
}

func TestHealth(t *testing.T) {
	s := open(t)
	check(t, s.send(get("/healthz")), 200, `{"status":"ok"}`)
	check(t, s.send(get("/readyz")), 200, `{"status":"ready"}`)
	check(t, s.send(get("/.well-known/jwks.json")), 200, `{"keys":[]}`)

	s.broken.Store(true)
	check(t, s.send(get("/healthz")), 200, `{"status":"ok"}`)
	check(t, s.send(get("/readyz")), 503, notNow)
	check(t, s.send(get("/.well-known/jwks.json")), 200, `{"keys":[]}`)
}
