package fiberhttp_test

import (
	"strconv"
	"strings"
	"testing"

	"gatehouse/domain"
)

const crossSite = `{"detail":"CSRF Failed: the request comes from another site.","code":"csrf_failed"}`

const (
	sameOrigin = "Sec-Fetch-Site: same-origin"
	otherSite  = "Sec-Fetch-Site: cross-site"
	ourOrigin  = "Origin: " + publicURL
	friend     = "https://app.example.test:8443"
)

// origins are where a request may come from, by what browsers say of it. The origin of
// friend is allowed besides our own.
var origins = map[string]struct {
	lines   []string
	welcome bool
}{
	"a program":                        {nil, true},
	"a program, empty header":          {[]string{"Sec-Fetch-Site:"}, true},
	"our page":                         {[]string{sameOrigin, ourOrigin}, true},
	"our page, no origin":              {[]string{sameOrigin}, true},
	"our page, privacy extension":      {[]string{sameOrigin, "Origin: null"}, true},
	"typed into the address bar":       {[]string{"Sec-Fetch-Site: none"}, true},
	"our page, old browser":            {[]string{ourOrigin}, true},
	"our page behind a proxy":          {[]string{"Sec-Fetch-Site: same-site", ourOrigin}, true},
	"a friend's page":                  {[]string{otherSite, "Origin: " + friend}, true},
	"a friend's page, old browser":     {[]string{"Origin: " + friend}, true},
	"a friend's page, same site":       {[]string{"Sec-Fetch-Site: same-site", "Origin: " + friend}, true},
	"another site":                     {[]string{otherSite, "Origin: https://evil.test"}, false},
	"another site, no origin":          {[]string{otherSite}, false},
	"a sibling":                        {[]string{"Sec-Fetch-Site: same-site"}, false},
	"a sibling, with its origin":       {[]string{"Sec-Fetch-Site: same-site", "Origin: https://wiki.example.test"}, false},
	"another site, old browser":        {[]string{"Origin: https://evil.test"}, false},
	"a sandboxed frame":                {[]string{otherSite, "Origin: null"}, false},
	"a sandboxed frame, old":           {[]string{"Origin: null"}, false},
	"an unknown word":                  {[]string{"Sec-Fetch-Site: same-planet"}, false},
	"the word in capitals":             {[]string{"Sec-Fetch-Site: SAME-ORIGIN"}, false},
	"our name at its start":            {[]string{"Origin: " + publicURL + ".evil.test"}, false},
	"our name at its end":              {[]string{"Origin: https://evilgate.example.test"}, false},
	"a page below us":                  {[]string{"Origin: https://x.gate.example.test"}, false},
	"an empty label":                   {[]string{"Origin: https://.gate.example.test"}, false},
	"our name, plain http":             {[]string{"Origin: http://gate.example.test"}, false},
	"our name, other port":             {[]string{"Origin: " + publicURL + ":8443"}, false},
	"our name, port written out":       {[]string{"Origin: " + publicURL + ":443"}, false},
	"our name in capitals":             {[]string{"Origin: HTTPS://GATE.EXAMPLE.TEST"}, false},
	"our name, dot at the end":         {[]string{"Origin: " + publicURL + "."}, false},
	"our name with a path":             {[]string{"Origin: " + publicURL + "/"}, false},
	"our name as user":                 {[]string{"Origin: " + publicURL + "@evil.test"}, false},
	"a friend, other port":             {[]string{"Origin: https://app.example.test"}, false},
	"two origins, ours first":          {[]string{ourOrigin, "Origin: https://evil.test"}, false},
	"two origins, ours last":           {[]string{"Origin: https://evil.test", ourOrigin}, false},
	"two origins in one":               {[]string{ourOrigin + " https://evil.test"}, false},
	"an empty origin":                  {[]string{"Origin:"}, false},
	"another site, our forwarded host": {[]string{otherSite, "Origin: https://evil.test", "X-Forwarded-Host: evil.test", "Referer: " + publicURL}, false},
}

