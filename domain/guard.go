package domain

import (
	"errors"
	"net/url"
	"slices"
	"strings"
)

// A GuardedRequest is a request to what is behind the reverse proxy. The proxy asks whether it may pass
// (forward-auth).
type GuardedRequest struct {
	// Method is in capital letters.
	Method string
	// Path is as the client has sent it: still encoded, and without the query.
	Path string
	// AsksWhatIsAllowed: it has Access-Control-Request-Method, as a browser's preflight (CORS).
	AsksWhatIsAllowed bool
	// CarriesCookies: it brings one of our cookies. CrossSite: a page of another site has sent it.
	CarriesCookies, CrossSite bool
	// Roles has those of which the person must have one. If it is empty, everybody who is signed in may
	// pass.
	Roles []Role
}

// A Demand is what a [GuardedRequest] needs to pass.
type Demand string

// The demands. With DemandNothing the request passes, and nobody is told who sends it. With DemandNoSignIn
// it passes, and those behind the proxy are told who sends it if that is known. With DemandSignIn the
// person must be signed in.
const (
	DemandNothing  Demand = "nothing"
	DemandNoSignIn Demand = "no sign-in"
	DemandSignIn   Demand = "sign-in"
)

// Demand decides what the request needs. The first rule that fits counts:
//
//  1. An open path takes everybody. If another site may have made a browser send the request with our
//     cookies, it passes as a stranger's, because it is not the person's own.
//  2. A preflight passes. Browsers send it without cookies, so nobody could be known.
//  3. A request that changes something, from another site with our cookies, is [ErrCrossSite]
//     (OWASP CSRF prevention). This comes before anything is renewed for it.
//  4. All else needs a sign-in.
func (r GuardedRequest) Demand(open OpenPaths) (Demand, error) {
	switch isOpen := open.Match(r.Path); {
	case isOpen && !r.forged():
		return DemandNoSignIn, nil
	case isOpen, r.Method == "OPTIONS" && r.AsksWhatIsAllowed:
		return DemandNothing, nil
	case r.forged():
		return "", ErrCrossSite
	}
	return DemandSignIn, nil
}

// forged reports whether another site may have made a browser send this. Only methods that change
// something count (RFC 9110, 9.2.1). An unknown method may change something.
func (r GuardedRequest) forged() bool {
	safe := r.Method == "GET" || r.Method == "HEAD" || r.Method == "OPTIONS"
	return !safe && r.CarriesCookies && r.CrossSite
}

// Admit decides whether a person who is signed in may pass: nil or [ErrNotAllowed].
func (r GuardedRequest) Admit(person Staff) error {
	holds := func(role Role) bool { return slices.Contains(r.Roles, role) }
	if len(r.Roles) > 0 && !slices.ContainsFunc(person.Roles(), holds) {
		return ErrNotAllowed
	}
	return nil
}

// A Role is a right of a person as services behind the proxy know it. Roles are independent: a superuser
// does not have the role of the office unless the account says so.
type Role string

// The roles, named as in [Profile].
const (
	RoleOffice    Role = "office"
	RoleWorkshop  Role = "workshop"
	RoleSuperuser Role = "superuser"
)

// ParseRole reads the name of a role. It is false for every other text.
func ParseRole(text string) (Role, bool) {
	role := Role(text)
	return role, role == RoleOffice || role == RoleWorkshop || role == RoleSuperuser
}

// Roles lists the person's roles, in a fixed order.
func (p Profile) Roles() (roles []Role) {
	for _, r := range []struct {
		role  Role
		holds bool
	}{{RoleOffice, p.IsOfficeStaff}, {RoleWorkshop, p.IsWorkshopStaff}, {RoleSuperuser, p.IsSuperuser}} {
		if r.holds {
			roles = append(roles, r.role)
		}
	}
	return roles
}

// OpenPaths are the paths behind the proxy that need no sign-in. Each is a whole path, or the beginning of
// paths with * at its end. They are written decoded: "/café", not "/caf%C3%A9".
type OpenPaths []string

// CheckOpenPath refuses a text that is no entry of [OpenPaths], or that would open every path.
func CheckOpenPath(text string) error {
	path := strings.TrimSuffix(text, "*")
	switch {
	case path == "/" && text != path:
		return errors.New("would open every path: leave GATEHOUSE_GUARD_LISTEN out instead")
	case strings.ContainsAny(path, "*?%"):
		return errors.New("must not have * before its end, ? or %")
	}
	if _, plain := plainPath(path); !plain {
		return errors.New("must begin with /, without //, segments of dots, backslashes and control characters")
	}
	return nil
}

// Match reports whether the path, as a client has sent it, is open. It is decoded once. A path that
// servers may understand in different ways matches none: one with "//", with a segment "." or "..", or with
// an encoded slash, a backslash or a control character.
func (o OpenPaths) Match(path string) bool {
	if len(o) == 0 {
		return false
	}
	decoded, plain := plainPath(path)
	return plain && slices.ContainsFunc(o, func(open string) bool {
		if start, isPrefix := strings.CutSuffix(open, "*"); isPrefix {
			return strings.HasPrefix(decoded, start)
		}
		return decoded == open
	})
}

// plainPath decodes a path. It is false if servers may understand the path in different ways. It takes a
// path alone, so "?" and "#" begin nothing here: an encoded "?" is a character of a name.
func plainPath(path string) (decoded string, plain bool) {
	decoded, err := url.PathUnescape(path)
	if err != nil || !strings.HasPrefix(path, "/") || strings.Count(decoded, "/") != strings.Count(path, "/") ||
		strings.ContainsFunc(decoded, func(r rune) bool { return r < ' ' || r == '\\' || r == '#' || r == 0x7f }) {
		return "", false
	}
	if twice, err := url.PathUnescape(decoded); err == nil && twice != decoded { // somebody may decode again
		return "", false
	}
	return decoded, !strings.Contains(decoded, "//") && !slices.ContainsFunc(strings.Split(decoded, "/"), dotted)
}

// dotted reports whether the segment is "." or "..". Some servers cut a segment at ";" before they look.
func dotted(segment string) bool {
	name, _, _ := strings.Cut(segment, ";")
	return name == "." || name == ".."
}
