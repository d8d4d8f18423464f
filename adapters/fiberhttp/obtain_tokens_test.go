package fiberhttp_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gatehouse/domain"
)

const (
	badCredentials = `{"detail":"No active account found with the given credentials","code":"no_active_account"}`
	tokensInBody   = `{"access":"` + firstAccess + `","refresh":"` + firstRefresh + `","password_needs_reset":false}`
	tokensAway     = `{"password_needs_reset":false}`
	needsReset     = `"password_needs_reset":true,"password_reset_url":"` + resetURL + `"`

	formType      = "Content-Type: application/x-www-form-urlencoded"
	multipartType = "Content-Type: multipart/form-data; boundary=b"
)

// signInAs is person 1 signing in with what they type.
func signInAs(username, typed string, headers ...string) request {
	return post(tokenPath, withPassword(username, typed), headers...)
}

func part(name, text string) string {
	return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + text + "\r\n"
}

func TestSigningIn(t *testing.T) {
	const form = "username=person1%40example.test&password=kea+open+every+bin"
	for name, r := range map[string]request{
		"JSON":                    signInAs(address(1), password),
		"JSON of a web app":       signInAs(address(1), password, "Content-Type: application/json; charset=UTF-8"),
		"JSON of another program": signInAs(address(1), password, `Content-Type: application/json; charset="utf8"`),
		"JSON in ASCII":           signInAs(address(1), password, "Content-Type: application/json; charset=us-ascii"),
		"form":                    post(tokenPath, form, formType),
		"multipart":               post(tokenPath, part("username", address(1))+part("password", password)+"--b--\r\n", multipartType),
		"padded address":          signInAs("\t "+address(1)+"\u00a0\n", password),
		"address in capitals":     signInAs("PERSON1@EXAMPLE.TEST", password),
		"no slash at the end":     post("/accounts/api/token", withPassword(address(1), password)),
		"other root":              post("/api/accounts/token/", withPassword(address(1), password)),
		"unknown fields":          post(tokenPath, `{"is_superuser":true,"user_id":7,`+withPassword(address(1), password)[1:]),
		"query":                   post(tokenPath+"?username=x&password=y#z", withPassword(address(1), password)),
		"bad token in the header": signInAs(address(1), password, bearer("garbage")),
		"other method asked for":  signInAs(address(1), password, "X-HTTP-Method-Override: DELETE"),
		"answer wanted as XML":    signInAs(address(1), password, "Accept: application/xml"),
		"in the name of an admin": signInAs(address(1), password, "X-User-ID: 2", "X-Remote-User: person2@example.test"),
		"with a body of 64 KiB":   padded(64 << 10),
	} {
		t.Run(name, func(t *testing.T) {
			check(t, open(t).send(r), 200, tokensInBody)
			check(t, open(t, cookieMode).send(r), 200, tokensAway, setsAccess, setsRefresh)
		})
	}
	for name, r := range map[string]request{
		"from our own page": signInAs(address(1), password, sameOrigin, "Origin: "+publicURL),
		"bad cookies":       signInAs(address(1), password, "Cookie: access_token=garbage; refresh_token=garbage"),
	} {
		t.Run(name, func(t *testing.T) {
			check(t, open(t).send(r), 200, tokensInBody)
			check(t, open(t, cookieMode).send(r), 200, tokensAway, setsAccess, setsRefresh, setsDevice)
		})
	}
}

// padded is a good sign-in whose body has the size.
func padded(size int) request {
	body := withPassword(address(1), password)
	return post(tokenPath, body+strings.Repeat(" ", size-len(body)))
}

// Numbers count as text, also as a password.
func TestSigningInWithANumber(t *testing.T) {
	s := open(t)
	access, _ := s.signIn(1)
	const digits = "839572048511294"
	s.send(post(changePath, `{"old_password":`+quoted(password)+`,"new_password":`+quoted(digits)+`}`, bearer(access)))
	body := `{"username":` + quoted(address(1)) + `,"password":` + digits + `}`
	if a := s.send(post(tokenPath, body)); a.status != 200 || !strings.Contains(a.body, `"access":`) {
		t.Errorf("got %d %s", a.status, a.body)
	}
}

