package fiberhttp

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"gatehouse/application/signin"
	"gatehouse/domain"
)

// signInPage is for people who come without the shop's app. It sets the cookies, and so it is
// there in cookie mode alone.
func (s *Server) signInPage(c *fiber.Ctx) error {
	next := s.next(c)
	if c.Method() == fiber.MethodPost {
		return s.submitSignIn(c, next)
	}
	v := s.signInView(s.signInForm("", next, ""), next)
	if doneParameter(c) == doneSignedOut {
		v.Status = s.say("sign_in.signed_out")
	} else if owner, err := s.pageOwner(c); err == nil {
		v.Status = s.say("sign_in.already", string(owner.Email))
		v.Links = append([]link{{s.pages().goOn(next), s.say("sign_in.go_on")}, {s.pages().link("sessions", nil), s.say("link.sessions")}}, v.Links...)
	}
	return s.sendPage(c, fiber.StatusOK, v)
}

func (s *Server) signInView(f *form, next string) view {
	return view{Title: s.say("sign_in.title"), Form: f, Links: []link{
		{s.pages().link("password_reset", nil), s.say("link.reset")},
		{s.pages().link("password_change", nextQuery(next)), s.say("link.change")},
	}}
}

// signInForm is sent to where its page is, or from another page to action.
func (s *Server) signInForm(action, next, username string) *form {
	return &form{
		Action: action,
		Submit: s.say("sign_in.submit"),
		Inputs: []*input{s.pages().addressInput(usernameField, username), s.pages().secretInput(passwordField, "current-password")},
	}
}

func (s *Server) submitSignIn(c *fiber.Ctx, next string) error {
	given, err := fieldsOf(c)
	if err != nil {
		return err
	}
	read := given.read()
	command := signin.ObtainTokensCommand{
		Username:    read.text(usernameField, domain.MaxEmailLength),
		Password:    read.password(passwordField),
		SetsCookies: true,
		Previous:    s.cookieTokens(c),
		Device:      s.deviceToken(c),
		Client:      s.client(c),
	}
	f := s.signInForm("", next, command.Username)
	if read.err() != nil {
		s.takeFaults(f, read)
		return s.sendPage(c, fiber.StatusBadRequest, s.signInView(f, next))
	}
	result, err := s.useCases.ObtainTokens.Execute(c.UserContext(), command)
	if err != nil {
		return s.refuseSignIn(c, f, next, err)
	}
	if result.Tokens.Access.Empty() {
		return s.askForChange(c, command.Username, next)
	}
	s.setTokens(c, result)
	if result.PasswordNeedsReset { // which the page for it says
		return seeOther(c, s.pages().link("password_change", nextQuery(next)))
	}
	return seeOther(c, s.pages().goOn(next))
}

func (s *Server) refuseSignIn(c *fiber.Ctx, f *form, next string, refused error) error {
	status := fiber.StatusUnauthorized
	if errors.Is(refused, domain.ErrInvalidCredentials) {
		f.blame(passwordField, s.say("problem.wrong_sign_in"))
	} else if explained, err := s.explain(c, f, refused); err != nil {
		return err
	} else {
		status = explained
	}
	return s.sendPage(c, status, s.signInView(f, next))
}

// askForChange goes on with the form for a new password: one is due, and we know for whom.
func (s *Server) askForChange(c *fiber.Ctx, username, next string) error {
	v := s.changeView(s.changeForm(s.pages().link("password_change", nextQuery(next)), username))
	return s.sendPage(c, fiber.StatusOK, s.sayDue(c, v, dueNow))
}
