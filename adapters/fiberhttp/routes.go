package fiberhttp

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// The roots of the routes. Each path is there twice, because the shop's web app calls both. apiRoots
// are for the endpoints of the API, siteRoots for the others.
var (
	apiRoots  = []string{"/accounts/api", "/api/accounts"}
	siteRoots = []string{"/accounts", "/api/accounts"}
	noRoot    = []string{""}
	// pageRoot is for pages that no app calls. Under the other root, the API uses some of their names.
	pageRoot = siteRoots[:1]
)

// confirmRoute is the page where a one-time link leads. It is useless without the link.
const confirmRoute = "/password_reset/confirm"

// A route is one row of the contract's table.
type route struct {
	roots   []string
	path    string
	methods []string
	handler fiber.Handler
	// noBody: no answer has a body, errors included.
	noBody bool
	// page: people look at it, so errors are pages too.
	page bool
	// inCookieMode: it needs the cookies, and is there in cookie mode only.
	inCookieMode bool
	// fromDjango: the shop's Django answered it before, and would answer it again.
	fromDjango bool
	// inside: it tells about the health of the service, and a reverse proxy does not hand it on.
	inside bool
	// own: pages of other sites may send nothing here, even without cookies. They could use up the
	// attempts of a visitor's network, or have cookies deleted.
	own bool
}

func (s *Server) routes() []route {
	get, post := []string{fiber.MethodGet, fiber.MethodHead}, []string{fiber.MethodPost}
	both := []string{fiber.MethodGet, fiber.MethodHead, fiber.MethodPost}
	return []route{
		{roots: apiRoots, path: "/token", methods: post, handler: s.obtainTokens, fromDjango: true},
		{roots: apiRoots, path: "/token/refresh", methods: post, handler: s.refreshAccess, fromDjango: true},
		{roots: apiRoots, path: "/token/verify", methods: post, handler: s.verifyToken, fromDjango: true},
		{roots: apiRoots, path: "/token/blacklist", methods: post, handler: s.blacklistToken},
		{roots: apiRoots, path: "/password/change", methods: post, handler: s.changePassword, own: true},
		{roots: apiRoots, path: "/password/reset", methods: post, handler: s.requestPasswordReset, own: true},
		{roots: apiRoots, path: "/password/reset/confirm", methods: post, handler: s.confirmPasswordReset, own: true},
		{roots: apiRoots, path: "/sessions", methods: get, handler: s.listSessions},
		{roots: apiRoots, path: "/sessions/revoke-others", methods: post, handler: s.revokeOtherSessions},
		{roots: apiRoots, path: "/sessions/:id", methods: []string{fiber.MethodDelete}, handler: s.revokeSession},
		{roots: siteRoots, path: "/logout", methods: post, handler: s.signOut, own: s.config.Cookies.Enabled, fromDjango: true},
		{roots: siteRoots, path: "/me", methods: get, handler: s.unlessDue(s.currentStaff), fromDjango: true},
		{roots: siteRoots, path: "/password_change", methods: both, handler: s.passwordPage, page: true, own: true},
		{roots: siteRoots, path: "/password_reset", methods: both, handler: s.requestResetPage, page: true, own: true},
		{roots: siteRoots, path: confirmRoute, methods: both, handler: s.confirmResetPage, page: true, own: true},
		{roots: siteRoots, path: "/login", methods: both, handler: s.signInPage, page: true, inCookieMode: true, own: true},
		{roots: pageRoot, path: "/sessions", methods: both, handler: s.sessionsPage, page: true, inCookieMode: true, own: true},
		{roots: pageRoot, path: "/assets/:id", methods: get, handler: s.pageAsset, page: true},
		{roots: noRoot, path: "/.well-known/jwks.json", methods: get, handler: s.jwks},
		{roots: noRoot, path: "/openapi.json", methods: get, handler: s.openAPI},
		{roots: noRoot, path: "/healthz", methods: get, handler: s.health, inside: true},
		{roots: noRoot, path: "/readyz", methods: get, handler: s.readiness, inside: true},
	}
}

// thereWith reports whether a server with these cookies has the route.
func (r route) thereWith(cookies CookieConfig) bool { return cookies.Enabled || !r.inCookieMode }

// A Path is one that a server answers, with and without a slash at its end.
type Path struct {
	// Pattern has :id where a segment can be anything.
	Pattern string
	// FromDjango: the shop's Django answered it before, and must not be asked past the server.
	FromDjango bool
}

// Paths are those that a reverse proxy hands on to a server with these cookies, in the order of the
// table. /healthz and /readyz are not among them: they are for the machine itself.
func Paths(cookies CookieConfig) (paths []Path) {
	s := &Server{config: Config{Cookies: cookies}}
	for _, r := range s.routes() {
		if r.inside || !r.thereWith(cookies) {
			continue
		}
		for _, root := range r.roots {
			paths = append(paths, Path{root + r.path, r.fromDjango})
		}
	}
	return paths
}

// register adds every spelling of every route, and the answers to other methods.
func (f *front) register(app *fiber.App, routes []route) {
	for _, r := range routes {
		if !r.thereWith(f.config.Cookies) {
			continue
		}
		for _, root := range r.roots {
			for _, slash := range []string{"", "/"} {
				path := root + r.path + slash
				f.paths[path] = r.withOptions()
				for _, method := range r.methods {
					app.Add(method, path, f.call(r))
				}
				app.Add(fiber.MethodOptions, path, f.options)
				app.All(path, f.methodNotAllowed)
			}
		}
	}
}

// withOptions is the route with the method OPTIONS, which each route for people and apps has.
func (r route) withOptions() route {
	r.methods = append([]string{fiber.MethodOptions}, r.methods...)
	return r
}

// pattern returns the registered path that matches the path of a request. It has :id in place of an
// id.
func (f *front) pattern(path string) (string, bool) {
	if _, exact := f.paths[path]; exact {
		return path, true
	}
	trimmed := strings.TrimSuffix(path, "/")
	folder := trimmed[:strings.LastIndexByte(trimmed, '/')+1]
	pattern := folder + ":id" + path[len(trimmed):]
	_, ok := f.paths[pattern]
	return pattern, ok && len(trimmed) > len(folder)
}

// allow lists the methods of the path for the header Allow, in alphabetical order. It also reports
// whether the path is known.
func (f *front) allow(path string) (string, bool) {
	pattern, ok := f.pattern(path)
	methods := slices.Clone(f.paths[pattern].methods)
	slices.Sort(methods)
	return strings.Join(methods, ", "), ok
}

func (f *front) options(c *fiber.Ctx) error {
	allow, _ := f.allow(c.Path())
	c.Set(fiber.HeaderAllow, allow)
	f.allowPreflight(c)
	return c.SendStatus(fiber.StatusNoContent)
}

func (f *front) methodNotAllowed(c *fiber.Ctx) error {
	allow, _ := f.allow(c.Path())
	c.Set(fiber.HeaderAllow, allow)
	return errMethodNotAllowed(c.Method())
}
