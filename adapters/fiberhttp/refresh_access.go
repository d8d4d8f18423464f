package fiberhttp

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"gatehouse/application"
)

type accessBody struct {
	Access string `json:"access"`
}

func (s *Server) refreshAccess(c *fiber.Ctx) error {
	inCookies, err := s.inCookies(c)
	if err != nil {
		return err
	}
	token, fromCookie, err := s.refreshToken(c)
	if err != nil {
		return err
	}
	command := application.RefreshAccessCommand{Token: token, Client: s.client(c)}
	result, err := s.useCases.RefreshAccess.Execute(c.UserContext(), command)
	if err != nil {
		if inCookies && fromCookie && endsCookies(err) {
			s.deleteCookies(c)
		}
		return err
	}
	if inCookies {
		s.setAccess(c, result.Access, result.AccessLifetime)
		return sendJSON(c, empty{})
	}
	return sendJSON(c, accessBody{result.Access.Reveal()})
}

// endsCookies reports whether a refresh that was refused with err leaves the cookies of no
// more use: the token or its session is over. What may pass, such as a database that
// cannot be written, does not.
func endsCookies(err error) bool {
	for _, p := range problems {
		if errors.Is(err, p.err) {
			return p.status == fiber.StatusUnauthorized || p.status == fiber.StatusNotFound
		}
	}
	return false
}