// Whatever is wrong looks the same, to the byte.
func TestSigningInIsRefused(t *testing.T) {
	same := func(*domain.Staff) {}
	for name, mode := range modes {
		var first map[string][]string
		for _, c := range []struct {
			name  string
			who   func(*domain.Staff)
			typed [2]string
		}{
			{"wrong password", same, [2]string{address(1), wrong}},
			{"password in other case", same, [2]string{address(1), strings.ToUpper(password)}},
			{"space after the password", same, [2]string{address(1), password + " "}},
			{"space before the password", same, [2]string{address(1), " " + password}},
			{"unknown address", same, [2]string{"nobody@example.test", password}},
			{"no address", same, [2]string{"person1", password}},
			{"Kelvin sign and long s", same, [2]string{"per\u017fon1@example.test", password}},
			{"zero-width space", same, [2]string{"person1\u200b@example.test", password}},
			{"injection", same, [2]string{"' OR 1=1 --", password}},
			{"longest address", same, [2]string{strings.Repeat("é", 254), password}},
			{"inactive", inactive, [2]string{address(1), password}},
			{"left", left, [2]string{address(1), password}},
			{"unusable hash", unusable, [2]string{address(1), password}},
			{"unusable hash, typed", unusable, [2]string{address(1), "!"}},
			{"unknown hash", unknownHash, [2]string{address(1), password}},
			{"reset due, wrong password", resetDue, [2]string{address(1), wrong}},
			{"inactive, reset due", func(s *domain.Staff) { inactive(s); resetDue(s) }, [2]string{address(1), password}},
		} {
			t.Run(name+"/"+c.name, func(t *testing.T) {
				got := open(t, mode, people(person(1, c.who), person(2))).send(signInAs(c.typed[0], c.typed[1]))
				check(t, got, 401, badCredentials)
				if first == nil {
					first = comparable(got)
				}
				if headers := comparable(got); !reflect.DeepEqual(headers, first) {
					t.Errorf("headers differ:\n%v\n%v", headers, first)
				}
			})
		}
	}
}

// comparable are the headers of an answer but for the one that tells the time.
func comparable(a answer) map[string][]string {
	headers := maps.Clone(a.header)
	delete(headers, "Date")
	return headers
}

func TestSigningInWhenAResetIsDue(t *testing.T) {
	due := people(person(1, resetDue))
	for name, headers := range map[string][]string{
		"plainly":            nil,
		"with another host":  {"X-Forwarded-Host: evil.test", "Forwarded: host=evil.test", "X-Forwarded-Proto: http"},
		"for another scheme": {"X-Forwarded-Proto: http", "X-Original-URL: /evil"},
	} {
		t.Run(name, func(t *testing.T) {
			r := signInAs(address(1), password, headers...)
			check(t, open(t, due).send(r), 200, `{`+needsReset+`}`)
			inCookies := open(t, due, cookieMode).send(r)
			check(t, inCookies, 200, `{`+needsReset+`}`, inCookies.cookies...)
			checkDueCookies(t, inCookies)
			check(t, open(t, due, warnOnly).send(r), 200,
				`{"access":"`+firstAccess+`","refresh":"`+firstRefresh+`",`+needsReset+`}`)
			check(t, open(t, due, warnOnly, cookieMode).send(r), 200, `{`+needsReset+`}`, setsAccess, setsRefresh)
		})
	}
	t.Run("under a path prefix", func(t *testing.T) {
		for _, base := range []string{"https://shop.example.test/gate", "https://shop.example.test/gate/"} {
			a := open(t, due, public(base)).send(signInAs(address(1), password))
			check(t, a, 200, `{"password_needs_reset":true,"password_reset_url":"https://shop.example.test/gate/accounts/password_change/"}`)
		}
	})
}

