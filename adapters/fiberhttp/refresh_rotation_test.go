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

// By default a token that came in a cookie is replaced, and one that came in a body stays.
func TestRotation(t *testing.T) {
	setsRotated := []string{
		strings.Replace(setsAccess, firstAccess, rotatedAccess, 1),
		strings.Replace(setsRefresh, firstRefresh, rotatedRefresh, 1),
	}
	inBody := post(refreshPath, `{"refresh":"`+firstRefresh+`"}`)
	inCookie := post(refreshPath, "", refreshCookie(firstRefresh))
	for name, c := range map[string]struct {
		when    domain.Rotation
		mode    option
		send    request
		body    string
		cookies []string
	}{
		"auto, body":                 {domain.RotateCookies, modes["body"], inBody, `{"access":"` + nextAccess + `"}`, nil},
		"auto, cookie, body mode":    {domain.RotateCookies, modes["body"], inCookie, `{"access":"` + nextAccess + `"}`, nil},
		"auto, cookie":               {domain.RotateCookies, cookieMode, inCookie, `{}`, setsRotated},
		"auto, body, cookie mode":    {domain.RotateCookies, cookieMode, inBody, `{}`, []string{setsNextAccess}},
		"auto, cookie of a program":  {domain.RotateCookies, cookieMode, inCookie.and("X-Token-Transport: body"), `{"access":"` + nextAccess + `"}`, nil},
		"never, cookie":              {domain.RotateNever, cookieMode, inCookie, `{}`, []string{setsNextAccess}},
		"always, body":               {domain.RotateAlways, modes["body"], inBody, `{"access":"` + rotatedAccess + `","refresh":"` + rotatedRefresh + `"}`, nil},
		"always, cookie":             {domain.RotateAlways, cookieMode, inCookie, `{}`, setsRotated},
		"always, body, cookie mode":  {domain.RotateAlways, cookieMode, inBody, `{}`, setsRotated},
		"always, cookie, body mode":  {domain.RotateAlways, modes["body"], inCookie, `{"access":"` + rotatedAccess + `","refresh":"` + rotatedRefresh + `"}`, nil},
		"always, body, of a program": {domain.RotateAlways, cookieMode, inBody.and("X-Token-Transport: body"), `{"access":"` + rotatedAccess + `","refresh":"` + rotatedRefresh + `"}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, c.mode, rotating(c.when))
			s.signIn(1)
			check(t, s.send(c.send), 200, c.body, c.cookies...)
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
