package fiberhttp

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"gatehouse/application"
	"gatehouse/domain"
)

// pageToken returns the access token of the browser's cookie. If that has expired, which it
// does after minutes, the refresh cookie gives another one, which is set: nobody should have
// to sign in again for that. The refresh cookie stays: its successor could get lost with the
// answer, and a page of another site can have a browser read.
func (s *Server) pageToken(c *fiber.Ctx) (domain.Token, error) {
	text, _, err := cookie(c, s.config.Cookies.AccessName)
	if err != nil {
		return domain.Token{}, err
	}
	access := domain.NewToken(text)
	if text != "" {
		_, err = s.useCases.CurrentStaff.Execute(c.UserContext(), application.CurrentStaffQuery{Token: access})
		if err == nil || !endsCookies(err) || errors.Is(err, domain.ErrPasswordResetRequired) {
			return access, err
		}
	}
	return s.renewForPage(c)
}

func (s *Server) renewForPage(c *fiber.Ctx) (domain.Token, error) {
	text, _, err := cookie(c, s.config.Cookies.RefreshName)
	switch {
	case err != nil:
		return domain.Token{}, err
	case text == "" || !s.config.Cookies.Enabled:
		return domain.Token{}, errNoCredentials
	}
	command := application.RenewAccessCommand{Token: domain.NewToken(text), Client: s.client(c)}
	result, err := s.useCases.RenewAccess.Execute(c.UserContext(), command)
	if err != nil {
		return domain.Token{}, err
	}
	s.setAccess(c, result.Access, result.Lifetime)
	return result.Access, nil
}

// pageOwner is who is signed in with the browser's cookies; also with
// [domain.ErrPasswordResetRequired].
func (s *Server) pageOwner(c *fiber.Ctx) (domain.Staff, error) {
	token, err := s.pageToken(c)
	if err != nil && !errors.Is(err, domain.ErrPasswordResetRequired) {
		return domain.Staff{}, err
	}
	return s.useCases.CurrentStaff.Execute(c.UserContext(), application.CurrentStaffQuery{Token: token})
}

// signedOut reports whether err means that nobody is signed in, and not that we cannot tell.
func signedOut(err error) bool { return errors.Is(err, errNoCredentials) || endsCookies(err) }
