package fiberhttp

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"gatehouse/adapters/fiberhttp/pages"
	"gatehouse/application/credentials"
	"gatehouse/domain"
)

// passwordPage is the page that password_reset_url names. People also open it by themselves. If they
// are signed in, their address is filled in.
func (s *Server) passwordPage(c *fiber.Ctx) error {
	if c.Method() == fiber.MethodPost {
		return s.submitChange(c)
	}
	owner, due := s.changeOwner(c)
	return s.sendPage(c, fiber.StatusOK, s.sayDue(c, s.changeView(s.changeForm("", string(owner.Email)), s.next(c)), due))
}

// changeOwner returns the person that the browser's cookies name, and whether the password is due. The page
// works without a person too.
func (s *Server) changeOwner(c *fiber.Ctx) (owner domain.Staff, due string) {
	who, err := s.visitor(c, unseen(c))
	switch {
	case errors.Is(err, domain.ErrPasswordResetRequired):
		return who.owner, dueNow
	case err == nil && who.owner.Credentials.NeedsReset:
		return who.owner, dueSoon
	case err == nil:
		return who.owner, ""
	}
	if stopped, due, _ := s.dueOwner(c); due {
		return stopped, dueNow
	}
	return domain.Staff{}, ""
}

// Whether the person must change the password before going on, or soon. The form carries it along so
// that the reason stays on the page after a mistake. It decides nothing else.
const (
	dueField = "due"
	dueNow   = "now"
	dueSoon  = "soon"
)

// sayDue says on the page that a change is due, if it is.
func (s *Server) sayDue(c *fiber.Ctx, v pages.View, due string) pages.View {
	switch due {
	case dueNow:
		v.Notice, v.Lede = s.say("change.due"), ""
	case dueSoon:
		v.Notice = s.say("change.announced")
		v.Links = append([]pages.Link{{URL: s.pages().GoOn(s.next(c)), Text: s.say("sign_in.go_on")}}, v.Links...)
	default:
		return v
	}
	v.Form.Hidden = []pages.Hidden{{Name: dueField, Value: due}}
	return v
}

func (s *Server) changeView(f *pages.Form, next string) pages.View {
	return pages.View{Title: s.say("change.title"), Lede: s.say("change.lede"), Form: f, Links: []pages.Link{
		{URL: s.pages().Link("password_reset", nextQuery(next)), Text: s.say("link.reset")},
	}}
}

// changeForm is the form of this page. Another page that shows it gives action, this page's address.
func (s *Server) changeForm(action, username string) *pages.Form {
	inputs := []*pages.Input{s.pages().AddressInput(usernameField, username), s.pages().SecretInput(oldPasswordField, "current-password")}
	return &pages.Form{Action: action, Submit: s.say("change.submit"), Inputs: append(inputs, s.newPasswordInputs()...)}
}

func (s *Server) submitChange(c *fiber.Ctx) error {
	given, err := fieldsOf(c)
	if err != nil {
		return err
	}
	read := given.Read()
	command := credentials.ChangePasswordCommand{
		Username:    read.Text(usernameField, domain.MaxEmailLength),
		OldPassword: read.Password(oldPasswordField),
		NewPassword: read.Password(newPasswordField),
		Tokens:      s.cookieTokens(c),
		Device:      s.deviceToken(c),
		Client:      s.client(c),
	}
	again := read.Password(againField)
	f := s.changeForm("", command.Username)
	status, err := fiber.StatusBadRequest, error(nil)
	if s.usable(f, read, command.NewPassword, again) {
		status, err = s.change(c, f, command)
	}
	switch {
	case err != nil:
		return err
	case status == fiber.StatusOK:
		return s.sendPage(c, status, s.changedView(s.next(c), command.Username))
	}
	return s.sendPage(c, status, s.sayDue(c, s.changeView(f, s.next(c)), given[dueField].Text.Reveal()))
}

// change changes the password, or notes on the form why not. It returns errors that a form cannot
// explain.
func (s *Server) change(c *fiber.Ctx, f *pages.Form, command credentials.ChangePasswordCommand) (status int, err error) {
	err = s.executeChange(c, command)
	switch {
	case err == nil:
		return fiber.StatusOK, nil
	case errors.Is(err, domain.ErrInvalidCredentials):
		f.Blame(oldPasswordField, s.say("problem.wrong_old_password"))
		return fiber.StatusUnauthorized, nil
	}
	return s.explain(c, f, err)
}

// changedView says that the password is changed. In cookie mode it lets people sign in at once, so that
// they and their password managers see that the new password works.
func (s *Server) changedView(next, username string) pages.View {
	v := pages.View{Title: s.say("change.done_title"), Status: s.say("change.done")}
	if s.config.Cookies.Enabled {
		v.Form = s.signInForm(s.pages().Link("login", nextQuery(next)), next, username)
		return v
	}
	v.Links = []pages.Link{{URL: s.pages().GoOn(next), Text: s.say("link.home")}}
	return v
}
