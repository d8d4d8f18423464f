package fiberhttp

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"gatehouse/application/signin"
	"gatehouse/domain"
)

// asSignedIn does something with the access token of the browser's cookie. What it does must
// refuse a token that is not good, and change nothing then. If the token has expired, which it
// does after minutes, the refresh cookie gives another one, which is set and tried: nobody
// should have to sign in again for that. The refresh cookie stays: its successor could get lost
// with the answer, and a page of another site can have a browser read.
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

// pageOwner is who is signed in with the browser's cookies; also with
// [domain.ErrPasswordResetRequired].
func (s *Server) pageOwner(c *fiber.Ctx) (owner domain.Staff, err error) {
	err = s.asSignedIn(c, func(token domain.Token) (err error) {
		owner, err = s.useCases.CurrentStaff.Execute(c.UserContext(), signin.CurrentStaffQuery{Token: token})
		return err
	})
	return owner, err
}

// signedOut reports whether err means that nobody is signed in, and not that we cannot tell.
func signedOut(err error) bool { return errors.Is(err, errNoCredentials) || endsCookies(err) }
