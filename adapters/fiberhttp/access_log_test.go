package fiberhttp_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// logText is everything that was logged, with all its fields.
func (s *shop) logText() string {
	var b strings.Builder
	for _, entry := range s.logged.All() {
		fmt.Fprintf(&b, "%s %s %+v\n", entry.Level, entry.Message, entry.ContextMap())
	}
	return b.String()
}

// One request, one line, whatever the request is like.
func TestEveryRequestIsLoggedOnce(t *testing.T) {
	s := open(t, trusting("10.0.0.0/8"))
	s.signIn(1)
	for _, c := range []struct {
		send   request
		method string
		route  string
		status int64
		client string
	}{
		{signInAs(address(1), password), "POST", "/accounts/api/token/", 200, somebody},
		{signInAs(address(1), wrong), "POST", "/accounts/api/token/", 401, somebody},
		{post("/api/accounts/token", "{"), "POST", "/api/accounts/token", 400, somebody},
		{get(mePath + "?token=x"), "GET", "/accounts/me/", 401, somebody},
		{get(mePath).by("2001:db8::7"), "GET", "/accounts/me/", 401, "2001:db8::7"},
		{get("/healthz", "X-Forwarded-For: 198.51.100.4").by("10.0.0.1"), "GET", "/healthz", 200, "198.51.100.4"},
		{request{method: "HEAD", path: "/healthz"}, "HEAD", "/healthz", 200, somebody},
		{request{method: "OPTIONS", path: logoutPath}, "OPTIONS", "/accounts/logout/", 204, somebody},
		{request{method: "PUT", path: logoutPath}, "PUT", "/accounts/logout/", 405, somebody},
		{request{method: "PROPFIND", path: logoutPath}, "PROPFIND", "/accounts/logout/", 405, somebody},
		{request{method: "get", path: logoutPath}, "(other)", "/accounts/logout/", 405, somebody},
		{request{method: strings.Repeat("X", 17), path: logoutPath}, "(other)", "/accounts/logout/", 405, somebody},
		{request{method: "A-B", path: "/"}, "(other)", "(unknown)", 404, somebody},
		{get("/accounts/api/token/secret"), "GET", "(unknown)", 404, somebody},
		{get("/"), "GET", "(unknown)", 200, somebody},
	} {
		s.logged.TakeAll()
		a := s.send(c.send)
		got := s.logged.TakeAll()
		if len(got) != 1 || got[0].Message != "request" {
			t.Errorf("%s %s: logged %v", c.send.method, c.send.path, got)
			continue
		}
		fields := got[0].ContextMap()
		if d, ok := fields["duration"].(time.Duration); !ok || d < 0 || d > time.Minute {
			t.Errorf("%s %s: the duration is %v", c.send.method, c.send.path, fields["duration"])
		}
		delete(fields, "duration")
		want := map[string]any{"request_id": a.header.Get("X-Request-Id"), "method": c.method, "route": c.route, "status": c.status, "client": c.client}
		if fmt.Sprint(fields) != fmt.Sprint(want) {
			t.Errorf("%s %s:\n got  %v\n want %v", c.send.method, c.send.path, fields, want)
		}
	}
}

// People paste tokens and passwords everywhere. None of it is logged, nor kept in the
// audit trail.
func TestNothingThatWasSentIsLogged(t *testing.T) {
	const canary = "canary5e1f"
	s := open(t, cookieMode, trusting("10.0.0.0/8"))
	token := func(text string) string { return `{"refresh":"` + text + `","token":"` + text + `"}` }
	for _, r := range []request{
		signInAs(address(1), canary),
		signInAs(canary, password),
		signInAs(canary+"@example.test", canary),
		post(tokenPath+"?password="+canary+"#"+canary, "{"+canary),
		post(tokenPath, canary, "Content-Type: "+canary),
		post(tokenPath, canary, multipartType),
		post(tokenPath, "x="+canary+"&x="+canary, formType),
		post(refreshPath, token(canary)),
		post(refreshPath, token(canary), "X-Token-Transport: "+canary),
		post(refreshPath, "", refreshCookie(canary)),
		post(refreshPath, "", "Cookie: refresh_token="+canary+"; refresh_token=x"),
		post(verifyPath, token(canary)),
		post(blacklistPath, token(canary)),
		post(logoutPath, token(canary), bearer(canary), accessCookie(canary)),
		post(changePath, passwords(canary, canary+canary), bearer(canary)),
		post(changePath, `{"username":"`+canary+`",`+passwords(canary, canary+canary)[1:]),
		post(pagePath, "username="+canary+"&old_password="+canary+"&new_password="+canary+"&new_password_again="+canary, formType),
		get(mePath, bearer(canary)),
		get(mePath, "Authorization: "+canary),
		get(mePath, "Authorization: Bearer "+canary+" "+canary),
		get(mePath, accessCookie(canary)),
		get(mePath+"?access_token="+canary, "Referer: https://x.test/"+canary, "X-Forwarded-For: "+canary, "X-Request-Id: "+canary+"!").by("10.0.0.1"),
		get(mePath, "Origin: https://"+canary, "Sec-Fetch-Site: "+canary),
		get("/accounts/api/token/verify/" + canary),
		get("/" + canary + "/%0d%0a/%1b[31m/\u2028?" + canary),
		get("//" + canary + "@evil.test/accounts/me/"),
		get("http://" + canary + "@evil.test/accounts/me/"),
		{method: "FOO", path: "/" + canary},
		{method: canary, path: mePath},
		{method: strings.ToUpper(canary), path: mePath},
	} {
		s.send(r)
		if text := s.logText(); strings.Contains(strings.ToLower(text), canary) {
			t.Fatalf("%s %s: the log says what was sent:\n%s", r.method, r.path, text)
		}
		if text := fmt.Sprintf("%+v", s.lastEvent()); strings.Contains(text, canary) {
			t.Errorf("%s %s: the audit trail says what was sent: %s", r.method, r.path, text)
		}
	}
	s.broken.Store(true)
	s.send(post(logoutPath, token(firstRefresh), bearer(canary)))
	if strings.Contains(s.logText(), canary) {
		t.Error("an error of the store is logged with the request")
	}
}

