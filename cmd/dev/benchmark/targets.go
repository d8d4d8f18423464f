package main

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// The names of what is measured. A flag lists them, so none has a comma.
const (
	bareHandler   = "bare handler"
	limit         = "limit"
	verifyLimit   = "limit that verifies"
	refresh       = "token/refresh/"
	refreshRotate = "token/refresh/ rotating"
	refreshGrown  = "token/refresh/ grown"
	me            = "me/"
	guard         = "guard /check"
	verify        = "token/verify/"
	signingIn     = "token/"
)

// guardPath is where the guard is asked, which no other target is.
const guardPath = "/check"

// A target is one kind of request to one server.
type target struct {
	name    string
	against string // the name of the target whose figures it is compared with
	server  *server
	method  string
	path    string
	// request returns the body and the Authorization header of the n-th connection.
	request func(n int) (body []byte, authorization string)
	// answered is told each reply, and then request is asked again. If it is nil, a
	// connection sends the same all the time.
	answered func(n int, reply []byte) error
}

func (f *fleet) targets() []target {
	all := []target{
		{bareHandler, limit, f.limit, http.MethodPost, "/bare", always([]byte("{}")), nil},
		{limit, limit, f.limit, http.MethodPost, "/refresh", refreshToken(f.gatehouse), nil},
		{verifyLimit, verifyLimit, f.limit, http.MethodPost, "/verify", accessToken(f.gatehouse), nil},
		refreshing(refresh, f.gatehouse),
		rotating(f.rotating),
		{me, verifyLimit, f.gatehouse, http.MethodGet, "/accounts/me/", bearer(f.gatehouse), nil},
		{guard, me, f.guard, http.MethodGet, guardPath, bearer(f.guard), nil},
		{verify, verifyLimit, f.gatehouse, http.MethodPost, "/accounts/api/token/verify/", accessToken(f.gatehouse), nil},
		{signingIn, limit, f.gatehouse, http.MethodPost, "/accounts/api/token/", signIns(f.gatehouse), nil},
	}
	if f.grown != nil {
		all = slices.Insert(all, 5, refreshing(refreshGrown, f.grown))
	}
	return all
}

// chosen are the targets of these names, or all if there are none.
func chosen(all []target, names []string) ([]target, error) {
	if len(names) == 0 {
		return all, nil
	}
	var known []string
	for _, t := range all {
		known = append(known, t.name)
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("there is no target %q; there are %s", name, strings.Join(known, ", "))
		}
	}
	return slices.DeleteFunc(all, func(t target) bool { return !slices.Contains(names, t.name) }), nil
}

// signIns are for somebody else on each connection: one person does not sign in many times
// at once.
func signIns(s *server) func(int) ([]byte, string) {
	return func(n int) ([]byte, string) { return credentials(s.newcomer(n)), "" }
}

func refreshing(name string, s *server) target {
	return target{name, limit, s, http.MethodPost, "/accounts/api/token/refresh/", refreshToken(s), nil}
}

func rotating(s *server) target {
	t := refreshing(refreshRotate, s)
	t.answered = s.keepRefreshToken
	return t
}

func always(body []byte) func(int) ([]byte, string) {
	return func(int) ([]byte, string) { return body, "" }
}

func refreshToken(s *server) func(int) ([]byte, string) {
	return func(n int) ([]byte, string) { return []byte(`{"refresh":"` + s.sessions[n].Refresh + `"}`), "" }
}

func accessToken(s *server) func(int) ([]byte, string) {
	return func(n int) ([]byte, string) { return []byte(`{"token":"` + s.sessions[n].Access + `"}`), "" }
}

func bearer(s *server) func(int) ([]byte, string) {
	return func(n int) ([]byte, string) { return nil, "Bearer " + s.sessions[n].Access }
}

// keepRefreshToken remembers the newest refresh token of the n-th session, for this round
// and all that follow. Each connection has its own session, so nothing is shared.
func (s *server) keepRefreshToken(n int, reply []byte) error {
	_, rest, found := bytes.Cut(reply, []byte(`"refresh":"`))
	token, _, ended := bytes.Cut(rest, []byte(`"`))
	if !found || !ended || len(token) == 0 {
		return fmt.Errorf("a reply without a new refresh token")
	}
	s.sessions[n].Refresh = string(token)
	return nil
}
