package fiberhttp_test

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"net"
	"regexp"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"

	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// An unread connection is a client at an address; the request is read from elsewhere.
type unread struct{ net.Conn }

func (unread) RemoteAddr() net.Addr {
	return &net.TCPAddr{IP: net.IPv4(10, 0, 0, 1), Port: 40000}
}
func (unread) LocalAddr() net.Addr { return &net.TCPAddr{} }

// handle answers a request without a network. It reports false if it cannot be read.
func (s *shop) handle(raw []byte) (*fasthttp.Response, bool) {
	var ctx fasthttp.RequestCtx
	ctx.Init2(unread{}, nil, false)
	from := bufio.NewReaderSize(bytes.NewReader(raw), 64<<10)
	if ctx.Request.Header.Read(from) != nil {
		return nil, false
	}
	body, _ := io.ReadAll(from)
	ctx.Request.SetBodyRaw(body)
	ctx.Response.Header.SetNoDefaultContentType(true) // as the server has it
	s.server.Handler()(&ctx)
	return &ctx.Response, true
}

// The value of a cookie is what RFC 6265 says a server reads, or the request is refused.
func FuzzCookieHeader(f *testing.F) {
	s := open(f)
	s.signIn(1)
	const good = "access_token=" + firstAccess
	for _, seed := range []string{
		good, "a=b; " + good, `access_token="` + firstAccess + `"`, good + "; access_token=evil", good + ";" + good, "=" + good,
		"access_token", "access_token=", `access_token="`, "$Version=1; " + good, good + ", x=y", "Access_Token=x", "access_token =x", ";;;=;=", "\t" + good + "\t",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if len(header) > 8<<10 || strings.ContainsFunc(header, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
			return // fasthttp takes none of these
		}
		s.logged.TakeAll()
		response, ok := s.handle([]byte("GET " + mePath + " HTTP/1.1\r\nHost: x\r\nCookie: " + header + "\r\n\r\n"))
		if !ok {
			return
		}
		values := map[string]bool{}
		for pair := range strings.SplitSeq(header, ";") {
			if name, value, ok := strings.Cut(pair, "="); ok && strings.Trim(name, " \t") == "access_token" {
				values[oneQuoted.ReplaceAllString(strings.Trim(value, " \t"), "$1")] = true
			}
		}
		want := 401
		switch {
		case len(values) > 1:
			want = 400
		case values[firstAccess]:
			want = 200
		}
		if got := response.StatusCode(); got != want {
			t.Fatalf("got %d %s, want %d", got, response.Body(), want)
		}
	})
}

var oneQuoted = regexp.MustCompile(`(?s)^"(.*)"$`)

// Whatever is asked, it is answered, in JSON or with the page, with all headers; the
// server never fails, and the session of somebody who did not ask goes on.
func FuzzRequest(f *testing.F) {
	for _, r := range []request{
		signInAs(address(1), password), signInAs(address(1), wrong, otherSite), post(refreshPath, `{"refresh":"`+firstRefresh+`"}`),
		post(verifyPath, "token="+firstAccess, formType), post(blacklistPath, part("refresh", "x")+"--b--", multipartType),
		post(logoutPath, `{`, "Cookie: access_token=garbage; refresh_token=x"), get(mePath, bearer(firstAccess)),
		changeAs(address(1), password, newPassword, "X-Token-Transport: body"), submit(address(1), password, newPassword, newPassword),
		fill(signInPath+"?next=//evil.test", "username", address(1), "password", password), get(signInPath, browserAccepts), fill(devicePath, "end", "x").and(accessCookie(firstAccess)),
		get("/.well-known/jwks.json"), get("/readyz", "X-Forwarded-For: 192.0.2.1, x", "X-Request-Id: y"), get("http://evil.test//accounts/%2e./me?#"),
		{method: "OPTIONS", path: logoutPath, headers: []string{"Origin: " + friend}}, {method: "FOO", path: mePath, headers: []string{"Origin: null"}},
	} {
		f.Add([]byte(r.bytes()))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > 64<<10 {
			return
		}
		s := open(t, cookieMode, allowing(friend), trusting("10.0.0.0/8"), people(person(1), person(2, unusable)))
		s.signIn(1)
		bystander := s.bystander()
		response, ok := s.handle(raw)
		if !ok {
			return
		}
		checkShape(t, response)
		s.mustWork(bystander, true)
	})
}

// bystander has a running session of person 2, and returns an access token that nobody can
// guess.
func (s *shop) bystander() string {
	s.t.Helper()
	session := porttest.Session(0xbee, porttest.Person(2))
	s.update(func(records ports.Records) error { return records.Sessions().Save(session) })
	return s.sign(session.AccessClaims(domain.TokenID(rand.Text()), s.policy, s.clock.Now()))
}

func checkShape(t *testing.T, response *fasthttp.Response) {
	t.Helper()
	body, contentType := response.Body(), string(response.Header.ContentType())
	status := response.StatusCode()
	switch {
	case status >= 500 || status < 200:
		t.Fatalf("got %d %s", status, body)
	case status == 204 || status == 303:
		return
	case contentType == "text/html; charset=utf-8":
		if !bytes.HasPrefix(body, []byte("<!doctype html>")) || !bytes.HasSuffix(body, []byte("</html>\n")) || activeContent.Match(body) {
			t.Fatalf("got %d %s", status, body)
		}
	case contentType != "application/json" || !json.Valid(body):
		t.Fatalf("got %d %q %s", status, contentType, body)
	}
	for name, value := range always {
		if got := string(response.Header.Peek(name)); got == "" {
			t.Fatalf("%s is %q, want something like %q", name, got, value)
		}
	}
}
