package fiberhttp

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"gatehouse/adapters/fiberhttp/body"
	"gatehouse/application/signin"
	"gatehouse/domain"
)

// The paths of the guard. A proxy asks the first about each request to what is behind it. It sends a
// request that was refused to the second, if it cannot pass on the answer of the first.
const (
	guardCheck  = "/check"
	guardDenied = "/denied"
)

// maxGuardHeaderSize has room for what nginx takes from a client by default, 4 buffers of 8 KiB, and for
// the address of the request once more.
const maxGuardHeaderSize = 48 << 10

// newGuard makes the front for reverse proxies. It has a listener of its own: no page can read from there,
// so its answers may have an access token in a header. It takes no other method: a proxy that asks with the
// method of the request must not have its OPTIONS answered 204, which proxies take for a yes.
func (s *Server) newGuard() *front {
	f := &front{Server: s}
	f.forPeople = func(ctx *fasthttp.RequestCtx) bool { return pathOf(ctx) == guardDenied && f.navigates(ctx) }
	methods := []string{fiber.MethodGet, fiber.MethodHead}
	f.open(maxGuardHeaderSize, func(app *fiber.App) {
		for _, r := range []route{
			{path: guardCheck, methods: methods, handler: f.check, noBody: true},
			{path: guardDenied, methods: methods, handler: f.denied},
		} {
			f.paths[r.path] = r
			for _, method := range r.methods {
				app.Add(method, r.path, f.call(r))
			}
			app.All(r.path, f.methodNotAllowed)
		}
		app.Use(func(*fiber.Ctx) error { return errNotFound })
	})
	return f
}

// ServeGuard answers the questions of reverse proxies that come in at listener, until Shutdown is called.
func (s *Server) ServeGuard(listener net.Listener) error { return s.guard.answer(listener) }

// check answers 200 if the request that the proxy asks about may pass, and then says who sends it.
//
// HEAD is answered without a renewal, as everywhere. The method and the purpose of the original request
// make no difference: its answer comes from behind the proxy, which needs a token that works.
func (f *front) check(c *fiber.Ctx) error {
	asked, err := f.question(c)
	if err != nil {
		return err
	}
	sender, err := f.judge(c, asked, c.Method() == fiber.MethodHead)
	if err != nil {
		return f.guardRefusal(c, err)
	}
	tellSender(c, sender)
	return nil
}

// A question is what a proxy asks: about which request, and which roles its sender needs.
type question struct {
	original original
	roles    []domain.Role
}

// question reads what the proxy asks. A proxy that asks wrongly is set up wrongly, so the log says what it
// must send.
func (s *Server) question(c *fiber.Ctx) (asked question, err error) {
	asked.original, err = originalOf(&c.Request().Header)
	if err == nil {
		asked.roles, err = rolesOf(c)
	}
	if err != nil {
		s.unclear.add(err)
		return asked, errUnclearQuestion
	}
	return asked, nil
}

// rolesOf reads ?role=office&role=workshop, or ?role=office,workshop. It refuses everything else, because a
// mistyped name would let everybody pass.
func rolesOf(c *fiber.Ctx) (roles []domain.Role, err error) {
	query, err := url.ParseQuery(string(c.Context().URI().QueryString()))
	if err != nil {
		return nil, errRoles
	}
	for name, values := range query {
		for role := range strings.SplitSeq(strings.Join(values, ","), ",") {
			known, ok := domain.ParseRole(role)
			if !ok || name != "role" {
				return nil, errRoles
			}
			roles = append(roles, known)
		}
	}
	return roles, nil
}

// judge decides about the original request, and finds out who sends it. With unseen nothing is renewed.
func (s *Server) judge(c *fiber.Ctx, asked question, unseen bool) (signin.GuardRequestResult, error) {
	path, _, _ := strings.Cut(asked.original.uri, "?")
	return s.useCases.GuardRequest.Execute(c.UserContext(), signin.GuardRequestQuery{
		Request: domain.GuardedRequest{
			Method:            asked.original.method,
			Path:              path,
			AsksWhatIsAllowed: len(c.Request().Header.Peek(fiber.HeaderAccessControlRequestMethod)) > 0,
			CarriesCookies:    s.carriesCookies(c),
			CrossSite:         s.crossSite(c),
			Roles:             asked.roles,
		},
		Identify: func(context.Context) (signin.GuardRequestResult, error) {
			v, err := s.visitor(c, unseen)
			return signin.GuardRequestResult{Owner: v.owner, Session: v.session, Access: v.access}, err
		},
	})
}

// tellSender says who sends the request. Every header is always there: a proxy that copies them replaces
// what the client has made up.
func tellSender(c *fiber.Ctx, sender signin.GuardRequestResult) {
	var groups []string
	for _, role := range sender.Owner.Roles() {
		groups = append(groups, string(role))
	}
	c.Set("Remote-User", string(sender.Owner.ID))
	c.Set("Remote-Email", string(sender.Owner.Email))
	c.Set("Remote-Name", url.PathEscape(sender.Owner.FullName()))
	c.Set("Remote-Groups", strings.Join(groups, ","))
	c.Set("Remote-Session", string(sender.Session))
	c.Set("X-Gatehouse-Access-Token", sender.Access.Reveal())
}

// guardRefusal is the answer to err, in the words of me/. Everybody who is signed out gets 401, whatever the
// reason: nginx would turn 400 and 404 into 500.
func (s *Server) guardRefusal(c *fiber.Ctx, err error) *body.Refusal {
	refused := s.refusalOf(c, accessRefusal(err))
	if signedOut(err) || errors.Is(err, errAmbiguousCookie) {
		return &body.Refusal{Status: fiber.StatusUnauthorized, Body: refused.Body}
	}
	return refused
}
