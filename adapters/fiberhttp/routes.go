package fiberhttp

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// The roots under which the shop's web app has called, for the endpoints of the API and
// for the others.
var (
	apiRoots  = []string{"/accounts/api", "/api/accounts"}
	siteRoots = []string{"/accounts", "/api/accounts"}
	noRoot    = []string{""}
)

// A route is one row of the contract's table.
type route struct {
	roots   []string
	path    string
	methods []string // besides OPTIONS
	handler fiber.Handler
}

func (s *Server) routes() []route {
	get, post := []string{fiber.MethodGet, fiber.MethodHead}, []string{fiber.MethodPost}
	both := []string{fiber.MethodGet, fiber.MethodHead, fiber.MethodPost}
	return []route{
		{apiRoots, "/token", post, s.obtainTokens},
		{apiRoots, "/token/refresh", post, s.refreshAccess},
		{apiRoots, "/token/verify", post, s.verifyToken},
		{apiRoots, "/token/blacklist", post, s.blacklistToken},
		{apiRoots, "/password/change", post, s.changePassword},
		{apiRoots, "/password/reset", post, s.requestPasswordReset},
		{apiRoots, "/password/reset/confirm", post, s.confirmPasswordReset},
		{apiRoots, "/sessions", get, s.listSessions},
		{apiRoots, "/sessions/revoke-others", post, s.revokeOtherSessions},
		{apiRoots, "/sessions/:id", []string{fiber.MethodDelete}, s.revokeSession},
		{siteRoots, "/logout", post, s.signOut},
		{siteRoots, "/me", get, s.currentStaff},
		{siteRoots, "/password_change", both, s.passwordPage},
		{noRoot, "/.well-known/jwks.json", get, s.jwks},
		{noRoot, "/openapi.json", get, s.openAPI},
		{noRoot, "/healthz", get, s.health},
		{noRoot, "/readyz", get, s.readiness},
	}
}

// register adds every spelling of every route, and what answers the wrong methods.
func (s *Server) register(app *fiber.App) {
	for _, r := range s.routes() {
		for _, root := range r.roots {
			for _, slash := range []string{"", "/"} {
				path := root + r.path + slash
				s.paths[path] = r
				for _, method := range r.methods {
					app.Add(method, path, s.call(r.handler))
				}
				app.Add(fiber.MethodOptions, path, s.options)
				app.All(path, s.methodNotAllowed)
			}
		}
	}
	app.Use(func(*fiber.Ctx) error { return errNotFound })
}

// pattern returns the registered path that the path of a request fits, with a name in
// place of an id.
func (s *Server) pattern(path string) (string, bool) {
	if _, exact := s.paths[path]; exact {
		return path, true
	}
	trimmed := strings.TrimSuffix(path, "/")
	folder := trimmed[:strings.LastIndexByte(trimmed, '/')+1]
	pattern := folder + ":id" + path[len(trimmed):]
	_, ok := s.paths[pattern]
	return pattern, ok && len(trimmed) > len(folder)
}

// allow lists the methods of the path in alphabetical order, for the Allow of a 405, and
// reports whether there is such a path.
func (s *Server) allow(path string) (string, bool) {
	pattern, ok := s.pattern(path)
	methods := append([]string{fiber.MethodOptions}, s.paths[pattern].methods...)
	slices.Sort(methods)
	return strings.Join(methods, ", "), ok
}

func (s *Server) options(c *fiber.Ctx) error {
	allow, _ := s.allow(c.Path())
	c.Set(fiber.HeaderAllow, allow)
	s.allowPreflight(c)
	return c.SendStatus(fiber.StatusNoContent)
}

func (s *Server) methodNotAllowed(c *fiber.Ctx) error {
	allow, _ := s.allow(c.Path())
	c.Set(fiber.HeaderAllow, allow)
	return errMethodNotAllowed(c.Method())
}
