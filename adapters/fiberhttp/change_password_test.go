package fiberhttp_test

import (
	"fmt"
	"strings"
	"testing"

	"gatehouse/domain"
)

const changed = `{"detail":"Password changed."}`

// changeAs asks for a change in the name of an address.
func changeAs(username, old, new string, headers ...string) request {
	return post(changePath, `{"username":`+quoted(username)+`,`+passwords(old, new)[1:], headers...)
}

func TestChangingAPassword(t *testing.T) {
	for name, c := range map[string]struct {
		who  func(*domain.Staff)
		send func(access string) request
	}{
		"by address":         {nil, func(string) request { return changeAs(address(1), password, newPassword) }},
		"by address, padded": {nil, func(string) request { return changeAs(" "+strings.ToUpper(address(1))+"\n", password, newPassword) }},
		"by form": {nil, func(string) request {
			return post(changePath, "username=person1%40example.test&old_password=kea+open+every+bin&new_password=weka+steal+the+lunch", formType)
		}},
		"by header": {nil, func(access string) request { return post(changePath, passwords(password, newPassword), bearer(access)) }},
		"by cookie": {nil, func(access string) request {
			return post(changePath, passwords(password, newPassword), accessCookie(access))
		}},
		"by address and more": {nil, func(string) request {
			return changeAs(address(1), password, newPassword, bearer("x"), accessCookie("x"))
		}},
		"when a reset is due": {resetDue, func(string) request { return changeAs(address(1), password, newPassword) }},
		"due, by header":      {resetDue, func(access string) request { return post(changePath, passwords(password, newPassword), bearer(access)) }},
	} {
		for mode, option := range modes {
			t.Run(name+"/"+mode, func(t *testing.T) {
				s := open(t, option)
				access, _ := s.signIn(1)
				other, _ := s.signIn(1)
				theirs, _ := s.signIn(2)
				if c.who != nil {
					s.save(person(1, c.who))
				}
				r := c.send(access)
				var deleted []string // the cookies of whoever brings one: their session is over
				if strings.Contains(strings.Join(r.headers, ""), "Cookie:") {
					deleted = []string{deletesAccess, deletesRefresh}
				}
				check(t, s.send(r), 200, changed, deleted...)
				s.mustWork(access, false)
				s.mustWork(other, false)
				s.mustWork(theirs, true)
				check(t, s.send(signInAs(address(1), password)), 401, badCredentials)
				if a := s.send(signInAs(address(1), newPassword)); a.status != 200 || !strings.Contains(a.body, `"password_needs_reset":false`) {
					t.Errorf("signing in with the new password: %d %s", a.status, a.body)
				}
			})
		}
	}
}

