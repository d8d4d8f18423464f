package fiberhttp_test

import "testing"

// Which sessions a sign-out ends, in the words of the body: of mine, of my other, and of
// none of somebody else's.
func TestSigningOutByScope(t *testing.T) {
	gone := []string{deletesAccess, deletesRefresh}
	for name, c := range map[string]struct {
		body        string
		headers     []string
		mine, other bool // whether they work afterwards
		cookies     []string
	}{
		"no body":             {"", nil, false, true, gone},
		"nothing said":        {`{}`, nil, false, true, gone},
		"this":                {`{"scope":"this"}`, nil, false, true, gone},
		"others":              {`{"scope":"others"}`, nil, true, false, nil},
		"all":                 {`{"scope":"all"}`, nil, false, false, gone},
		"others, in a form":   {"scope=others", []string{formType}, true, false, nil},
		"all, with spaces":    {`{"scope":" all "}`, nil, false, false, gone},
		"body that is no use": {`{"scope":"all"`, nil, false, true, gone},
		"said twice":          {`{"scope":"all","scope":"others"}`, nil, false, true, gone},
	} {
		for mode, option := range modes {
			t.Run(name+"/"+mode, func(t *testing.T) {
				s := open(t, option)
				mine, refresh := s.signIn(1)
				other, _ := s.signIn(1)
				theirs, _ := s.signIn(2)
				r := post(logoutPath, c.body, c.headers...).and("Cookie: access_token=" + mine + "; refresh_token=" + refresh)
				check(t, s.send(r), 200, signedOut, c.cookies...)
				s.mustWork(mine, c.mine)
				s.mustWork(other, c.other)
				s.mustWork(theirs, true)
			})
		}
	}
}

// A scope that means nothing is told, before anything ends and with the cookies in place.
func TestSigningOutByAnUnknownScope(t *testing.T) {
	const unknown = `{"scope":["Must be this, others or all."]}`
	for body, want := range map[string]string{
		`{"scope":"everything"}`:        unknown,
		`{"scope":"ALL"}`:               unknown,
		`{"scope":"this,others"}`:       unknown,
		`{"scope":1}`:                   unknown,
		`{"scope":""}`:                  `{"scope":["This field may not be blank."]}`,
		`{"scope":" "}`:                 `{"scope":["This field may not be blank."]}`,
		`{"scope":null}`:                `{"scope":["This field may not be null."]}`,
		`{"scope":true}`:                `{"scope":["Not a valid string."]}`,
		`{"scope":["all"]}`:             `{"scope":["Not a valid string."]}`,
		`{"scope":{"all":true}}`:        `{"scope":["Not a valid string."]}`,
		`{"scope":"12345678901234567"}`: `{"scope":["Ensure this field has no more than 16 characters."]}`,
		`{"scope":"all\u0000"}`:         `{"scope":["Null characters are not allowed."]}`,
	} {
		t.Run(body, func(t *testing.T) {
			s := open(t, cookieMode)
			mine, refresh := s.signIn(1)
			other, _ := s.signIn(1)
			check(t, s.send(post(logoutPath, body, "Cookie: access_token="+mine+"; refresh_token="+refresh)), 400, want)
			s.mustWork(mine, true)
			s.mustWork(other, true)
		})
	}
}

// The scopes that reach further need a session that is running: whoever has found an old
// token signs nobody out.
func TestSigningOutByScopeTooLate(t *testing.T) {
	for _, scope := range []string{"others", "all"} {
		s := open(t)
		mine, _ := s.signIn(1)
		s.send(post(logoutPath, "", bearer(mine)))
		other, _ := s.signIn(1)
		check(t, s.send(post(logoutPath, `{"scope":"`+scope+`"}`)), 200, signedOut, goneAfter(scope)...)
		check(t, s.send(post(logoutPath, `{"scope":"`+scope+`"}`, bearer(mine))), 200, signedOut, goneAfter(scope)...)
		s.mustWork(other, true)
	}
}

func goneAfter(scope string) []string {
	if scope == "others" {
		return nil
	}
	return []string{deletesAccess, deletesRefresh}
}