// What is asked for with POST, besides what no cookie has a part in.
var changes = map[string]request{
	"refresh":         post(refreshPath, ``),
	"blacklist":       post(blacklistPath, `{}`),
	"logout":          post(logoutPath, ``),
	"password change": post(changePath, passwords(password, newPassword)),
	"form":            post(pagePath, "username=person1%40example.test&old_password=kea+open+every+bin&new_password=weka+steal+the+lunch&new_password_again=weka+steal+the+lunch", formType),
	"verify":          post(verifyPath, `{"token":"`+firstAccess+`"}`),
	"sign-in":         signInAs(address(2), password),
}

// With one of our cookies, a page of another site gets nothing done. Without one it may
// ask, except for what would set or delete them, and for what counts against a network.
func TestPagesOfOtherSites(t *testing.T) {
	cookie := map[string][]string{
		"both cookies":     {"Cookie: access_token=" + firstAccess + "; refresh_token=" + firstRefresh},
		"access cookie":    {accessCookie(firstAccess)},
		"refresh cookie":   {refreshCookie(firstRefresh)},
		"cookie that lies": {refreshCookie("garbage")},
		"no cookie":        nil,
	}
	for mode, option := range modes {
		for from, origin := range origins {
			for with, lines := range cookie {
				t.Run(mode+"/"+from+"/"+with, func(t *testing.T) {
					s := open(t, option, allowing(friend))
					access, _ := s.signIn(1)
					for what, r := range changes {
						before := s.lastEvent()
						a := s.send(r.and(origin.lines...).and(lines...))
						own := what == "password change" || what == "form" ||
							mode == "cookie" && (what == "sign-in" || what == "refresh" || what == "logout")
						if origin.welcome || lines == nil && !own {
							if a.status == 403 {
								t.Errorf("%s: got %s", what, a.body)
							}
							continue
						}
						check(t, a, 403, crossSite)
						if lines == nil {
							continue // TestSigningInFromAnotherSite says more
						}
						s.mustWork(access, true)
						if after := s.lastEvent(); after != before {
							t.Errorf("%s is audited: %+v", what, after)
						}
					}
				})
			}
		}
	}
}

// Reading is for everybody: what a page of another site may see of it is up to CORS.
func TestPagesOfOtherSitesMayAsk(t *testing.T) {
	s := open(t, cookieMode)
	access, _ := s.signIn(1)
	cookie := accessCookie(access)
	check(t, s.send(get(mePath, cookie, otherSite, "Origin: https://evil.test")), 200, s.profile(1))
	if a := s.send(get(pagePath, cookie, otherSite)); a.status != 200 {
		t.Errorf("a link to the page is answered with %d", a.status)
	}
	check(t, s.send(request{method: "OPTIONS", path: logoutPath, headers: []string{cookie, otherSite}}), 204, ``)
	check(t, s.send(request{method: "DELETE", path: logoutPath, headers: []string{cookie, otherSite}}), 405, `{"detail":"Method \"DELETE\" not allowed."}`)
}

// A page of another site cannot sign its victim in as somebody else, nor spend what the
// limits on wrong passwords leave to others.
func TestSigningInFromAnotherSite(t *testing.T) {
	for name, c := range map[string]struct {
		who    func(*domain.Staff)
		typed  string
		mode   option
		status int
		body   string
		reason domain.Reason
	}{
		"right password":            {func(*domain.Staff) {}, password, cookieMode, 403, crossSite, domain.ReasonCrossSite},
		"wrong password":            {func(*domain.Staff) {}, wrong, cookieMode, 401, badCredentials, domain.ReasonWrongPassword},
		"right password, inactive":  {inactive, password, cookieMode, 401, badCredentials, domain.ReasonInactive},
		"right password, body mode": {func(*domain.Staff) {}, password, modes["body"], 200, tokensInBody, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, c.mode, people(person(1, c.who), person(2)))
			check(t, s.send(signInAs(address(1), c.typed, otherSite, "Origin: https://evil.test")), c.status, c.body)
			if event := s.lastEvent(); event.Reason != c.reason || event.Kind != domain.EventSignIn {
				t.Errorf("audited as %q %q, want %q", event.Kind, event.Reason, c.reason)
			}
		})
	}
}

