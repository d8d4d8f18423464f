package fiberhttp_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func refusal(detail, code string) string {
	return `{"detail":` + quoted(detail) + `,"code":` + quoted(code) + `}`
}

var (
	invalid     = refusal("Token is invalid", "token_not_valid")
	expired     = refusal("Token is expired", "token_not_valid")
	wrongType   = refusal("Token has wrong type", "token_not_valid")
	blacklisted = refusal("Token is blacklisted", "token_not_valid")
	noStaff     = refusal("Token contained no recognizable user identification", "token_not_valid")
	shut        = refusal("No active account found for the given token.", "no_active_account")
	deleted     = refusal("User not found", "user_not_found")
	mustChange  = `{"detail":"The password must be changed before signing in again.","code":"password_needs_reset","password_reset_url":"` + resetURL + `"}`
)

// refreshes are what a refresh token may be like, and what comes of it. prepare has a
// running session of person 1, and returns the token to present.
var refreshes = []struct {
	name    string
	prepare func(s *shop, access, refresh string) string
	status  int
	body    string // of a refusal
	passes  bool   // the cause of the refusal, so that the cookies stay
}{
	{"running session", func(_ *shop, _, refresh string) string { return refresh }, 200, ``, false},
	{"in its last second", func(s *shop, _, refresh string) string {
		s.clock.Advance(30*24*time.Hour - time.Second)
		return refresh
	}, 200, ``, false},
	{"of the shop's Django", func(s *shop, _, _ string) string { return s.django(domain.RefreshToken) }, 200, ``, false},
	{"of Django, too late", func(s *shop, _, _ string) string {
		token := s.django(domain.RefreshToken)
		s.clock.Advance(s.policy.AcceptDjangoTokensUntil.Sub(s.clock.Now()))
		return token
	}, 401, invalid, false},
	{"garbage", func(*shop, string, string) string { return "garbage" }, 401, invalid, false},
	{"signed by somebody else", func(_ *shop, _, refresh string) string { return refresh + "x" }, 401, invalid, false},
	{"SQL", func(*shop, string, string) string { return "' OR 1=1 --" }, 401, invalid, false},
	{"as long as allowed", func(*shop, string, string) string { return strings.Repeat("x", 8192) }, 401, invalid, false},
	{"issued in the future", altered(func(c *domain.Claims) { c.IssuedAt = c.IssuedAt.Add(time.Second) }), 401, invalid, true},
	{"not valid yet", altered(func(c *domain.Claims) { c.NotBefore = c.IssuedAt.Add(time.Second) }), 401, invalid, true},
	{"expired", altered(func(c *domain.Claims) { c.ExpiresAt = porttest.Noon.Add(-time.Second) }), 401, expired, false},
	{"expired this second", altered(func(c *domain.Claims) { c.ExpiresAt = porttest.Noon }), 401, expired, false},
	{"session expired", func(s *shop, _, refresh string) string {
		s.clock.Advance(30 * 24 * time.Hour)
		return s.alter(refresh, func(c *domain.Claims) { c.ExpiresAt = c.ExpiresAt.Add(time.Hour) })
	}, 401, expired, false},
	{"access token", func(_ *shop, access, _ string) string { return access }, 401, wrongType, false},
	{"other type", altered(func(c *domain.Claims) { c.Type = "sliding" }), 401, wrongType, false},
	{"no type", altered(func(c *domain.Claims) { c.Type = "" }), 401, refusal("Token has no type", "token_not_valid"), false},
	{"no id", altered(func(c *domain.Claims) { c.ID = "" }), 401, refusal("Token has no id", "token_not_valid"), false},
	{"no expiry", altered(func(c *domain.Claims) { c.ExpiresAt = time.Time{} }), 401, refusal("Token has no 'exp' claim", "token_not_valid"), false},
	{"nobody's", altered(func(c *domain.Claims) { c.UserID = "" }), 401, noStaff, false},
	{"owner is no UUID", altered(func(c *domain.Claims) { c.UserID = "garbage" }), 401, noStaff, false},
	{"no such session", altered(func(c *domain.Claims) { c.Session = "0" }), 401, blacklisted, false},
	{"somebody else's session", altered(func(c *domain.Claims) { c.UserID = string(porttest.Person(2).ID) }), 401, blacklisted, false},
	{"signed out", func(s *shop, _, refresh string) string {
		s.send(post(logoutPath, `{"refresh":"`+refresh+`"}`))
		return refresh
	}, 401, blacklisted, false},
	{"blacklisted", func(s *shop, _, refresh string) string {
		s.send(post(blacklistPath, `{"refresh":"`+refresh+`"}`))
		return refresh
	}, 401, blacklisted, false},
	{"password changed since", func(s *shop, access, refresh string) string {
		s.send(post(changePath, `{"old_password":`+quoted(password)+`,"new_password":`+quoted(newPassword)+`}`, bearer(access)))
		return refresh
	}, 401, blacklisted, false},
	{"owner inactive", becoming(inactive), 401, shut, false},
	{"owner has left", becoming(left), 401, shut, false},
	{"owner deleted", func(s *shop, _, refresh string) string { s.remove(1); return refresh }, 404, deleted, false},
	{"reset due", becoming(resetDue), 401, mustChange, false},
}

