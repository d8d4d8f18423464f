package fiberhttp

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"gatehouse/application/signin"
	"gatehouse/domain"
)

// accessBody is the answer to a refresh. Tokens that are in cookies are left out.
type accessBody struct {
	Access  string `json:"access,omitempty"`
	Refresh string `json:"refresh,omitempty"`
}

func (s *Server) refreshAccess(c *fiber.Ctx) error {
	inCookies, err := s.inCookies(c)
	if err != nil {
		return err
	}
	if inCookies && s.crossSite(c) { // another site could sign the browser in with a token of its own
		return domain.ErrCrossSite
	}
	token, fromCookie, err := s.refreshToken(c)
	if err != nil {
		return err
	}
	command := signin.RefreshAccessCommand{Token: token, FromCookie: fromCookie && s.config.Cookies.Enabled, Client: s.client(c)}
	result, err := s.useCases.RefreshAccess.Execute(c.UserContext(), command)
	if err != nil {
		if inCookies && fromCookie && endsCookies(err) && !sparesCookies(err) {
			s.deleteCookies(c)
		}
		return err
	}
	return s.answerRefreshed(c, inCookies, fromCookie, result)
}

// answerRefreshed hands out each new token either in a cookie or in the body.
func (s *Server) answerRefreshed(c *fiber.Ctx, inCookies, fromCookie bool, result signin.RefreshAccessResult) error {
	var inBody accessBody
	if inCookies {
		s.setAccess(c, result.Access, result.AccessLifetime)
	} else {
		inBody.Access = result.Access.Reveal()
	}
	switch {
	case result.Refresh.Empty():
	case result.InKind && fromCookie, !result.InKind && inCookies:
		s.setRefresh(c, result.Refresh, result.RefreshLifetime)
	default:
		inBody.Refresh = result.Refresh.Reveal()
	}
	return sendJSON(c, inBody)
}

// sparesCookies reports whether the browser's cookies may still be good although a refresh was
// refused with err. If the session was replaced by a new sign-in, the browser has newer cookies, or
// gets them any moment. If the clock was put back, tokens from the future become good again.
func sparesCookies(err error) bool {
	switch domain.ReasonOf(err) {
	case domain.ReasonReplaced, domain.ReasonIssuedInFuture, domain.ReasonNotValidYet:
		return true
	}
	return false
}

// endsCookies reports whether err makes the cookies useless, because the token or its session is
// over. An error that may pass does not, such as a database that cannot be written.
func endsCookies(err error) bool {
	for _, p := range problems {
		if errors.Is(err, p.err) {
			return p.status == fiber.StatusUnauthorized || p.status == fiber.StatusNotFound
		}
	}
	return false
}
