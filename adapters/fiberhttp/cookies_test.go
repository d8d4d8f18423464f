package fiberhttp_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/adapters/fiberhttp"
)

// cookies configures how they are written.
func cookies(change func(*fiberhttp.CookieConfig)) option {
	return func(s *shop) {
		s.config.Cookies.Enabled = true
		change(&s.config.Cookies)
	}
}

// Every attribute of every cookie, in every configuration.
func TestCookiesToTheByte(t *testing.T) {
	tokenCookies := [3]string{"access_token", "refresh_token", "device"}
	for name, c := range map[string]struct {
		change       func(*fiberhttp.CookieConfig)
		names        [3]string
		domain, rest string
	}{
		"default": {func(*fiberhttp.CookieConfig) {}, tokenCookies, "", "; HttpOnly; Secure; SameSite=Lax"},
		"strict":  {func(c *fiberhttp.CookieConfig) { c.SameSite = "Strict" }, tokenCookies, "", "; HttpOnly; Secure; SameSite=Strict"},
		"none":    {func(c *fiberhttp.CookieConfig) { c.SameSite = "None" }, tokenCookies, "", "; HttpOnly; Secure; SameSite=None"},
		"in development": {func(c *fiberhttp.CookieConfig) { c.Secure = false },
			tokenCookies, "", "; HttpOnly; SameSite=Lax"},
		"for a domain": {func(c *fiberhttp.CookieConfig) { c.Domain = "example.test" },
			tokenCookies, "; Domain=example.test", "; HttpOnly; Secure; SameSite=Lax"},
		"other names": {func(c *fiberhttp.CookieConfig) {
			c.AccessName, c.RefreshName, c.DeviceName = "__Host-a", "__Secure-R", "__Host-d"
		},
			[3]string{"__Host-a", "__Secure-R", "__Host-d"}, "", "; HttpOnly; Secure; SameSite=Lax"},
	} {
		t.Run(name, func(t *testing.T) {
			access, refresh, device := c.names[0], c.names[1], c.names[2]
			line := func(name, value, age string) string {
				return name + "=" + value + c.domain + "; Path=/; Max-Age=" + age + c.rest
			}
			gone := []string{line(access, "", "0"), line(refresh, "", "0")}
			cookie := "Cookie: " + refresh + "=" + firstRefresh
			s := open(t, cookies(c.change))
			check(t, s.send(signInAs(address(1), password, sameOrigin)), 200, tokensAway, line(access, firstAccess, "900"), line(refresh, firstRefresh, "2592000"), line(device, firstDevice, "34560000"))
			s.clock.Advance(time.Hour)
			check(t, s.send(post(refreshPath, "", cookie)), 200, `{}`, line(access, nextAccess, "900"))
			check(t, s.send(get(mePath, "Cookie: "+access+"="+nextAccess)), 200, s.profile(1))
			check(t, s.send(post(logoutPath, "", cookie)), 200, signedOut, gone...)
			check(t, s.send(post(refreshPath, "", cookie)), 401, blacklisted, gone...)
		})
	}
}

const signedOut = `{"success":true,"message":"Successfully logged out"}`

// In body mode a refresh cookie is read, but nothing is set except what a sign-out deletes.
func TestNoCookiesInBodyMode(t *testing.T) {
	s := open(t)
	check(t, s.send(signInAs(address(1), password)), 200, tokensInBody)
	check(t, s.send(post(refreshPath, "", refreshCookie(firstRefresh))), 200, `{"access":"`+nextAccess+`"}`)
	check(t, s.send(get(mePath, accessCookie(nextAccess))), 200, s.profile(1))
	check(t, s.send(post(logoutPath, "", refreshCookie(firstRefresh))), 200, signedOut, deletesAccess, deletesRefresh)
}