func altered(change func(*domain.Claims)) func(*shop, string, string) string {
	return func(s *shop, _, refresh string) string { return s.alter(refresh, change) }
}

// becoming changes the account while the session runs.
func becoming(change func(*domain.Staff)) func(*shop, string, string) string {
	return func(s *shop, _, refresh string) string { s.save(person(1, change)); return refresh }
}

// django signs a token as the shop's Django has issued them to person 1: without a
// session.
func (s *shop) django(kind domain.TokenType) string {
	s.t.Helper()
	return s.sign(domain.Claims{
		Type: kind, ID: "d1", UserID: string(porttest.Person(1).ID),
		IssuedAt: s.clock.Now().Add(-time.Minute), ExpiresAt: s.clock.Now().AddDate(0, 2, 0),
	})
}

// A refused token that came as a cookie is deleted with its sibling, in cookie mode: it is
// of no more use, and without it the person gets to see the sign-in page at once. Where the
// cause may pass, it may be of use again.
func TestRefreshing(t *testing.T) {
	for _, c := range refreshes {
		for mode, option := range modes {
			t.Run(c.name+"/"+mode+" mode/in the body", func(t *testing.T) {
				s := open(t, option)
				access, refresh := s.signIn(1)
				token := c.prepare(s, access, refresh)
				a := s.send(post(refreshPath, `{"refresh":`+quoted(token)+`}`))
				s.checkRefresh(a, c.status, c.body, mode, false)
			})
			t.Run(c.name+"/"+mode+" mode/in the cookie", func(t *testing.T) {
				s := open(t, option)
				access, refresh := s.signIn(1)
				token := c.prepare(s, access, refresh)
				a := s.send(post(refreshPath, "", refreshCookie(token)))
				s.checkRefresh(a, c.status, c.body, mode, !c.passes)
			})
		}
	}
}

func (s *shop) checkRefresh(a answer, status int, refusal, mode string, deletes bool) {
	s.t.Helper()
	switch {
	case status != 200 && mode == "cookie" && deletes:
		check(s.t, a, status, refusal, deletesAccess, deletesRefresh)
	case status != 200:
		check(s.t, a, status, refusal)
	default:
		s.checkNewAccess(a, mode)
	}
}

// checkNewAccess finds the new access token where the mode puts it, and tries it.
func (s *shop) checkNewAccess(a answer, mode string) {
	s.t.Helper()
	if mode == "body" {
		token := strings.TrimSuffix(strings.TrimPrefix(a.body, `{"access":"`), `"}`)
		check(s.t, a, 200, `{"access":"`+token+`"}`)
		s.mustWork(token, true)
		return
	}
	if len(a.cookies) != 1 || !strings.HasPrefix(a.cookies[0], "access_token=") {
		s.t.Fatalf("got cookies %q, want an access token", a.cookies)
	}
	check(s.t, a, 200, `{}`, a.cookies[0]) // its attributes are for cookies_test.go
	token, _, _ := strings.Cut(strings.TrimPrefix(a.cookies[0], "access_token="), ";")
	s.mustWork(token, true)
}

func TestRefreshingWhenAResetIsOnlyAnnounced(t *testing.T) {
	s := open(t, warnOnly)
	_, refresh := s.signIn(1)
	s.save(person(1, resetDue))
	check(t, s.send(post(refreshPath, `{"refresh":"`+refresh+`"}`)), 200, `{"access":"`+nextAccess+`"}`)
}

func TestRefreshingForAnotherIssuerOrAudience(t *testing.T) {
	named := func(s *shop) { s.policy.Issuer, s.policy.Audience = "https://gate.example.test", "shop" }
	for name, c := range map[string]struct {
		change func(*domain.Claims)
		status int
	}{
		"right":             {func(*domain.Claims) {}, 200},
		"one of several":    {func(c *domain.Claims) { c.Audience = []string{"other", "shop"} }, 200},
		"other issuer":      {func(c *domain.Claims) { c.Issuer += "/" }, 401},
		"no issuer":         {func(c *domain.Claims) { c.Issuer = "" }, 401},
		"other audience":    {func(c *domain.Claims) { c.Audience = []string{"shop2"} }, 401},
		"no audience":       {func(c *domain.Claims) { c.Audience = nil }, 401},
		"audience of blank": {func(c *domain.Claims) { c.Audience = []string{""} }, 401},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, named)
			_, refresh := s.signIn(1)
			a := s.send(post(refreshPath, `{"refresh":"`+s.alter(refresh, c.change)+`"}`))
			s.checkRefresh(a, c.status, invalid, "body", false)
		})
	}
}

