package fiberhttp

import (
	"slices"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"gatehouse/domain"
)

const headerSecFetchSite = "Sec-Fetch-Site"

// refuseCrossSite refuses a request of another site's page that changes something and brings our
// cookies: browsers add them unasked. Where own is set, it refuses those without cookies too. Signing
// in and refreshing set cookies, so they call crossSite themselves.
func (s *Server) refuseCrossSite(c *fiber.Ctx, own bool) error {
	switch c.Method() {
	case fiber.MethodGet, fiber.MethodHead:
		return nil
	}
	if !own && !s.carriesCookies(c) || !s.crossSite(c) {
		return nil
	}
	return domain.ErrCrossSite
}

// crossSite reports whether the request comes from a page of a site that may not call us. Browsers
// since 2020 send Sec-Fetch-Site (OWASP CSRF prevention), and every browser sends Origin with a POST. A
// request with neither is a program's, and no page can make a program send cookies.
func (s *Server) crossSite(c *fiber.Ctx) bool {
	site := c.Request().Header.Peek(headerSecFetchSite)
	switch string(site) {
	case "same-origin", "none":
		return false
	}
	origins := c.Request().Header.PeekAll(fiber.HeaderOrigin)
	if len(origins) == 0 {
		return len(site) > 0
	}
	return len(origins) > 1 || !s.welcome(string(origins[0]))
}

// fromBrowser reports whether a web page may be behind the request.
func fromBrowser(c *fiber.Ctx) bool {
	header := &c.Request().Header
	return len(header.Peek(fiber.HeaderOrigin)) > 0 || len(header.Peek(headerSecFetchSite)) > 0
}

// welcome reports whether the origin is ours or an allowed one.
func (s *Server) welcome(origin string) bool {
	return origin == s.config.origin() || slices.Contains(s.config.AllowedOrigins, origin)
}

// allowOrigin lets pages of the allowed origins read the answer (CORS, with cookies).
func (s *Server) allowOrigin(ctx *fasthttp.RequestCtx) {
	if len(s.config.AllowedOrigins) == 0 {
		return
	}
	header := &ctx.Response.Header
	header.Add(fiber.HeaderVary, fiber.HeaderOrigin)
	origin := string(ctx.Request.Header.Peek(fiber.HeaderOrigin))
	if slices.Contains(s.config.AllowedOrigins, origin) {
		header.Set(fiber.HeaderAccessControlAllowOrigin, origin)
		header.Set(fiber.HeaderAccessControlAllowCredentials, "true")
	}
}

// allowPreflight says what a page of an allowed origin may send.
func (s *Server) allowPreflight(c *fiber.Ctx) {
	if slices.Contains(s.config.AllowedOrigins, c.Get(fiber.HeaderOrigin)) {
		c.Set(fiber.HeaderAccessControlAllowMethods, "GET, POST, DELETE")
		c.Set(fiber.HeaderAccessControlAllowHeaders, "Content-Type, Authorization, "+headerTransport)
		c.Set(fiber.HeaderAccessControlMaxAge, "600")
	}
}
