package fiberhttp

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"gatehouse/adapters/fiberhttp/pages"
	"gatehouse/application/signin"
	"gatehouse/domain"
)

// signInPage is for people who come without the shop's app. It sets the cookies, so it is there in
// cookie mode only.
func (s *Server) signInPage(c *fiber.Ctx) error {
	next := s.next(c)
	if c.Method() == fiber.MethodPost {
		return s.submitSignIn(c, next)
	}
	v := s.signInView(s.signInForm("", next, ""), next)
	if doneParameter(c) == doneSignedOut {
		v.Status = s.say("sign_in.signed_out")
	} else if who, err := s.visitor(c, unseen(c)); err == nil {
		v.Status = s.say("sign_in.already", string(who.owner.Email))
		v.Links = append([]pages.Link{{URL: s.pages().GoOn(next), Text: s.say("sign_in.go_on")}, {URL: s.pages().Link("sessions", nil), Text: s.say("link.sessions")}}, v.Links...)
	}
	return s.sendPage(c, fiber.StatusOK, v)
}

func (s *Server) signInView(f *pages.Form, next string) pages.View {
	return pages.View{Title: s.say("sign_in.title"), Form: f, Links: []pages.Link{
		{URL: s.pages().Link("password_reset", nextQuery(next)), Text: s.say("link.reset")},
		{URL: s.pages().Link("password_change", nextQuery(next)), Text: s.say("link.change")},
	}}
}

// signInForm is the form of this page. Another page that shows it gives action, this page's address.
func (s *Server) signInForm(action, next, username string) *pages.Form {
	return &pages.Form{
		Action: action,
		Submit: s.say("sign_in.submit"),
		Inputs: []*pages.Input{s.pages().AddressInput(usernameField, username), s.pages().SecretInput(passwordField, "current-password")},
	}
}

func (s *Server) submitSignIn(c *fiber.Ctx, next string) error {
	given, err := fieldsOf(c)
	if err != nil {
		return err
	}
	read := given.Read()
	command := signin.ObtainTokensCommand{
		Username:    read.Text(usernameField, domain.MaxEmailLength),
		Password:    read.Password(passwordField),
		SetsCookies: true,
		Previous:    s.cookieTokens(c),
		Device:      s.deviceToken(c),
		Client:      s.client(c),
	}
	f := s.signInForm("", next, command.Username)
	if read.Err() != nil {
		s.takeFaults(f, read)
		return s.sendPage(c, fiber.StatusBadRequest, s.signInView(f, next))
	}
	result, err := s.useCases.ObtainTokens.Execute(c.UserContext(), command)
	if err != nil {
		return s.refuseSignIn(c, f, next, err)
	}
	if result.Tokens.Access.Empty() {
		s.tellDueChange(c, result.Due)
		return s.askForChange(c, command.Username, next)
	}
	s.setTokens(c, result)
	if result.PasswordNeedsReset { // the page for the change says when it is due
		return seeOther(c, s.pages().Link("password_change", nextQuery(next)))
	}
	return seeOther(c, s.pages().GoOn(next))
}

func (s *Server) refuseSignIn(c *fiber.Ctx, f *pages.Form, next string, refused error) error {
	status := fiber.StatusUnauthorized
	if errors.Is(refused, domain.ErrInvalidCredentials) {
		f.Blame(passwordField, s.say("problem.wrong_sign_in"))
	} else if explained, err := s.explain(c, f, refused); err != nil {
		return err
	} else {
		status = explained
	}
	return s.sendPage(c, status, s.signInView(f, next))
}

// askForChange goes on with the form for a new password, which is due now.
func (s *Server) askForChange(c *fiber.Ctx, username, next string) error {
	v := s.changeView(s.changeForm(s.pages().Link("password_change", nextQuery(next)), username), next)
	return s.sendPage(c, fiber.StatusOK, s.sayDue(c, v, dueNow))
}
