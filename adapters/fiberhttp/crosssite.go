package fiberhttp

import (
	"slices"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"gatehouse/domain"
)

const headerSecFetchSite = "Sec-Fetch-Site"

// refuseCrossSite refuses what a page of another site asks for with our cookies, which
// browsers send along unasked, and whatever it asks for where our own pages alone may ask.
// Signing in and refreshing, which set cookies, ask for themselves.
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

// crossSite reports whether the request comes from a page of a site that is not welcome.
// Every browser since 2020 sends Sec-Fetch-Site, and every browser sends Origin with a
// POST; without either it is a program, which cannot be tricked into sending cookies.
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
