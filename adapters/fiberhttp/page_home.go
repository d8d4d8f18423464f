package fiberhttp

import (
	"gatehouse/adapters/fiberhttp/pages"
	"github.com/gofiber/fiber/v2"
)

// homePage is for people who open the service itself, in a browser, and do not know the way.
// Everything else that is at no route is not there: programs get 404 for / as well.
func (s *Server) homePage(c *fiber.Ctx) error {
	reads := c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead
	if !reads || pathOf(c.Context()) != "/" || !s.forPeople(c.Context()) {
		return errNotFound
	}
	return s.sendPage(c, fiber.StatusOK, pages.View{Title: s.say("home.title"), Links: s.ways()})
}

// ways lead to the pages that are there in this mode.
func (s *Server) ways() []pages.Link {
	p, links := s.pages(), []pages.Link(nil)
	if s.config.Cookies.Enabled {
		links = []pages.Link{{URL: p.Link("login", nil), Text: s.say("sign_in.title")}, {URL: p.Link("sessions", nil), Text: s.say("link.sessions")}}
	}
	return append(links,
		pages.Link{URL: p.Link("password_change", nil), Text: s.say("link.change")},
		pages.Link{URL: p.Address("/openapi.json", nil), Text: s.say("link.documentation")},
	)
}
