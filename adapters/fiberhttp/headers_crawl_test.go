package fiberhttp_test

import (
	"slices"
	"strings"
	"testing"

	"gatehouse/adapters/fiberhttp"
)

// crawled are the paths of every route, and one of none.
func crawled() (paths []string) {
	all := append(slices.Concat(endpoints, pagesForCookies),
		endpoint{paths: api("sessions")}, endpoint{paths: api("sessions/revoke-others")},
		endpoint{paths: api("sessions/0123456789abcdef0123456789abcdef")}, endpoint{paths: []string{"/nothing", ""}})
	for _, e := range all {
		for _, path := range e.paths {
			paths = append(paths, path, path+"/")
		}
	}
	return slices.DeleteFunc(paths, func(path string) bool { return path == "" })
}

// A state is what a shop is like while it is crawled.
type state struct {
	name    string
	options []option
	broken  bool
}

// No use case is there at all: whatever asks for one fails as nobody has foreseen.
var useless = with(func(u *fiberhttp.UseCases) { *u = fiberhttp.UseCases{} })

var states = []state{
	{"at work", []option{cookieMode}, false},
	{"in body mode, with friends", []option{allowing(friend)}, false},
	{"out of patience", []option{func(s *shop) { s.policy.Throttle.FreeFailures = 1 }}, false},
	{"without a database", []option{cookieMode}, true},
	{"without use cases", []option{cookieMode, useless}, false},
}

// probes are requests for a path, each in a way that has an answer of its own on some route.
func probes(path string) (all []string) {
	const cookies = "Cookie: access_token=" + firstAccess + "; refresh_token=" + firstRefresh
	for _, method := range allMethods {
		r := request{method: method, path: path, headers: []string{"Connection: close"}}
		all = append(all, r.bytes(), r.and(cookies).bytes(), r.and(cookies, otherSite).bytes(), r.and(bearer("garbage")).bytes())
	}
	good := `{"username":` + quoted(address(1)) + `,"password":` + quoted(password) + `,"old_password":` + quoted(wrong) +
		`,"new_password":` + quoted(newPassword) + `,"token":"x","refresh":"x"}`
	const nobodys = `{"username":"x","password":"x","old_password":"x","new_password":"x"}`
	for _, r := range []request{
		fill(path, "username", address(1), "password", password), fill(path, "username", address(1), "password", wrong), fill(path, "end", "x").and(cookies),
		get(path, browserAccepts), request{method: "PUT", path: path}.and(browserAccepts), post(path, "{", browserAccepts),
		post(path, good), post(path, good, cookies), post(path, "{"), post(path, nobodys), post(path, nobodys),
		post(path, "x", "Content-Type: text/plain"), post(path, strings.Repeat("x", 64<<10+1)), get(path, "X: "+strings.Repeat("x", 16<<10)),
		get(path, host), get(path, "X : y"), post(path, "{}", "Transfer-Encoding: chunked"), {method: `G"T`, path: path},
	} {
		all = append(all, r.and("Connection: close").bytes())
	}
	return all
}

// Every route in every state with every kind of request: whatever comes of it has the
// headers that every answer has.
func TestHeadersOfEveryRouteAndStatus(t *testing.T) {
	seen := map[int]int{}
	for _, state := range states {
		for _, path := range crawled() {
			t.Run(state.name+" "+path, func(t *testing.T) {
				s := open(t, state.options...)
				s.broken.Store(state.broken)
				for _, raw := range probes(path) {
					method, _, _ := strings.Cut(raw, " ")
					for _, a := range s.exchange(raw, method) {
						seen[a.status]++
						checkAlways(t, a, differing(path, a))
						if t.Failed() {
							t.Fatalf("that is %d, the answer to %.200q", a.status, raw)
						}
					}
				}
			})
		}
	}
	for _, status := range []int{200, 204, 303, 400, 401, 403, 404, 405, 413, 415, 429, 431, 500, 503} {
		if seen[status] == 0 {
			t.Errorf("nothing was answered with %d", status)
		}
	}
}

// differing are the headers in which an answer differs by what it is.
func differing(path string, a answer) map[string]string {
	switch {
	case a.status == 204, a.status == 303:
		return map[string]string{"Content-Type": ""}
	case strings.HasPrefix(a.header.Get("Content-Type"), "text/html"):
		return map[string]string{"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": pagePolicy}
	case strings.Contains(path, "jwks.json") && a.status == 200:
		return map[string]string{"Cache-Control": "public, max-age=300"}
	}
	return nil
}
