package fiberhttp

import (
	"github.com/gofiber/fiber/v2"

	"gatehouse/application/signin"
)

func (s *Server) verifyToken(c *fiber.Ctx) error {
	given, err := fieldsOf(c)
	if err != nil {
		return err
	}
	read := given.Read()
	query := signin.VerifyTokenQuery{Token: read.Token(tokenField)}
	if err := read.Err(); err != nil {
		return err
	}
	if _, err := s.useCases.VerifyToken.Execute(c.UserContext(), query); err != nil {
		return err
	}
	return sendJSON(c, empty{})
}
