package fiberhttp

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"gatehouse/adapters/fiberhttp/pages"
	"gatehouse/application/credentials"
	"gatehouse/domain"
)

const uidField = "uid"

// confirmResetPage is where a one-time link leads. Opening it does not use the link up, because mail
// programs open links before people do. The form carries the secret of the link along, so that it is
// in no other address.
func (s *Server) confirmResetPage(c *fiber.Ctx) error {
	if c.Method() == fiber.MethodPost {
		return s.submitNewPassword(c)
	}
	query := c.Request().URI().QueryArgs()
	uid, token := string(query.Peek(uidField)), string(query.Peek(tokenField))
	if uid == "" || token == "" || len(uid) > linkFieldLimit || len(token) > linkFieldLimit {
		return s.sendPage(c, fiber.StatusOK, s.linkGoneView())
	}
	return s.sendPage(c, fiber.StatusOK, s.confirmView(s.confirmForm(uid, token)))
}

func (s *Server) confirmView(f *pages.Form) pages.View {
	return pages.View{Title: s.say("confirm.title"), Lede: s.say("confirm.lede"), Form: f}
}

// linkGoneView is for a link that does not work. It says the same whatever is wrong with it.
func (s *Server) linkGoneView() pages.View {
	again := pages.Link{URL: s.pages().Link("password_reset", nil), Text: s.say("confirm.again")}
	return pages.View{Title: s.say("confirm.gone_title"), Lede: s.say("confirm.gone"), Links: append([]pages.Link{again}, s.homeLinks("")...)}
}

func (s *Server) confirmForm(uid, token string) *pages.Form {
	return &pages.Form{
		Action:   s.pages().Link("password_reset/confirm", nil),
		Submit:   s.say("confirm.submit"),
		Hidden:   []pages.Hidden{{Name: uidField, Value: uid}, {Name: tokenField, Value: token}},
		Inputs:   s.newPasswordInputs(),
		Nameless: true,
		TooMany:  "problem.too_many",
	}
}

func (s *Server) submitNewPassword(c *fiber.Ctx) error {
	given, err := fieldsOf(c)
	if err != nil {
		return err
	}
	link := given.Read()
	uid, token := link.Text(uidField, linkFieldLimit), link.Text(tokenField, linkFieldLimit)
	if link.Err() != nil {
		return s.sendPage(c, fiber.StatusBadRequest, s.linkGoneView())
	}
	read := given.Read()
	command := credentials.ConfirmPasswordResetCommand{
		UID: uid, Token: domain.NewLinkToken(token), NewPassword: read.Password(newPasswordField), Client: s.client(c),
	}
	again := read.Password(againField)
	f := s.confirmForm(uid, token)
	if s.usable(f, read, command.NewPassword, again) {
		return s.setNewPassword(c, f, command)
	}
	return s.sendPage(c, fiber.StatusBadRequest, s.confirmView(f))
}

func (s *Server) setNewPassword(c *fiber.Ctx, f *pages.Form, command credentials.ConfirmPasswordResetCommand) error {
	_, err := s.useCases.ConfirmPasswordReset.Execute(c.UserContext(), command)
	switch {
	case err == nil:
		s.settleDueChange(c)
		return s.sendPage(c, fiber.StatusOK, s.changedView("", ""))
	case errors.Is(err, domain.ErrLinkInvalid) && !errors.Is(err, domain.ErrThrottled):
		return s.sendPage(c, fiber.StatusBadRequest, s.linkGoneView())
	}
	status, unexplained := s.explain(c, f, err)
	if unexplained != nil {
		return s.keepLink(c, f, unexplained)
	}
	return s.sendPage(c, status, s.confirmView(f))
}

// keepLink answers an error of the server with the form. The secret of the link is nowhere else, and
// the link still works.
func (s *Server) keepLink(c *fiber.Ctx, f *pages.Form, err error) error {
	refused := s.refusal(c, err)
	if refused.Status < fiber.StatusInternalServerError || !s.site.forPeople(c.Context()) {
		return refused
	}
	trouble := s.site.problemView(c.Context(), refused.Status)
	f.Blame("", trouble.Lede)
	v := s.confirmView(f)
	v.Detail = trouble.Detail
	return s.sendPage(c, refused.Status, v)
}
