package fiberhttp

import "github.com/gofiber/fiber/v2"

const headerTransport = "X-Token-Transport"

// inCookies decides whether the answer hands tokens out in cookies: when that mode is on,
// except to a program that asks for them in the body. A web page that asks is refused:
// what a script can read, an injected one can steal.
func (s *Server) inCookies(c *fiber.Ctx) (bool, error) {
	if !s.config.Cookies.Enabled {
		return false, nil
	}
	switch c.Get(headerTransport) {
	case "", "cookie":
		return true, nil
	case "body":
		if fromBrowser(c) {
			return false, errTransport("A web page gets its tokens as cookies; X-Token-Transport: body is for programs.")
		}
		return false, nil
	}
	return false, errTransport("X-Token-Transport must be body or cookie.")
}
