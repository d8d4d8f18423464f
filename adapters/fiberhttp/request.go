package fiberhttp

import (
	"bytes"
	"strings"

	"github.com/gofiber/fiber/v2"

	"gatehouse/adapters/fiberhttp/body"
	"gatehouse/domain"
)

// fieldsOf reads the fields of a request's body. They are copies: Fiber uses its buffers again for
// the next request.
func fieldsOf(c *fiber.Ctx) (body.Fields, error) {
	request := c.Request()
	raw := request.Body() // as sent: Fiber's own Body would inflate it
	if len(raw) == 0 {
		return body.Fields{}, nil
	}
	return body.Parse(
		c.Get(fiber.HeaderContentType), contentTypeLines(request.Header.RawHeaders()),
		c.Get(fiber.HeaderContentEncoding), raw,
	)
}

// contentTypeLines counts the Content-Type headers of a request. The parser keeps only one of them.
func contentTypeLines(raw []byte) (n int) {
	const name = "content-type:"
	for line := range bytes.SplitSeq(raw, []byte("\n")) {
		if len(line) >= len(name) && strings.EqualFold(string(line[:len(name)]), name) {
			n++
		}
	}
	return n
}

// accessToken finds the access token of a request: in the Authorization header, or else in the cookie.
// It does so as SimpleJWT's JWTAuthentication does, but ignores the case of the scheme (RFC 9110,
// 11.1).
func (s *Server) accessToken(c *fiber.Ctx) (domain.Token, error) {
	token, found, err := bearerToken(c.Get(fiber.HeaderAuthorization))
	if found || err != nil {
		return token, err
	}
	text, found, err := cookie(c, s.config.Cookies.AccessName)
	if err != nil {
		return domain.Token{}, err
	}
	if !found || text == "" {
		return domain.Token{}, errNoCredentials
	}
	return domain.NewToken(text), nil
}

// hasBearer reports whether the access token of the request is in the Authorization header, or should be.
func hasBearer(c *fiber.Ctx) bool {
	_, found, err := bearerToken(c.Get(fiber.HeaderAuthorization))
	return found || err != nil
}

// bearerToken reads an Authorization header. Spaces and tabs separate its parts; other white space
// belongs to a part. A header with another scheme counts as missing.
func bearerToken(header string) (token domain.Token, found bool, err error) {
	parts := strings.FieldsFunc(header, func(r rune) bool { return r == ' ' || r == '\t' })
	if len(parts) == 0 || !strings.EqualFold(parts[0], "bearer") {
		return domain.Token{}, false, nil
	}
	if len(parts) != 2 {
		return domain.Token{}, false, errBadHeader
	}
	return domain.NewToken(strings.Clone(parts[1])), true, nil
}

// refreshToken finds the refresh token of a request: in the body if it has that field, even a blank
// one, or else in the cookie.
func (s *Server) refreshToken(c *fiber.Ctx) (token domain.Token, fromCookie bool, err error) {
	given, err := fieldsOf(c)
	if err != nil {
		return domain.Token{}, false, err
	}
	if !given.Has(refreshField) {
		text, found, err := cookie(c, s.config.Cookies.RefreshName)
		if err != nil {
			return domain.Token{}, false, err
		}
		if found {
			given, fromCookie = body.Fields{refreshField: body.TextValue(text)}, true
		}
	}
	read := given.Read()
	token = read.Token(refreshField)
	return token, fromCookie, read.Err()
}

const (
	usernameField    = "username"
	passwordField    = "password"
	oldPasswordField = "old_password"
	newPasswordField = "new_password"
	refreshField     = "refresh"
	tokenField       = "token"
)
