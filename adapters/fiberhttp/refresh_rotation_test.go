package fiberhttp_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gatehouse/domain"
)

// What a rotated session hands out. A token is named by how many were signed before it.
const (
	rotatedAccess  = "access.2.f0000000000000000000000000000004"
	rotatedRefresh = "refresh.3.f0000000000000000000000000000003"
)

func rotating(when domain.Rotation) option {
	return func(s *shop) { s.policy.Rotation = when }
}

// By default the tokens of a session that was opened in cookies are replaced however they come,
// and those of one that was opened in the body stay. The successor goes back the way its
// predecessor came.
func TestRotation(t *testing.T) {
	setsAccess := strings.Replace(setsAccess, firstAccess, rotatedAccess, 1)
	setsRefresh := strings.Replace(setsRefresh, firstRefresh, rotatedRefresh, 1)
	inBody := post(refreshPath, `{"refresh":"`+firstRefresh+`"}`)
	inCookie := post(refreshPath, "", refreshCookie(firstRefresh))
	const program = "X-Token-Transport: body"
	const rotated, kept = `{"access":"` + rotatedAccess + `","refresh":"` + rotatedRefresh + `"}`, `{"access":"` + nextAccess + `"}`
	for name, c := range map[string]struct {
		when    domain.Rotation
		mode    option
		opened  func(*shop, int) (access, refresh string)
		send    request
		body    string
		cookies []string
	}{
		"auto, opened in cookies, in a cookie":              {domain.RotateCookies, cookieMode, (*shop).signIn, inCookie, `{}`, []string{setsAccess, setsRefresh}},
		"auto, opened in cookies, in a body":                {domain.RotateCookies, cookieMode, (*shop).signIn, inBody, `{"refresh":"` + rotatedRefresh + `"}`, []string{setsAccess}},
		"auto, opened in cookies, in a body of a program":   {domain.RotateCookies, cookieMode, (*shop).signIn, inBody.and(program), rotated, nil},
		"auto, opened in cookies, in a cookie of a program": {domain.RotateCookies, cookieMode, (*shop).signIn, inCookie.and(program), `{"access":"` + rotatedAccess + `"}`, []string{setsRefresh}},
		"auto, opened in the body, in a cookie":             {domain.RotateCookies, cookieMode, (*shop).signInInBody, inCookie, `{}`, []string{setsNextAccess}},
		"auto, opened in the body, in a body":               {domain.RotateCookies, cookieMode, (*shop).signInInBody, inBody, `{}`, []string{setsNextAccess}},
		"auto, opened in the body, in a body of a program":  {domain.RotateCookies, cookieMode, (*shop).signInInBody, inBody.and(program), kept, nil},
		"auto, body mode, in a body":                        {domain.RotateCookies, modes["body"], (*shop).signIn, inBody, kept, nil},
		"auto, body mode, in a cookie":                      {domain.RotateCookies, modes["body"], (*shop).signIn, inCookie, kept, nil},
		"never, in a cookie":                                {domain.RotateNever, cookieMode, (*shop).signIn, inCookie, `{}`, []string{setsNextAccess}},
		"always, body mode, in a body":                      {domain.RotateAlways, modes["body"], (*shop).signIn, inBody, rotated, nil},
		"always, body mode, in a cookie":                    {domain.RotateAlways, modes["body"], (*shop).signIn, inCookie, rotated, nil},
		"always, in a cookie":                               {domain.RotateAlways, cookieMode, (*shop).signIn, inCookie, `{}`, []string{setsAccess, setsRefresh}},
		"always, in a body":                                 {domain.RotateAlways, cookieMode, (*shop).signIn, inBody, `{}`, []string{setsAccess, setsRefresh}},
		"always, in a body of a program":                    {domain.RotateAlways, cookieMode, (*shop).signIn, inBody.and(program), rotated, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, c.mode, rotating(c.when))
			c.opened(s, 1)
			check(t, s.send(c.send), 200, c.body, c.cookies...)
		})
	}
}

// A cookie that was stolen is sent in a body, by either of the two: whoever comes second with a
// token that was replaced ends the session.
func TestAStolenCookieInTheBodyIsNoticed(t *testing.T) {
	for name, replay := range map[string]func(stolen string) request{
		"the browser comes second": func(stolen string) request { return post(refreshPath, "", refreshCookie(stolen)) },
		"the thief comes second":   func(stolen string) request { return post(refreshPath, `{"refresh":"`+stolen+`"}`) },
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, cookieMode, rotating(domain.RotateCookies))
			access, stolen := s.signIn(1)
			s.send(post(refreshPath, `{"refresh":"`+stolen+`"}`))
			s.clock.Advance(s.policy.RefreshGrace)
			check(t, s.send(post(verifyPath, `{"token":"`+stolen+`"}`)), 401, blacklisted)
			s.mustWork(access, true) // looking has ended nothing
			if a := s.send(replay(stolen)); a.status != 401 {
				t.Errorf("the replay is answered with %d %s", a.status, a.body)
			}
			s.mustWork(access, false)
		})
	}
}

