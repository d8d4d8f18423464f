package fiberhttp

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the page and its style
	"encoding/base64"
	"errors"
	"html/template"
	"strings"

	"github.com/gofiber/fiber/v2"

	"gatehouse/application"
	"gatehouse/domain"
)

//go:embed pages/password_change.html
var passwordPageText string

//go:embed pages/style.css
var styleText string

// A passwordPage is what the page shows.
type passwordPage struct {
	Username  string
	Problem   string
	Done      bool
	MinLength int
	Home      string
	Style     template.CSS
}

// passwordPage is the page that password_reset_url names. It works without scripts.
func (s *Server) passwordPage(c *fiber.Ctx) error {
	page := passwordPage{
		MinLength: s.config.PasswordMinLength,
		Home:      s.config.PublicURL.String(),
		Style:     template.CSS(styleText),
	}
	if c.Method() != fiber.MethodPost {
		return s.sendPage(c, fiber.StatusOK, page)
	}
	status, err := s.submitPassword(c, &page)
	if err != nil {
		return err
	}
	return s.sendPage(c, status, page)
}

// submitPassword does what the form asks, and notes on the page what came of it. An error
// is one that the page cannot explain.
func (s *Server) submitPassword(c *fiber.Ctx, page *passwordPage) (status int, err error) {
	given, err := body(c)
	if err != nil {
		return 0, err
	}
	read := given.read()
	page.Username = read.text(usernameField, domain.MaxEmailLength)
	command := application.ChangePasswordCommand{
		Username:    page.Username,
		OldPassword: read.password(oldPasswordField),
		NewPassword: read.password(newPasswordField),
		Device:      s.deviceToken(c),
		Client:      s.client(c),
	}
	again := read.password(newPasswordField + "_again")
	switch {
	case read.err() != nil:
		page.Problem = "Fill in every field. A password has at most 1024 bytes."
		return fiber.StatusBadRequest, nil
	case !again.Equal(command.NewPassword.Secret):
		page.Problem = "The two new passwords are not the same."
		return fiber.StatusBadRequest, nil
	}
	err = s.executeChange(c, command)
	refused, badPassword := errors.AsType[*domain.PasswordRefusal](err)
	throttled, tooMany := errors.AsType[*domain.Throttled](err)
	switch {
	case tooMany:
		setRetryAfter(c, throttled)
		page.Problem = throttledSentence(throttled)
		return fiber.StatusTooManyRequests, nil
	case errors.Is(err, domain.ErrInvalidCredentials):
		page.Problem = "The e-mail address or the present password is wrong."
		return fiber.StatusUnauthorized, nil
	case badPassword:
		page.Problem = strings.Join(refused.Sentences(), " ")
		return fiber.StatusBadRequest, nil
	}
	page.Done = err == nil
	return fiber.StatusOK, err
}

func (s *Server) sendPage(c *fiber.Ctx, status int, page passwordPage) error {
	var out bytes.Buffer
	if err := s.page.Execute(&out, page); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentSecurityPolicy, s.pagePolicy)
	c.Response().Header.SetContentType("text/html; charset=utf-8")
	return c.Status(status).Send(out.Bytes())
}

// newPagePolicy allows the page its one style and its one form, and nothing else.
func newPagePolicy() string {
	sum := sha256.Sum256([]byte(styleText))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}

func newPasswordPage() *template.Template {
	return template.Must(template.New("password_change").Parse(passwordPageText))
}
