package fiberhttp

import (
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"gatehouse/domain"
)

// setAccess sets the access cookie, which lasts as long as the token.
func (s *Server) setAccess(c *fiber.Ctx, token domain.Token, lifetime time.Duration) {
	s.setCookie(c, s.config.Cookies.AccessName, token.Reveal(), lifetime)
}

// setRefresh sets the refresh cookie, which lasts as long as the session.
func (s *Server) setRefresh(c *fiber.Ctx, token domain.Token, lifetime time.Duration) {
	s.setCookie(c, s.config.Cookies.RefreshName, token.Reveal(), lifetime)
}

// deviceLifetime is the longest that browsers keep a cookie.
const deviceLifetime = 400 * 24 * time.Hour

// setDevice sets the cookie that recognises a browser. It is no credential, and stays when people
// sign out.
func (s *Server) setDevice(c *fiber.Ctx, token domain.DeviceToken) {
	s.setCookie(c, s.config.Cookies.DeviceName, token.Reveal(), deviceLifetime)
}

// deviceToken returns the value of the device cookie. An ambiguous one counts as missing.
func (s *Server) deviceToken(c *fiber.Ctx) domain.DeviceToken {
	text, _, err := cookie(c, s.config.Cookies.DeviceName)
	if err != nil {
		return domain.DeviceToken{}
	}
	return domain.NewDeviceToken(text)
}

// deleteCookies deletes both cookies with tokens. It sends all attributes, because a browser deletes a
// cookie only if name, domain and path match, and some look at Secure and SameSite too.
func (s *Server) deleteCookies(c *fiber.Ctx) {
	s.setCookie(c, s.config.Cookies.AccessName, "", 0)
	s.setCookie(c, s.config.Cookies.RefreshName, "", 0)
}

// dropCookies deletes the cookies of a session that this request has ended, and not before a renewal has
// set one of them.
func (s *Server) dropCookies(c *fiber.Ctx) {
	c.Response().Header.Del(fiber.HeaderSetCookie)
	s.deleteCookies(c)
}

// setCookie is the only place that writes a cookie (RFC 6265). It spells out every attribute:
//   - Path=/, because the shop's Django APIs read the access cookie under their own paths;
//   - HttpOnly, because no script needs to see a token;
//   - Secure, unless the operator develops on loopback;
//   - SameSite as configured: Lax keeps cookies out of forms of other sites.
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

// cookie returns a copy of the value of the cookie with exactly this name. It refuses two different
// values: a sibling domain may have set one of them.
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

// cookieValues returns copies of all values under the name, in their order.
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

// unquoted takes one pair of quotation marks away (RFC 6265, 4.1.1).
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

// inCookies decides whether the answer hands out tokens in cookies. It does in cookie mode, unless a
// program asks for them in the body. A web page that asks for that is refused: an injected script
// could steal what the page's script can read.
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
