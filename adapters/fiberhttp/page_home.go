package fiberhttp

import "github.com/gofiber/fiber/v2"

// homePage is for people who open the service itself, in a browser, and do not know the way.
// Everything else that is at no route is not there: programs get 404 for / as well.
func (s *Server) homePage(c *fiber.Ctx) error {
	reads := c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead
	if !reads || pathOf(c.Context()) != "/" || !s.forPeople(c.Context()) {
		return errNotFound
	}
	return s.sendPage(c, fiber.StatusOK, view{Title: s.say("home.title"), Links: s.ways()})
}

// ways lead to the pages that are there in this mode.
func (s *Server) ways() []link {
	p, links := s.pages(), []link(nil)
	if s.config.Cookies.Enabled {
		links = []link{{p.link("login", nil), s.say("sign_in.title")}, {p.link("sessions", nil), s.say("link.sessions")}}
	}
	return append(links,
		link{p.link("password_change", nil), s.say("link.change")},
		link{p.address("/openapi.json", nil), s.say("link.documentation")},
	)
}