// Bodies that no sign-in can be read from. What single fields may hold is in
// fields_test.go; this is about the whole.
func TestSigningInWithoutCredentials(t *testing.T) {
	const required, blank, null, notString = "This field is required.", "This field may not be blank.", "This field may not be null.", "Not a valid string."
	both := func(message string) string { return `{"username":["` + message + `"],"password":["` + message + `"]}` }
	detail := func(sentence string) string { return `{"detail":` + quoted(sentence) + `}` }
	json := func(body string) request { return post(tokenPath, body) }
	good := withPassword(address(1), password)
	for name, c := range map[string]struct {
		send   request
		status int
		body   string
	}{
		"no body":                {post(tokenPath, ""), 400, both(required)},
		"no body, odd type":      {post(tokenPath, "", "Content-Type: text/plain"), 400, both(required)},
		"no body, form":          {post(tokenPath, "", formType), 400, both(required)},
		"empty object":           {json(`{}`), 400, both(required)},
		"other names":            {json(`{"Username":"a","PASSWORD":"b","email":"c"}`), 400, both(required)},
		"in the query alone":     {post(tokenPath+"?username=person1%40example.test&password=x", `{}`), 400, both(required)},
		"JSON sent as a form":    {post(tokenPath, good, formType), 400, both(required)},
		"blank":                  {json(withPassword("", "")), 400, both(blank)},
		"white space":            {json(withPassword(" \t", "\u00a0 ")), 400, both(blank)},
		"blank form":             {post(tokenPath, "username=&password=", formType), 400, both(blank)},
		"null":                   {json(`{"username":null,"password":null}`), 400, both(null)},
		"booleans":               {json(`{"username":true,"password":false}`), 400, both(notString)},
		"list and object":        {json(`{"username":["a"],"password":{"$ne":""}}`), 400, both(notString)},
		"NUL":                    {json(`{"username":"a\u0000","password":"\u0000"}`), 400, both("Null characters are not allowed.")},
		"lone surrogates":        {json(`{"username":"\ud800","password":"\ud800"}`), 400, both("Surrogate characters are not allowed: U+D800.")},
		"a fault each":           {json(`{"username":7.5e1,"password":null}`), 400, `{"password":["` + null + `"]}`},
		"long address":           {json(withPassword(strings.Repeat("é", 255), "x")), 400, `{"username":["Ensure this field has no more than 254 characters."]}`},
		"long password":          {json(withPassword("x", strings.Repeat("x", 1025))), 400, `{"password":["Ensure this field has no more than 1024 bytes."]}`},
		"file":                   {post(tokenPath, strings.Replace(part("username", "a"), `e"`+"\r\n", `e"; filename="f"`+"\r\n", 1)+part("password", "x")+"--b--", multipartType), 400, `{"username":["Not a valid string."]}`},
		"list":                   {json(`[` + good + `]`), 400, `{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}`},
		"string":                 {json(`"username"`), 400, `{"non_field_errors":["Invalid data. Expected a dictionary, but got str."]}`},
		"number":                 {json(`1`), 400, `{"non_field_errors":["Invalid data. Expected a dictionary, but got int."]}`},
		"nothing":                {json(`null`), 400, `{"non_field_errors":["No data provided"]}`},
		"member twice":           {json(`{"username":"a",` + good[1:]), 400, detail("JSON parse error - a member appears twice")},
		"member twice, escaped":  {json(`{"u\u0073ername":"a",` + good[1:]), 400, detail("JSON parse error - a member appears twice")},
		"field twice":            {post(tokenPath, "username=a&password=b&username=c", formType), 400, detail("Form parse error - a field appears twice")},
		"cut short":              {json(good[:20]), 400, detail("JSON parse error - the body is not valid JSON")},
		"two objects":            {json(good + good), 400, detail("JSON parse error - the body is not valid JSON")},
		"white space alone":      {json("   "), 400, detail("JSON parse error - the body is not valid JSON")},
		"byte order mark":        {json("\ufeff" + good), 400, detail("JSON parse error - the body starts with a byte order mark")},
		"not UTF-8":              {json("{\"username\":\"\xff\"}"), 400, detail("JSON parse error - the body is not valid UTF-8")},
		"nested too deeply":      {json(strings.Repeat("[", 20000)), 400, detail("JSON parse error - the body is nested too deeply")},
		"damaged multipart":      {post(tokenPath, part("username", "a"), multipartType), 400, detail("Multipart form parse error - the body does not fit its boundary")},
		"no type":                {request{method: "POST", path: tokenPath, body: good}, 415, detail(`Unsupported media type "" in request.`)},
		"plain text":             {post(tokenPath, good, "Content-Type: text/plain"), 415, detail(`Unsupported media type "text/plain" in request.`)},
		"other character set":    {post(tokenPath, good, "Content-Type: application/json; charset=utf-16"), 415, detail(`Unsupported media type "application/json; charset=utf-16" in request.`)},
		"two types":              {post(tokenPath, good, "Content-Type: application/json", "content-type: text/plain"), 415, detail(`Unsupported media type "text/plain" in request.`)},
		"one type on two lines":  {post(tokenPath, good, "Content-Type: application/json", "Content-Type: application/json"), 415, detail(`Unsupported media type "application/json" in request.`)},
		"compressed":             {post(tokenPath, good, "Content-Type: application/json", "Content-Encoding: gzip"), 415, detail("Unsupported content encoding in request.")},
		"compressed form of it":  {post(tokenPath, good, formType, "Content-Encoding: br"), 415, detail("Unsupported content encoding in request.")},
		"a body that is too big": {padded(64<<10 + 1), 413, detail("The request's body is larger than 64 KiB.")},
	} {
		t.Run(name, func(t *testing.T) {
			for mode, option := range modes {
				t.Run(mode, func(t *testing.T) {
					s := open(t, option)
					check(t, s.send(c.send), c.status, c.body)
					if event := s.lastEvent(); event.Sequence != 0 || s.hasher.Computed() != 0 {
						t.Errorf("a use case was asked: %+v, %d hashes", event, s.hasher.Computed())
					}
				})
			}
		})
	}
}

// A form shows what is wrong with each of its fields at once.
func TestFieldErrorsComeTogether(t *testing.T) {
	a := open(t).send(post(changePath, `{"username":"","new_password":null}`))
	check(t, a, 400, `{"username":["This field may not be blank."],"old_password":["This field is required."],"new_password":["This field may not be null."]}`)
	if !slices.Equal(a.header["Content-Type"], []string{"application/json"}) {
		t.Errorf("Content-Type is %q", a.header["Content-Type"])
	}
}
