package fiberhttp

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"gatehouse/adapters/fiberhttp/body"
	"gatehouse/application/credentials"
	"gatehouse/domain"
)

// detailBody says in one sentence what was done.
type detailBody struct {
	Detail string `json:"detail"`
}

func (s *Server) changePassword(c *fiber.Ctx) error {
	given, err := fieldsOf(c)
	if err != nil {
		return err
	}
	command, err := s.changePasswordCommand(c, given)
	if err != nil {
		return err
	}
	err = s.executeChange(c, command)
	if refusal, ok := errors.AsType[*domain.PasswordRefusal](err); ok {
		return body.RefuseField(newPasswordField, refusal.Sentences()...)
	}
	if err != nil {
		return accessRefusal(err)
	}
	return sendJSON(c, detailBody{"Password changed."})
}

// changePasswordCommand reads who it is from the username in the body, or else from the access token.
func (s *Server) changePasswordCommand(c *fiber.Ctx, given body.Fields) (credentials.ChangePasswordCommand, error) {
	command := credentials.ChangePasswordCommand{Tokens: s.cookieTokens(c), Device: s.deviceToken(c), Client: s.client(c)}
	read := given.Read()
	var named bool
	var refused error
	if command.Username, named = read.OptionalText(usernameField, domain.MaxEmailLength); !named {
		command.Access, refused = s.accessToken(c)
	}
	if errors.Is(refused, errNoCredentials) {
		refused = nil
		read.Text(usernameField, domain.MaxEmailLength) // nothing else says who it is
	}
	command.OldPassword = read.Password(oldPasswordField)
	command.NewPassword = read.Password(newPasswordField)
	return command, errors.Join(refused, read.Err())
}

// executeChange changes the password. That ends all sessions of the person, so it also deletes the
// cookies of this browser.
func (s *Server) executeChange(c *fiber.Ctx, command credentials.ChangePasswordCommand) error {
	if _, err := s.useCases.ChangePassword.Execute(c.UserContext(), command); err != nil {
		return err
	}
	if s.carriesCookies(c) {
		s.deleteCookies(c)
	}
	s.settleDueChange(c)
	return nil
}
