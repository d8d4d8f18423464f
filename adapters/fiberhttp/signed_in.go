package fiberhttp

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"gatehouse/application/signin"
	"gatehouse/domain"
)

// asSignedIn calls do with the access token in the cookie. do must refuse a bad token without changing
// anything. If it does, asSignedIn gets a new access token with the refresh cookie, sets it and calls
// do again: access tokens expire after minutes, and people should not have to sign in for that.
//
// The refresh cookie is not rotated. The answer with its successor could get lost, and pages of other
// sites can make a browser send a GET.
func (s *Server) asSignedIn(c *fiber.Ctx, do func(domain.Token) error) error {
	text, _, err := cookie(c, s.config.Cookies.AccessName)
	if err != nil {
		return err
	}
	if text != "" {
		err = do(domain.NewToken(text))
		if err == nil || !endsCookies(err) || errors.Is(err, domain.ErrPasswordResetRequired) {
			return err
		}
	}
	fresh, err := s.renewForPage(c, domain.NewToken(text))
	if err != nil {
		return err
	}
	return do(fresh)
}

// renewForPage sets another access cookie, unless the one that is over is somebody else's.
// renewForPage gets a new access token with the refresh cookie, and sets it.
func (s *Server) renewForPage(c *fiber.Ctx, over domain.Token) (domain.Token, error) {
	text, _, err := cookie(c, s.config.Cookies.RefreshName)
	switch {
	case err != nil:
		return domain.Token{}, err
	case text == "" || !s.config.Cookies.Enabled:
		return domain.Token{}, errNoCredentials
	}
	command := signin.RenewAccessCommand{Token: domain.NewToken(text), Access: over, Client: s.client(c)}
	result, err := s.useCases.RenewAccess.Execute(c.UserContext(), command)
	if err != nil {
		return domain.Token{}, err
	}
	s.setAccess(c, result.Access, result.Lifetime)
	return result.Access, nil
}

// pageOwner returns the person who is signed in with the browser's cookies, also together with
// [domain.ErrPasswordResetRequired].
func (s *Server) pageOwner(c *fiber.Ctx) (owner domain.Staff, err error) {
	err = s.asSignedIn(c, func(token domain.Token) (err error) {
		owner, err = s.useCases.CurrentStaff.Execute(c.UserContext(), signin.CurrentStaffQuery{Token: token})
		return err
	})
	return owner, err
}

// signedOut reports whether err means that the browser is signed out, rather than that it is unknown.
func signedOut(err error) bool { return errors.Is(err, errNoCredentials) || endsCookies(err) }