func TestOtherSitesSpendNothingOfTheNetwork(t *testing.T) {
	s := open(t)
	for n := range 100 {
		nobody := "nobody" + strconv.Itoa(n) + "@example.test"
		check(t, s.send(signInAs(nobody, wrong, otherSite)), 401, badCredentials)
		check(t, s.send(post("/accounts/api/password/reset/", `{"email":`+quoted(nobody)+`}`, otherSite)), 403, crossSite)
		check(t, s.send(post("/accounts/api/password/reset/confirm/", `{"uid":"x","token":"x","new_password":"x"}`, otherSite)), 403, crossSite)
	}
	if a := s.send(signInAs(address(1), password, otherSite)); a.status != 429 {
		t.Errorf("the other site goes on guessing: %d", a.status)
	}
	if a := s.send(signInAs(address(1), password)); a.status != 200 {
		t.Errorf("somebody else in the network has to wait: %d %s", a.status, a.body)
	}
}

// While cookie mode is on, only a program may ask for tokens in the body: what a script
// can read, an injected one can steal.
func TestTokenTransport(t *testing.T) {
	const (
		forPrograms = `{"detail":"A web page gets its tokens as cookies; X-Token-Transport: body is for programs.","code":"bad_token_transport"}`
		unknown     = `{"detail":"X-Token-Transport must be body or cookie.","code":"bad_token_transport"}`
		body        = "X-Token-Transport: body"
	)
	signIn := signInAs(address(1), password)
	refresh := post(refreshPath, `{"refresh":"`+firstRefresh+`"}`)
	for name, c := range map[string]struct {
		send    request
		mode    option
		status  int
		body    string
		cookies []string
	}{
		"sign-in of a program":        {signIn.and(body), cookieMode, 200, tokensInBody, nil},
		"sign-in, lower case":         {signIn.and("x-token-transport: body"), cookieMode, 200, tokensInBody, nil},
		"sign-in, cookies":            {signIn.and("X-Token-Transport: cookie"), cookieMode, 200, tokensAway, []string{setsAccess, setsRefresh}},
		"sign-in, empty":              {signIn.and("X-Token-Transport:"), cookieMode, 200, tokensAway, []string{setsAccess, setsRefresh}},
		"sign-in of our page":         {signIn.and(body, sameOrigin), cookieMode, 400, forPrograms, nil},
		"sign-in of our page, origin": {signIn.and(body, ourOrigin), cookieMode, 400, forPrograms, nil},
		"sign-in of another site":     {signIn.and(body, otherSite), cookieMode, 400, forPrograms, nil},
		"sign-in, unknown":            {signIn.and("X-Token-Transport: pigeon"), cookieMode, 400, unknown, nil},
		"sign-in, capitals":           {signIn.and("X-Token-Transport: BODY"), cookieMode, 400, unknown, nil},
		"sign-in, mode off":           {signIn.and(body, sameOrigin), modes["body"], 200, tokensInBody, nil},
		"sign-in, mode off, cookies":  {signIn.and("X-Token-Transport: cookie"), modes["body"], 200, tokensInBody, nil},
		"sign-in, mode off, unknown":  {signIn.and("X-Token-Transport: pigeon"), modes["body"], 200, tokensInBody, nil},
		"refresh of a program":        {refresh.and(body), cookieMode, 200, `{"access":"` + nextAccess + `"}`, nil},
		"refresh of a program, kept":  {post(refreshPath, "", refreshCookie(firstRefresh), body), cookieMode, 200, `{"access":"` + nextAccess + `"}`, nil},
		"refresh, cookies":            {refresh.and("X-Token-Transport: cookie"), cookieMode, 200, `{}`, []string{setsNextAccess}},
		"refresh of our page":         {refresh.and(body, sameOrigin), cookieMode, 400, forPrograms, nil},
		"refresh, unknown":            {refresh.and("X-Token-Transport: pigeon"), cookieMode, 400, unknown, nil},
		"refresh, mode off":           {refresh.and(body, sameOrigin), modes["body"], 200, `{"access":"` + nextAccess + `"}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, c.mode)
			if strings.HasPrefix(name, "refresh") {
				s.signIn(1)
			}
			check(t, s.send(c.send), c.status, c.body, c.cookies...)
			if c.status == 400 && strings.HasPrefix(name, "sign-in") && s.hasher.Computed() != 0 {
				t.Error("the password was compared")
			}
		})
	}
}
