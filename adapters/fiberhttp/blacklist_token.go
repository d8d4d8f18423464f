package fiberhttp

import (
	"github.com/gofiber/fiber/v2"

	"gatehouse/application/signin"
)

func (s *Server) blacklistToken(c *fiber.Ctx) error {
	token, _, err := s.refreshToken(c)
	if err != nil {
		return err
	}
	command := signin.BlacklistTokenCommand{Token: token, Client: s.client(c)}
	if _, err := s.useCases.BlacklistToken.Execute(c.UserContext(), command); err != nil {
		return err
	}
	return sendJSON(c, empty{})
}