// The access cookie never outlives the session.
func TestRefreshingShortlyBeforeTheEnd(t *testing.T) {
	s := open(t, cookieMode)
	_, refresh := s.signIn(1)
	s.clock.Advance(30*24*time.Hour - time.Minute)
	a := s.send(post(refreshPath, "", refreshCookie(refresh)))
	check(t, a, 200, `{}`, strings.Replace(setsNextAccess, "Max-Age=900", "Max-Age=60", 1))
}

// The member counts if it is there, even if it is blank; the cookie counts if it is not.
func TestWhereTheRefreshTokenComesFrom(t *testing.T) {
	const cookie = "Cookie: refresh_token=" + firstRefresh
	field := func(message string) string { return `{"refresh":["` + message + `"]}` }
	const tooLong = "Ensure this field has no more than 8192 characters."
	for name, c := range map[string]struct {
		send   request
		status int
		body   string // "" for a new access token
	}{
		"body":                      {post(refreshPath, `{"refresh":"`+firstRefresh+`"}`), 200, ``},
		"body, padded":              {post(refreshPath, `{"refresh":" `+firstRefresh+`\n"}`), 200, ``},
		"form":                      {post(refreshPath, "refresh="+firstRefresh, formType), 200, ``},
		"cookie":                    {post(refreshPath, "", cookie), 200, ``},
		"cookie, empty object":      {post(refreshPath, `{}`, cookie), 200, ``},
		"cookie, other field":       {post(refreshPath, `{"Refresh":"x","token":"y"}`, cookie), 200, ``},
		"cookie, bad header":        {post(refreshPath, "", cookie, "Authorization: Bearer garbage"), 200, ``},
		"body, bad cookie":          {post(refreshPath, `{"refresh":"`+firstRefresh+`"}`, "Cookie: refresh_token=garbage"), 200, ``},
		"bad body, cookie":          {post(refreshPath, `{"refresh":"garbage"}`, cookie), 401, invalid},
		"blank body, cookie":        {post(refreshPath, `{"refresh":""}`, cookie), 400, field("This field may not be blank.")},
		"null, cookie":              {post(refreshPath, `{"refresh":null}`, cookie), 400, field("This field may not be null.")},
		"list, cookie":              {post(refreshPath, `{"refresh":["x"]}`, cookie), 400, field("Not a valid string.")},
		"body of a list, cookie":    {post(refreshPath, `["refresh"]`, cookie), 400, `{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}`},
		"unreadable, cookie":        {post(refreshPath, `{`, cookie), 400, `{"detail":"JSON parse error - the body is not valid JSON"}`},
		"neither":                   {post(refreshPath, ""), 400, field("This field is required.")},
		"empty object":              {post(refreshPath, `{}`), 400, field("This field is required.")},
		"in the query":              {post(refreshPath+"?refresh="+firstRefresh, ""), 400, field("This field is required.")},
		"in the header":             {post(refreshPath, "", bearer(firstRefresh)), 400, field("This field is required.")},
		"in the access cookie":      {post(refreshPath, "", accessCookie(firstRefresh)), 400, field("This field is required.")},
		"blank cookie":              {post(refreshPath, "", "Cookie: refresh_token="), 400, field("This field may not be blank.")},
		"quoted blank cookie":       {post(refreshPath, "", `Cookie: refresh_token=""`), 400, field("This field may not be blank.")},
		"over 8 KiB":                {post(refreshPath, `{"refresh":"`+strings.Repeat("x", 8193)+`"}`), 400, field(tooLong)},
		"cookie over 8 KiB":         {post(refreshPath, "", refreshCookie(strings.Repeat("x", 8193))), 400, field(tooLong)},
		"number":                    {post(refreshPath, `{"refresh":12}`), 401, invalid},
		"percent-encoded in cookie": {post(refreshPath, "", refreshCookie(strings.ReplaceAll(firstRefresh, ".", "%2E"))), 401, invalid},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			s.signIn(1)
			if c.body == "" {
				c.body = `{"access":"` + nextAccess + `"}`
			}
			check(t, s.send(c.send), c.status, c.body)
		})
	}
}