// The cookie lasts as long as the session, and not longer for being new.
func TestARotatedCookieDoesNotOutliveTheSession(t *testing.T) {
	s := open(t, cookieMode, rotating(domain.RotateCookies))
	s.signIn(1)
	s.clock.Advance(30*24*time.Hour - time.Minute)
	a := s.send(post(refreshPath, "", refreshCookie(firstRefresh)))
	check(t, a, 200, `{}`,
		"access_token="+rotatedAccess+"; Path=/; Max-Age=60"+attributes,
		"refresh_token="+rotatedRefresh+"; Path=/; Max-Age=60"+attributes)
}

// Within the grace the second tab gets the same successor; after it, whoever presents the
// old token ends the session, cookies included.
func TestPresentingAReplacedToken(t *testing.T) {
	for mode, option := range modes {
		t.Run(mode, func(t *testing.T) {
			s := open(t, option, rotating(domain.RotateAlways))
			s.signIn(1)
			old := post(refreshPath, "", refreshCookie(firstRefresh))
			s.send(old)
			again := s.send(old)
			if told := again.body + strings.Join(again.cookies, ""); again.status != 200 || !strings.Contains(told, rotatedRefresh) {
				t.Errorf("within the grace: %d %s", again.status, told)
			}
			s.mustWork(rotatedAccess, true)
			s.clock.Advance(s.policy.RefreshGrace)
			var gone []string
			if mode == "cookie" {
				gone = []string{deletesAccess, deletesRefresh}
			}
			check(t, s.send(old), 401, blacklisted, gone...)
			s.mustWork(rotatedAccess, false)
			check(t, s.send(post(refreshPath, "", refreshCookie(rotatedRefresh))), 401, blacklisted, gone...)
		})
	}
}

// A tab that comes late gets the current cookie, for what is left of the session then.
func TestALateTabGetsTheCurrentCookie(t *testing.T) {
	s := open(t, cookieMode, rotating(domain.RotateCookies))
	s.signIn(1)
	s.clock.Advance(time.Hour)
	old := post(refreshPath, "", refreshCookie(firstRefresh))
	s.send(old)
	s.clock.Advance(s.policy.RefreshGrace - time.Second)
	left := s.policy.SessionLifetime - time.Hour - s.policy.RefreshGrace + time.Second
	check(t, s.send(old), 200, `{}`,
		strings.Replace(setsAccess, firstAccess, "access.4.f0000000000000000000000000000005", 1),
		fmt.Sprintf("refresh_token=%s; Path=/; Max-Age=%.0f%s", rotatedRefresh, left.Seconds(), attributes))
}

// A token that was not issued yet, as after a restore, is of no use, and does no harm to the
// session.
func TestPresentingATokenOfTheFuture(t *testing.T) {
	for mode, option := range modes {
		t.Run(mode, func(t *testing.T) {
			s := open(t, option, rotating(domain.RotateCookies))
			access, refresh := s.signIn(1)
			future := s.alter(refresh, func(c *domain.Claims) { c.Generation++ })
			s.checkRefresh(s.send(post(refreshPath, "", refreshCookie(future))), 401, blacklisted, mode, true)
			s.checkRefresh(s.send(post(refreshPath, `{"refresh":"`+future+`"}`)), 401, blacklisted, mode, false)
			s.mustWork(access, true)
			if a := s.send(post(refreshPath, "", refreshCookie(refresh))); a.status != 200 {
				t.Errorf("the current token is answered with %d %s", a.status, a.body)
			}
		})
	}
}

// A replay in the body ends its own session. It says nothing about the cookies beside it,
// which are those of a newer session.
func TestAReplayInTheBodyKeepsTheCookies(t *testing.T) {
	s := open(t, cookieMode, rotating(domain.RotateCookies))
	stolen, replayed := s.signIn(1)
	newer, refresh := s.signIn(1)
	s.send(post(refreshPath, "", refreshCookie(replayed)))
	s.clock.Advance(s.policy.RefreshGrace)
	check(t, s.send(post(refreshPath, `{"refresh":"`+replayed+`"}`, refreshCookie(refresh))), 401, blacklisted)
	s.mustWork(stolen, false)
	s.mustWork(newer, true)
}
