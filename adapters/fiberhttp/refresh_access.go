package fiberhttp

import (
	"errors"
	"slices"

	"github.com/gofiber/fiber/v2"

	"gatehouse/application"
	"gatehouse/domain"
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

// endsCookies reports whether err shows that the session in the cookie is over for good,
// so that the cookies are of no more use. What is no refresh token of ours does not show
// that (a sibling domain may have put it there), nor does an account that is shut for now,
// nor anything that may pass.
func endsCookies(err error) bool {
	return slices.ContainsFunc([]error{
		domain.ErrSessionEnded, domain.ErrSessionNotFound, domain.ErrTokenExpired,
		domain.ErrPasswordResetRequired, domain.ErrStaffNotFound,
	}, func(over error) bool { return errors.Is(err, over) })
}
