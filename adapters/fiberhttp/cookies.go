package fiberhttp

import (
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"gatehouse/domain"
)

// setAccess sets the access cookie for as long as the token works.
func (s *Server) setAccess(c *fiber.Ctx, token domain.Token, lifetime time.Duration) {
	s.setCookie(c, s.config.Cookies.AccessName, token.Reveal(), lifetime)
}

// setRefresh sets the refresh cookie for as long as the session lasts.
func (s *Server) setRefresh(c *fiber.Ctx, token domain.Token, lifetime time.Duration) {
	s.setCookie(c, s.config.Cookies.RefreshName, token.Reveal(), lifetime)
}

// deviceLifetime is the longest that browsers keep a cookie.
const deviceLifetime = 400 * 24 * time.Hour

// setDevice sets the cookie by which a browser is known again. It is no credential, and
// stays when people sign out.
func (s *Server) setDevice(c *fiber.Ctx, token domain.DeviceToken) {
	s.setCookie(c, s.config.Cookies.DeviceName, token.Reveal(), deviceLifetime)
}

// deviceToken returns what the browser keeps to be known again. One that cannot be read is
// as good as none.
func (s *Server) deviceToken(c *fiber.Ctx) domain.DeviceToken {
	text, _, err := cookie(c, s.config.Cookies.DeviceName)
	if err != nil {
		return domain.DeviceToken{}
	}
	return domain.NewDeviceToken(text)
}

// deleteCookies deletes both cookies with tokens. A browser deletes a cookie only if name, domain and path are
// those it was set with, and some insist on Secure and SameSite too.
func (s *Server) deleteCookies(c *fiber.Ctx) {
	s.setCookie(c, s.config.Cookies.AccessName, "", 0)
	s.setCookie(c, s.config.Cookies.RefreshName, "", 0)
}

// setCookie is the only place that writes a cookie. The order is that of RFC 6265's
// examples, with every attribute spelled out:
// Path=/ because the shop's Django APIs read the access cookie under their own paths;
// HttpOnly because no script needs to see a token;
// Secure unless the operator develops on loopback;
// SameSite as configured, with Lax keeping cookies out of other sites' forms.
func (s *Server) setCookie(c *fiber.Ctx, name, value string, lifetime time.Duration) {
	config := s.config.Cookies
	var b strings.Builder
	b.WriteString(name + "=" + value)
	if config.Domain != "" {
		b.WriteString("; Domain=" + config.Domain)
	}
	b.WriteString("; Path=/; Max-Age=" + strconv.Itoa(int(lifetime/time.Second)) + "; HttpOnly")
	if config.Secure {
		b.WriteString("; Secure")
	}
	b.WriteString("; SameSite=" + config.SameSite)
	c.Response().Header.Add(fiber.HeaderSetCookie, b.String())
}

// cookie returns a copy of the value of a cookie with exactly this name. A cookie that is
// there twice with different values is refused: a sibling domain may have set one of them.
func cookie(c *fiber.Ctx, name string) (value string, found bool, err error) {
	values := cookieValues(c, name)
	if len(values) == 0 {
		return "", false, nil
	}
	for _, other := range values {
		if other != values[0] {
			return "", false, errAmbiguousCookie
		}
	}
	return values[0], true, nil
}

// cookieValues returns copies of all values that are sent under the name.
func cookieValues(c *fiber.Ctx, name string) (values []string) {
	for _, line := range c.Request().Header.PeekAll(fiber.HeaderCookie) {
		for pair := range strings.SplitSeq(string(line), ";") {
			key, value, ok := strings.Cut(pair, "=")
			if ok && strings.Trim(key, " \t") == name {
				values = append(values, unquoted(strings.Trim(value, " \t")))
			}
		}
	}
	return values
}

func unquoted(text string) string {
	if len(text) >= 2 && text[0] == '"' && text[len(text)-1] == '"' {
		return text[1 : len(text)-1]
	}
	return text
}

// carriesCookies reports whether the request brings one of our cookies.
func (s *Server) carriesCookies(c *fiber.Ctx) bool {
	for _, name := range []string{s.config.Cookies.AccessName, s.config.Cookies.RefreshName} {
		if len(cookieValues(c, name)) > 0 {
			return true
		}
	}
	return false
}

const headerTransport = "X-Token-Transport"

// inCookies decides whether the answer hands tokens out in cookies: when that mode is on,
// except to a program that asks for them in the body. A web page that asks is refused:
// what a script can read, an injected one can steal.
func (s *Server) inCookies(c *fiber.Ctx) (bool, error) {
	if !s.config.Cookies.Enabled {
		return false, nil
	}
	switch c.Get(headerTransport) {
	case "", "cookie":
		return true, nil
	case "body":
		if fromBrowser(c) {
			return false, errTransport("A web page gets its tokens as cookies; X-Token-Transport: body is for programs.")
		}
		return false, nil
	}
	return false, errTransport("X-Token-Transport must be body or cookie.")
}
