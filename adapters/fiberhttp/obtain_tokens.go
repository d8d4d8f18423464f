package fiberhttp

import (
	"github.com/gofiber/fiber/v2"

	"gatehouse/application/signin"
	"gatehouse/domain"
)

// tokensBody is the answer to a sign-in when the tokens are in the body.
type tokensBody struct {
	Access  string `json:"access"`
	Refresh string `json:"refresh"`
	resetBody
}

// resetBody is the rest of the answer to a sign-in. It is all of it when the tokens are in cookies, or
// when there are none.
type resetBody struct {
	PasswordNeedsReset bool   `json:"password_needs_reset"`
	PasswordResetURL   string `json:"password_reset_url,omitempty"`
}

func (s *Server) obtainTokens(c *fiber.Ctx) error {
	inCookies, err := s.inCookies(c)
	if err != nil {
		return err
	}
	given, err := fieldsOf(c)
	if err != nil {
		return err
	}
	read := given.Read()
	command := signin.ObtainTokensCommand{
		Username:    read.Text(usernameField, domain.MaxEmailLength),
		Password:    read.Password(passwordField),
		CrossSite:   s.crossSite(c),
		SetsCookies: inCookies,
		Previous:    s.cookieTokens(c),
		Device:      s.deviceToken(c),
		Client:      s.client(c),
	}
	if err := read.Err(); err != nil {
		return err
	}
	result, err := s.useCases.ObtainTokens.Execute(c.UserContext(), command)
	if err != nil {
		return err
	}
	return s.answerTokens(c, inCookies, result)
}

func (s *Server) answerTokens(c *fiber.Ctx, inCookies bool, result signin.ObtainTokensResult) error {
	reset := resetBody{PasswordNeedsReset: result.PasswordNeedsReset}
	if reset.PasswordNeedsReset {
		reset.PasswordResetURL = s.config.passwordChangeURL()
	}
	pair := result.Tokens
	switch {
	case pair.Access.Empty():
		if inCookies {
			s.tellDueChange(c, result.Due)
		}
		return sendJSON(c, reset)
	case inCookies:
		s.setTokens(c, result)
		return sendJSON(c, reset)
	}
	return sendJSON(c, tokensBody{pair.Access.Reveal(), pair.Refresh.Reveal(), reset})
}

// setTokens signs the browser in.
func (s *Server) setTokens(c *fiber.Ctx, result signin.ObtainTokensResult) {
	s.settleDueChange(c)
	s.setAccess(c, result.Tokens.Access, result.Tokens.AccessLifetime)
	s.setRefresh(c, result.Tokens.Refresh, result.Tokens.RefreshLifetime)
	if fromBrowser(c) || s.carriesCookies(c) { // a program without a cookie jar expects two cookies
		s.setDevice(c, result.Device)
	}
}
