package fiberhttp

import (
	"github.com/gofiber/fiber/v2"

	"gatehouse/adapters/fiberhttp/body"
	"gatehouse/application/signin"
	"gatehouse/domain"
)

type signedOutBody struct {
	Success bool   `json:"success"`
	Message string `json:"message"`
}

func (s *Server) signOut(c *fiber.Ctx) error {
	given, _ := fieldsOf(c) // a body that cannot be read counts as empty
	scope, err := scopeOf(given)
	if err != nil {
		return err
	}
	command := signin.SignOutCommand{Tokens: s.presented(c, given), Scope: scope, Client: s.client(c)}
	if _, err := s.useCases.SignOut.Execute(c.UserContext(), command); err != nil {
		return err
	}
	if scope != signin.ScopeOthers {
		s.deleteCookies(c)
		s.settleDueChange(c)
	}
	return sendJSON(c, signedOutBody{true, "Successfully logged out"})
}

const scopeField = "scope"

// scopeOf reads which sessions are to end. Without the field it is the current one.
func scopeOf(given body.Fields) (signin.Scope, error) {
	read := given.Read()
	text, said := read.OptionalText(scopeField, 16)
	scope := signin.Scope(text)
	switch {
	case !said:
		return signin.ScopeThis, nil
	case read.Err() != nil:
		return "", read.Err()
	case scope != signin.ScopeThis && scope != signin.ScopeOthers && scope != signin.ScopeAll:
		return "", body.RefuseField(scopeField, "Must be this, others or all.")
	}
	return scope, nil
}

// presented collects every token of the request. It skips what cannot be read, because signing out
// must not fail for a malformed request.
func (s *Server) presented(c *fiber.Ctx, given body.Fields) (tokens []domain.Token) {
	if token, found, _ := bearerToken(c.Get(fiber.HeaderAuthorization)); found {
		tokens = append(tokens, token)
	}
	tokens = append(tokens, s.cookieTokens(c)...)
	read := given.Read()
	if token := read.Token(refreshField); read.Err() == nil {
		tokens = append(tokens, token)
	}
	return tokens
}

// cookieTokens are all values of both cookies.
func (s *Server) cookieTokens(c *fiber.Ctx) (tokens []domain.Token) {
	for _, name := range []string{s.config.Cookies.AccessName, s.config.Cookies.RefreshName} {
		for _, text := range cookieValues(c, name) {
			tokens = append(tokens, domain.NewToken(text))
		}
	}
	return tokens
}
