package fiberhttp

import (
	"github.com/gofiber/fiber/v2"

	"gatehouse/adapters/fiberhttp/pages"
)

// homePage answers all paths without a route. Who reads / gets a page with links. Everything else is not
// found.
func (f *front) homePage(c *fiber.Ctx) error {
	reads := c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead
	if !reads || pathOf(c.Context()) != "/" {
		return errNotFound
	}
	return f.sendPage(c, fiber.StatusOK, pages.View{Title: f.say("home.title"), Links: f.ways()})
}

// ways are the links of the home page. Pages that need cookies are there in cookie mode only.
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