// A token that travels in a cookie is nowhere else.
func TestATokenInACookieIsNowhereElse(t *testing.T) {
	s := open(t, cookieMode)
	s.signIn(1)
	for _, r := range []request{
		signInAs(address(1), password),
		post(refreshPath, "", refreshCookie(firstRefresh)),
		post(refreshPath, `{"refresh":"`+firstRefresh+`"}`),
		get(mePath, accessCookie(firstAccess)),
	} {
		a := s.send(r)
		delete(a.header, "Set-Cookie")
		for name, lines := range a.header {
			if text := strings.Join(lines, ""); strings.Contains(text, "access.") || strings.Contains(text, "refresh.") {
				t.Errorf("%s %s: a token is in the header %s", r.method, r.path, name)
			}
		}
		if a.status != 200 || strings.Contains(a.body, "access.") || strings.Contains(a.body, "refresh.") {
			t.Errorf("%s %s: got %d %s", r.method, r.path, a.status, a.body)
		}
	}
}

// What a failed refresh does to the cookies, besides the refusals of TestRefreshing: they
// go only where they are of no more use.
func TestWhatKeepsTheCookies(t *testing.T) {
	const cookie = "Cookie: access_token=" + firstAccess + "; refresh_token=" + firstRefresh
	for name, c := range map[string]struct {
		send   request
		broken bool
		status int
	}{
		"store broken":              {post(refreshPath, "", cookie), true, 503},
		"bad token in the body":     {post(refreshPath, `{"refresh":"garbage"}`, cookie), false, 401},
		"blank token in the body":   {post(refreshPath, `{"refresh":""}`, cookie), false, 400},
		"unreadable body":           {post(refreshPath, `{`, cookie), false, 400},
		"other type":                {post(refreshPath, "x", cookie, "Content-Type: text/plain"), false, 415},
		"blank cookie":              {post(refreshPath, "", refreshCookie("")), false, 400},
		"from another site":         {post(refreshPath, "", cookie, "Sec-Fetch-Site: cross-site"), false, 403},
		"other way of transport":    {post(refreshPath, "", cookie, "X-Token-Transport: pigeon"), false, 400},
		"program, body wanted":      {post(refreshPath, "", refreshCookie("garbage"), "X-Token-Transport: body"), false, 401},
		"other method":              {request{method: "PUT", path: refreshPath, headers: []string{cookie}}, false, 405},
		"bad access token":          {get(mePath, accessCookie("garbage")), false, 401},
		"blacklisting a bad cookie": {post(blacklistPath, "", refreshCookie("garbage")), false, 401},
		"verifying a bad token":     {post(verifyPath, `{"token":"garbage"}`, cookie), false, 401},
		"wrong password":            {signInAs(address(1), wrong, cookie), false, 401},
		"wrong old password":        {post(changePath, passwords(wrong, newPassword), cookie), false, 401},
		"bad new password":          {post(changePath, passwords(password, "short"), cookie), false, 400},
		"ambiguous":                 {post(refreshPath, "", "Cookie: refresh_token=a; refresh_token=b"), false, 400},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, cookieMode)
			access, _ := s.signIn(1)
			s.broken.Store(c.broken)
			if a := s.send(c.send); a.status != c.status || len(a.cookies) > 0 {
				t.Errorf("got %d %s, cookies %q, want %d and none", a.status, a.body, a.cookies, c.status)
			}
			s.broken.Store(false)
			s.mustWork(access, true)
		})
	}
}

const ambiguous = `{"detail":"A cookie was sent twice with different values.","code":"ambiguous_cookie"}`