// What cannot be read may hold a token or a password: the log must not quote it.
func TestUnreadableRequestsAreNotLogged(t *testing.T) {
	const canary = "canary5e1f"
	for name, raw := range map[string]string{
		"two hosts":   lines("GET /healthz HTTP/1.1", host, host, bearer(canary)),
		"no host":     lines("GET /healthz HTTP/1.1", accessCookie(canary)),
		"bad request": lines("GET  /healthz?token="+canary+" HTTP/1.1", host),
		"bad header":  lines("GET /healthz HTTP/1.1", host, "Authorization : Bearer "+canary),
		"bad chunk":   lines("POST /accounts/logout/ HTTP/1.1", host, "Transfer-Encoding: chunked") + canary + "\r\n{}\r\n0\r\n\r\n",
		"bad length":  lines("POST /accounts/logout/ HTTP/1.1", host, "Content-Length: "+canary) + "{}",
		"bad method":  lines(`G"T`+canary+" /healthz HTTP/1.1", host),
		"bad host":    lines("GET /healthz HTTP/1.1", "Host: "+canary+" x"),
		"bad control": lines("GET /healthz?"+canary+"\x1b[2J HTTP/1.1", host),
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			s.exchange(raw, "POST")
			if text := s.logText(); strings.Contains(text, canary) {
				t.Errorf("the log quotes the request:\n%s", text)
			}
			if n := s.logged.Len(); n != 1 {
				t.Errorf("there are %d lines for one request:\n%s", n, s.logText())
			}
		})
	}
}

// What may be hostile in a line is not there at all: a log is read on terminals and by
// programs.
func TestLogLinesArePlain(t *testing.T) {
	s := open(t, trusting("10.0.0.0/8"))
	for _, text := range []string{"%1b[2J", "%0d%0aINFO", "\u202e", "\u2028", `","result":"ok`, strings.Repeat("x", 4000), "\xff"} {
		s.send(get("/healthz?"+text, "User-Agent: "+text, "X-Request-Id: "+text, "X-Forwarded-For: "+text).by("10.0.0.1"))
		s.send(get("/" + text))
	}
	plain := regexp.MustCompile(`^[ -~µ]{1,300}$`)
	for line := range strings.Lines(s.logText()) {
		if !plain.MatchString(strings.TrimSuffix(line, "\n")) {
			t.Errorf("logged %q", line)
		}
	}
}

// The audit trail keeps the user agent, but no more of it than is useful.
func TestUserAgents(t *testing.T) {
	s := open(t, unthrottled)
	for sent, want := range map[string]string{
		"curl/8":                             "curl/8",
		"":                                   "",
		strings.Repeat("x", 300):             strings.Repeat("x", 256),
		strings.Repeat("x", 255) + "é":       strings.Repeat("x", 255),
		"a\xffb":                             "ab",
		"a\u202eb\u2028c\u009b2Jd\u200be":    "abc2Jde",
		`"><script>`:                         `"><script>`,
		strings.Repeat("é", 128) + " beyond": strings.Repeat("é", 128),
	} {
		s.send(signInAs(address(1), wrong, "User-Agent: "+sent))
		if got := s.lastEvent().Client.UserAgent; got != want {
			t.Errorf("sent %q, kept %q, want %q", sent, got, want)
		}
	}
	s.send(signInAs(address(1), wrong, "User-Agent: one", "User-Agent: two"))
	if got := s.lastEvent().Client.UserAgent; !slices.Contains([]string{"one", "two"}, got) {
		t.Errorf("of two, %q is kept", got)
	}
}
