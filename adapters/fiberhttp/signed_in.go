package fiberhttp

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"gatehouse/application/signin"
	"gatehouse/domain"
)

// A visitor is who is signed in with a request.
type visitor struct {
	owner domain.Staff
	// session is "" for a token of the shop's Django that was never refreshed here.
	session domain.SessionID
	// access is the token that counts: the one that came, or a new one in its place.
	access domain.Token
}

// visitor returns who is signed in with the request, by its Authorization header or its cookies. If the
// access cookie is missing or expired, the refresh cookie may do; see [signin.RenewAccess]. The answer
// then sets a new access cookie, unless the request is unseen: see [unseen].
//
// Errors: those of [signin.CurrentStaff], the owner also beside [domain.ErrPasswordResetRequired];
// errNoCredentials, errBadHeader, errAmbiguousCookie.
func (s *Server) visitor(c *fiber.Ctx, unseen bool) (v visitor, err error) {
	err = s.asSignedIn(c, unseen, func(token domain.Token) error {
		result, err := s.useCases.CurrentStaff.Execute(c.UserContext(), signin.CurrentStaffQuery{Token: token})
		v = visitor{result.Owner, result.Session, token}
		return err
	})
	return v, err
}

// asSignedIn calls do with the access token of the request. do must refuse a bad token without changing
// anything. If it does, asSignedIn may get a new access token with the refresh cookie, and call do again:
// access tokens expire after minutes, and people should not have to sign in for that.
//
// Everything that renews goes through here: me/, sessions/, the pages and the guard. The request must
// have passed the rule about other sites before.
func (s *Server) asSignedIn(c *fiber.Ctx, unseen bool, do func(domain.Token) error) error {
	token, err := s.accessToken(c)
	if err == nil {
		err = do(token)
	}
	if err == nil || !signedOut(err) || errors.Is(err, domain.ErrPasswordResetRequired) || hasBearer(c) {
		return err
	}
	fresh, refusal := s.renew(c, token, unseen)
	switch {
	case refusal == nil:
		return do(fresh)
	case signedOut(refusal) && !errors.Is(refusal, domain.ErrPasswordResetRequired), errors.Is(refusal, errAmbiguousCookie):
		return err // only token/refresh/ says what is wrong with a refresh token
	}
	return refusal
}

// renew gets a new access token with the refresh cookie. access is the token that was refused; empty if
// none came.
func (s *Server) renew(c *fiber.Ctx, access domain.Token, unseen bool) (domain.Token, error) {
	text, _, err := cookie(c, s.config.Cookies.RefreshName)
	switch {
	case err != nil:
		return domain.Token{}, err
	case text == "" || !s.config.Cookies.Enabled:
		return domain.Token{}, errNoCredentials
	}
	command := signin.RenewAccessCommand{Token: domain.NewToken(text), Access: access, Unseen: unseen, Client: s.client(c)}
	result, err := s.useCases.RenewAccess.Execute(c.UserContext(), command)
	if err == nil && result.Keep {
		s.setAccess(c, result.Access, result.Lifetime)
	}
	return result.Access, err
}

// unseen reports whether the answer may never be looked at: it has no body, or a browser reads ahead
// (Sec-Purpose, Fetch standard; older browsers say Purpose).
func unseen(c *fiber.Ctx) bool {
	if c.Method() == fiber.MethodHead {
		return true
	}
	for _, name := range []string{"Sec-Purpose", "Purpose"} {
		purpose, _, _ := strings.Cut(c.Get(name), ";")
		if strings.EqualFold(strings.TrimSpace(purpose), "prefetch") {
			return true
		}
	}
	return false
}

// signedOut reports whether err means that the client is signed out, rather than that it is unknown.
func signedOut(err error) bool { return errors.Is(err, errNoCredentials) || endsCookies(err) }
