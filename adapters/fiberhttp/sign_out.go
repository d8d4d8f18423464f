package fiberhttp

import (
	"github.com/gofiber/fiber/v2"

	"gatehouse/application"
	"gatehouse/domain"
)

type signedOutBody struct {
	Success bool   `json:"success"`
	Message string `json:"message"`
}

func (s *Server) signOut(c *fiber.Ctx) error {
	command := application.SignOutCommand{Tokens: s.presented(c), Client: s.client(c)}
	if _, err := s.useCases.SignOut.Execute(c.UserContext(), command); err != nil {
		return err
	}
	s.deleteCookies(c)
	return sendJSON(c, signedOutBody{true, "Successfully logged out"})
}

// presented collects whatever might be a token. What cannot be read is passed over:
// nobody who wants to sign out should have to mend a request first.
func (s *Server) presented(c *fiber.Ctx) (tokens []domain.Token) {
	if token, found, _ := bearerToken(c.Get(fiber.HeaderAuthorization)); found {
		tokens = append(tokens, token)
	}
	for _, name := range []string{s.config.Cookies.AccessName, s.config.Cookies.RefreshName} {
		for _, text := range cookieValues(c, name) {
			tokens = append(tokens, domain.NewToken(text))
		}
	}
	if given, err := body(c); err == nil {
		read := given.read()
		if token := read.token(refreshField); read.err() == nil {
			tokens = append(tokens, token)
		}
	}
	return tokens
}