func TestChangingAPasswordIsRefused(t *testing.T) {
	const tooShort = `{"new_password":["This password is too short. It must contain at least 15 characters."]}`
	const choose = " Choose four or more words that have nothing to do with each other."
	const tooCommon = "This password is too common: it is one that many people use, or is made of such ones." + choose
	const tooSimilar = "This password is too similar to the person's name or e-mail address." + choose + " If these are such words, choose different ones."
	const ofThePlace = "This password is mainly a word that belongs to this place, such as the name of the service." + choose
	const pattern = "This password is a pattern: a row of keys, a sequence, or the same few characters over and over." + choose
	field := func(name, message string) string { return `{"` + name + `":["` + message + `"]}` }
	for name, c := range map[string]struct {
		who    func(*domain.Staff)
		send   request
		status int
		body   string
	}{
		"wrong old password":      {nil, changeAs(address(1), wrong, newPassword), 401, badCredentials},
		"unknown address":         {nil, changeAs("nobody@example.test", password, newPassword), 401, badCredentials},
		"unknown, bad new one":    {nil, changeAs("nobody@example.test", password, "short"), 401, badCredentials},
		"wrong, bad new one":      {nil, changeAs(address(1), wrong, "short"), 401, badCredentials},
		"inactive":                {inactive, changeAs(address(1), password, newPassword), 401, badCredentials},
		"left":                    {left, changeAs(address(1), password, newPassword), 401, badCredentials},
		"unusable":                {unusable, changeAs(address(1), password, newPassword), 401, badCredentials},
		"too short":               {nil, changeAs(address(1), password, "14 characters."), 400, tooShort},
		"too short in characters": {nil, changeAs(address(1), password, "āēīōūéèêëïöüçñ"), 400, tooShort},
		"common":                  {nil, changeAs(address(1), password, "Password1234567!!"), 400, field("new_password", tooCommon)},
		"similar":                 {nil, changeAs(address(1), password, "person1@example.test!"), 400, field("new_password", tooSimilar)},
		"of the place":            {nil, changeAs(address(1), password, "gatehouse 2026!"), 400, field("new_password", ofThePlace)},
		"short and a pattern":     {nil, changeAs(address(1), password, "aaaaaaaaaa"), 400, `{"new_password":["This password is too short. It must contain at least 15 characters.","` + pattern + `"]}`},
		"unchanged":               {nil, changeAs(address(1), password, password), 400, field("new_password", "This is the present password. Choose another one.")},
		"too long":                {nil, changeAs(address(1), password, strings.Repeat("x", 1025)), 400, field("new_password", "Ensure this field has no more than 1024 bytes.")},
		"token, wrong old one":    {nil, post(changePath, passwords(wrong, newPassword), bearer(firstAccess)), 401, badCredentials},

		"no credentials":       {nil, post(changePath, passwords(password, newPassword)), 400, field("username", "This field is required.")},
		"nothing at all":       {nil, post(changePath, ``), 400, `{"username":["This field is required."],"old_password":["This field is required."],"new_password":["This field is required."]}`},
		"blank address":        {nil, changeAs(" ", password, newPassword), 400, field("username", "This field may not be blank.")},
		"blank address, token": {nil, changeAs("", password, newPassword, bearer(firstAccess)), 400, field("username", "This field may not be blank.")},
		"null address, token":  {nil, post(changePath, `{"username":null,`+passwords(password, newPassword)[1:], bearer(firstAccess)), 400, field("username", "This field may not be null.")},
		"token, nothing else":  {nil, post(changePath, `{}`, bearer(firstAccess)), 400, `{"old_password":["This field is required."],"new_password":["This field is required."]}`},
		"no text":              {nil, post(changePath, `{"username":"x","old_password":"x","new_password":true}`), 400, field("new_password", "Not a valid string.")},

		"bad token":          {nil, post(changePath, passwords(password, newPassword), bearer("x")), 401, refusedAccess("Token is invalid")},
		"refresh token":      {nil, post(changePath, passwords(password, newPassword), bearer(firstRefresh)), 401, refusedAccess("Token has wrong type")},
		"bad header":         {nil, post(changePath, passwords(password, newPassword), "Authorization: Bearer"), 401, refusal("Authorization header must contain two space-delimited values", "bad_authorization_header")},
		"other scheme":       {nil, post(changePath, passwords(password, newPassword), "Authorization: Basic eDp4"), 400, field("username", "This field is required.")},
		"ambiguous cookie":   {nil, post(changePath, passwords(password, newPassword), "Cookie: access_token=a; access_token=b"), 400, ambiguous},
		"token, inactive":    {inactive, post(changePath, passwords(password, newPassword), bearer(firstAccess)), 401, refusal("User is inactive", "user_inactive")},
		"what is not a body": {nil, post(changePath, `{`), 400, `{"detail":"JSON parse error - the body is not valid JSON"}`},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, cookieMode)
			access, _ := s.signIn(1)
			if c.who != nil {
				s.save(person(1, c.who))
			}
			check(t, s.send(c.send), c.status, c.body)
			s.save(person(1))
			s.mustWork(access, true)
		})
	}
}

// A password that is known from a breach is refused; where that cannot be found out, so is
// every one, for now.
func TestBreachedPasswordsAreRefused(t *testing.T) {
	s := open(t, func(s *shop) { s.breached.Passwords = []string{newPassword} })
	check(t, s.send(changeAs(address(1), password, newPassword)), 400,
		`{"new_password":["This password has appeared in a data breach. Choose another one, and change it wherever else it is used."]}`)
	check(t, s.send(changeAs(address(1), password, newPassword+"!")), 200, `{"detail":"Password changed."}`)
}

func TestNoPasswordIsTakenUnchecked(t *testing.T) {
	s := open(t, func(s *shop) { s.breached.Err = fmt.Errorf("%w: the disk is gone", domain.ErrUnavailable) })
	a := s.send(changeAs(address(1), password, newPassword))
	check(t, a, 503, refusal("The service cannot do this right now. Try again in a moment.", "unavailable"))
	check(t, s.send(changeAs(address(1), newPassword, password)), 401, badCredentials)
}
