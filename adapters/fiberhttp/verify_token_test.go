package fiberhttp_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/domain"
)

func TestVerifying(t *testing.T) {
	token := func(text string) request { return post(verifyPath, `{"token":`+quoted(text)+`}`) }
	field := func(message string) string { return `{"token":["` + message + `"]}` }
	for name, c := range map[string]struct {
		send   func(s *shop, access, refresh string) request
		status int
		body   string
	}{
		"access token":       {func(_ *shop, access, _ string) request { return token(access) }, 200, `{}`},
		"refresh token":      {func(_ *shop, _, refresh string) request { return token(refresh) }, 200, `{}`},
		"padded":             {func(_ *shop, access, _ string) request { return token(" " + access + "\t") }, 200, `{}`},
		"form":               {func(_ *shop, access, _ string) request { return post(verifyPath, "token="+access, formType) }, 200, `{}`},
		"of Django":          {func(s *shop, _, _ string) request { return token(s.django(domain.AccessToken)) }, 200, `{}`},
		"bad header, cookie": {func(_ *shop, access, _ string) request { return token(access).and(bearer("x"), accessCookie("y")) }, 200, `{}`},
		"owner inactive": {func(s *shop, access, _ string) request {
			s.save(person(1, inactive))
			return token(access)
		}, 401, shut},
		"reset due": {func(s *shop, access, _ string) request {
			s.save(person(1, resetDue))
			return token(access)
		}, 401, mustChange},
		"owner deleted": {func(s *shop, access, _ string) request {
			s.remove(1)
			return token(access)
		}, 404, deleted},
		"expired": {func(s *shop, access, _ string) request {
			s.clock.Advance(15 * time.Minute)
			return token(access)
		}, 401, expired},
		"garbage": {func(*shop, string, string) request { return token("garbage") }, 401, invalid},
		"other type": {func(s *shop, access, _ string) request {
			return token(s.alter(access, func(c *domain.Claims) { c.Type = "sliding" }))
		}, 401, wrongType},
		"nobody's": {func(s *shop, access, _ string) request {
			return token(s.alter(access, func(c *domain.Claims) { c.UserID = "" }))
		}, 401, noStaff},
		"signed out": {func(s *shop, access, _ string) request {
			s.send(post(logoutPath, "", bearer(access)))
			return token(access)
		}, 401, blacklisted},
		"no body":           {func(*shop, string, string) request { return post(verifyPath, "") }, 400, field("This field is required.")},
		"in a cookie":       {func(_ *shop, access, _ string) request { return post(verifyPath, `{}`, accessCookie(access)) }, 400, field("This field is required.")},
		"under other name":  {func(_ *shop, access, _ string) request { return post(verifyPath, `{"access":"`+access+`"}`) }, 400, field("This field is required.")},
		"blank":             {func(*shop, string, string) request { return token("  ") }, 400, field("This field may not be blank.")},
		"null":              {func(*shop, string, string) request { return post(verifyPath, `{"token":null}`) }, 400, field("This field may not be null.")},
		"list":              {func(*shop, string, string) request { return post(verifyPath, `{"token":["x"]}`) }, 400, field("Not a valid string.")},
		"over 8 KiB":        {func(*shop, string, string) request { return token(strings.Repeat("x", 8193)) }, 400, field("Ensure this field has no more than 8192 characters.")},
		"NUL":               {func(*shop, string, string) request { return token("x\x00") }, 400, field("Null characters are not allowed.")},
		"a body of text":    {func(*shop, string, string) request { return post(verifyPath, `"x"`) }, 400, `{"non_field_errors":["Invalid data. Expected a dictionary, but got str."]}`},
		"what is no object": {func(*shop, string, string) request { return post(verifyPath, `{`) }, 400, `{"detail":"JSON parse error - the body is not valid JSON"}`},
	} {
		for mode, option := range modes {
			t.Run(name+"/"+mode, func(t *testing.T) {
				s := open(t, option)
				access, refresh := s.signIn(1)
				check(t, s.send(c.send(s, access, refresh)), c.status, c.body)
			})
		}
	}
}

// Blacklisting refuses what refreshing refuses, except on account of the account: it ends
// the session of whoever's token it is. It never touches cookies.
func TestBlacklisting(t *testing.T) {
	about := map[string]bool{"owner inactive": true, "owner has left": true, "reset due": true, "session expired": true}
	for _, c := range refreshes {
		if about[c.name] {
			c.status, c.body = 200, ""
		}
		if c.status == 200 {
			c.body = `{}`
		}
		for mode, option := range modes {
			t.Run(c.name+"/"+mode, func(t *testing.T) {
				for _, from := range []func(string) request{
					func(token string) request { return post(blacklistPath, `{"refresh":`+quoted(token)+`}`) },
					func(token string) request { return post(blacklistPath, "", refreshCookie(token)) },
				} {
					s := open(t, option)
					access, refresh := s.signIn(1)
					token := c.prepare(s, access, refresh)
					check(t, s.send(from(token)), c.status, c.body)
					if c.status == 200 {
						check(t, s.send(from(token)), 401, blacklisted)
					}
				}
			})
		}
	}
}

func TestBlacklistingEndsTheSession(t *testing.T) {
	s := open(t)
	access, refresh := s.signIn(1)
	other, _ := s.signIn(1)
	check(t, s.send(post(blacklistPath, `{"refresh":"`+refresh+`"}`)), 200, `{}`)
	s.mustWork(access, false)
	s.mustWork(other, true)
	check(t, s.send(post(blacklistPath, "")), 400, `{"refresh":["This field is required."]}`)
}