// The Cookie header as hostile neighbours and odd programs write it. Names match exactly.
func TestReadingCookies(t *testing.T) {
	const (
		none = `{"detail":"Authentication credentials were not provided."}`
		good = "access_token=" + firstAccess
	)
	for name, c := range map[string]struct {
		lines []string
		body  string // "" if it works
	}{
		"alone":                 {[]string{good}, ``},
		"between others":        {[]string{"a=b; " + good + "; csrftoken=c"}, ``},
		"without spaces":        {[]string{"a=b;" + good + ";c"}, ``},
		"with more white space": {[]string{"a=b;\t " + good + " \t;"}, ``},
		"quoted":                {[]string{`access_token="` + firstAccess + `"`}, ``},
		"on the second line":    {[]string{"a=b", good}, ``},
		"twice the same":        {[]string{good + "; " + good}, ``},
		"fifty of them":         {[]string{strings.Repeat(good+"; ", 50) + "x=y"}, ``},
		"twice, once quoted":    {[]string{good + `; access_token="` + firstAccess + `"`}, ``},
		"among look-alikes":     {[]string{"Access_token=x; access_token2=x; access_toke=x; " + good}, ``},

		"another one first":   {[]string{"access_token=evil; " + good}, ambiguous},
		"another one last":    {[]string{good + "; access_token=evil"}, ambiguous},
		"another line":        {[]string{good, "access_token=evil"}, ambiguous},
		"another, empty":      {[]string{good + "; access_token="}, ambiguous},
		"fifty, and another":  {[]string{strings.Repeat(good+"; ", 50) + "access_token=x"}, ambiguous},
		"other name in front": {[]string{"=" + good}, none},
		"empty":               {[]string{"access_token="}, none},
		"empty, quoted":       {[]string{`access_token=""`}, none},
		"without a value":     {[]string{"access_token"}, none},
		"other case":          {[]string{"Access_Token=" + firstAccess}, none},
		"with a prefix":       {[]string{"__Host-" + good}, none},
		"encoded name":        {[]string{"access%5Ftoken=" + firstAccess}, none},
		"space in the name":   {[]string{"access _token=" + firstAccess}, none},
		"within another":      {[]string{`a="b; ` + "c=" + good + `"`}, none},
		"as an attribute":     {[]string{`$Version=1, ` + good}, none},
		"refresh token there": {[]string{"refresh_token=" + firstAccess}, none},

		"cut off quote":      {[]string{`access_token="` + firstAccess}, refusedAccess("Token is invalid")},
		"spaces in quotes":   {[]string{`access_token=" ` + firstAccess + `"`}, refusedAccess("Token is invalid")},
		"lone quote":         {[]string{`access_token="`}, refusedAccess("Token is invalid")},
		"more after it":      {[]string{good + "=x"}, refusedAccess("Token is invalid")},
		"comma instead":      {[]string{good + ", access_token=x"}, refusedAccess("Token is invalid")},
		"not UTF-8":          {[]string{"access_token=\xff\xfe"}, refusedAccess("Token is invalid")},
		"8 KB":               {[]string{"access_token=" + strings.Repeat("x", 8<<10)}, refusedAccess("Token is invalid")},
		"the refresh token":  {[]string{"access_token=" + firstRefresh}, refusedAccess("Token has wrong type")},
		"dressed as a token": {[]string{"access_token=Bearer " + firstAccess}, refusedAccess("Token is invalid")},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			s.signIn(1)
			r := get(mePath)
			for _, line := range c.lines {
				r.headers = append(r.headers, "Cookie: "+line)
			}
			a := s.send(r)
			switch c.body {
			case "":
				check(t, a, 200, s.profile(1))
			case ambiguous:
				check(t, a, 400, c.body)
			default:
				check(t, a, 401, c.body)
			}
		})
	}
}

// A header that is as good as a cookie decides alone: two people are never mixed up.
func TestAmbiguousRefreshCookies(t *testing.T) {
	s := open(t, cookieMode)
	access, refresh := s.signIn(1)
	other, otherRefresh := s.signIn(2)
	for _, pair := range [][2]string{{refresh, otherRefresh}, {otherRefresh, refresh}} {
		lines := "refresh_token=" + pair[0] + "; refresh_token=" + pair[1]
		check(t, s.send(post(refreshPath, "", "Cookie: "+lines)), 400, ambiguous)
		check(t, s.send(post(blacklistPath, "", "Cookie: "+lines)), 400, ambiguous)
	}
	s.mustWork(access, true)
	s.mustWork(other, true)

	a := s.send(post(refreshPath, `{"refresh":"`+refresh+`"}`, "Cookie: refresh_token=x; refresh_token=y"))
	if a.status != 200 || !slices.ContainsFunc(a.cookies, func(line string) bool { return strings.HasPrefix(line, "access_token=access.") }) {
		t.Errorf("a token in the body does not decide alone: %d %s", a.status, a.body)
	}
}
