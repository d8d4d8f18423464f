package fiberhttp

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"gatehouse/adapters/fiberhttp/body"
	"gatehouse/application/credentials"
	"gatehouse/domain"
)

// The answers to a request for a link. They are the same for every address, so that they do not tell
// which addresses have an account (OWASP Forgot Password).
const (
	linkOnItsWay = "If that address belongs to an account, a message with a link is on its way."
	linksAreOff  = "Links are not sent by e-mail here. Ask an administrator of the shop for one."
)

// linkFieldLimit is the most characters that uid and token of a link may have. Good ones have fewer.
const linkFieldLimit = 128

func (s *Server) requestPasswordReset(c *fiber.Ctx) error {
	given, err := fieldsOf(c)
	if err != nil {
		return err
	}
	read := given.Read()
	command := credentials.RequestPasswordResetCommand{Email: read.Text(emailField, domain.MaxEmailLength), Client: s.client(c)}
	if err := read.Err(); err != nil {
		return err
	}
	result, err := s.useCases.RequestPasswordReset.Execute(c.UserContext(), command)
	if err != nil {
		return err
	}
	if result.MailOff {
		return sendJSON(c, detailBody{linksAreOff})
	}
	return sendJSON(c, detailBody{linkOnItsWay})
}

func (s *Server) confirmPasswordReset(c *fiber.Ctx) error {
	given, err := fieldsOf(c)
	if err != nil {
		return err
	}
	read := given.Read()
	command := credentials.ConfirmPasswordResetCommand{
		UID:         read.Text(uidField, linkFieldLimit),
		Token:       domain.NewLinkToken(read.Text(tokenField, linkFieldLimit)),
		NewPassword: read.Password(newPasswordField),
		Client:      s.client(c),
	}
	if err := read.Err(); err != nil {
		return err
	}
	_, err = s.useCases.ConfirmPasswordReset.Execute(c.UserContext(), command)
	if refusal, ok := errors.AsType[*domain.PasswordRefusal](err); ok {
		return body.RefuseField(newPasswordField, refusal.Sentences()...)
	}
	if err != nil {
		return err
	}
	s.settleDueChange(c)
	return sendJSON(c, detailBody{"Password changed. Sign in with the new one."})
}
