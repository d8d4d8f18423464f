package fiberhttp

import (
	"github.com/gofiber/fiber/v2"

	"gatehouse/adapters/fiberhttp/pages"
	"gatehouse/application/credentials"
	"gatehouse/domain"
)

const emailField = "email"

// requestResetPage lets people who forgot their password ask for a link. Its answer is the same for
// every address.
func (s *Server) requestResetPage(c *fiber.Ctx) error {
	switch {
	case c.Method() == fiber.MethodPost:
		return s.submitResetRequest(c)
	case !s.pages().ResetByMail:
		return s.sendPage(c, fiber.StatusOK, s.resetOffView(s.next(c)))
	}
	return s.sendPage(c, fiber.StatusOK, s.resetView(s.resetForm("")))
}

func (s *Server) resetView(f *pages.Form) pages.View {
	return pages.View{Title: s.say("reset.title"), Lede: s.say("reset.lede"), Form: f}
}

func (s *Server) resetOffView(next string) pages.View {
	return pages.View{Title: s.say("reset.title"), Lede: s.say("reset.off"), Links: s.homeLinks(next)}
}

// homeLinks lead from a page that is done back to next, or to the shop.
func (s *Server) homeLinks(next string) []pages.Link {
	return []pages.Link{{URL: s.pages().GoOn(next), Text: s.say("link.home")}}
}

func (s *Server) resetForm(email string) *pages.Form {
	return &pages.Form{
		Submit:  s.say("reset.submit"),
		Inputs:  []*pages.Input{s.pages().AddressInput(emailField, email)},
		TooMany: "problem.too_many",
	}
}

func (s *Server) submitResetRequest(c *fiber.Ctx) error {
	given, err := fieldsOf(c)
	if err != nil {
		return err
	}
	read := given.Read()
	command := credentials.RequestPasswordResetCommand{Email: read.Text(emailField, domain.MaxEmailLength), Client: s.client(c)}
	f := s.resetForm(command.Email)
	if read.Err() != nil {
		s.takeFaults(f, read)
		return s.sendPage(c, fiber.StatusBadRequest, s.resetView(f))
	}
	result, err := s.useCases.RequestPasswordReset.Execute(c.UserContext(), command)
	switch {
	case err != nil:
		status, err := s.explain(c, f, err)
		if err != nil {
			return err
		}
		return s.sendPage(c, status, s.resetView(f))
	case result.MailOff:
		return s.sendPage(c, fiber.StatusOK, s.resetOffView(s.next(c)))
	}
	return s.sendPage(c, fiber.StatusOK, pages.View{
		Title: s.say("reset.sent_title"), Status: s.say("reset.sent"), Detail: s.say("reset.sent_more"), Links: s.homeLinks(s.next(c)),
	})
}
