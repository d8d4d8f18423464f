//go:build system

package acceptance

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// What clients send to be somebody else.
var falseIdentity = []string{
	"Remote-User: mallory", "Remote-Email: mallory", "Remote-Name: mallory", "Remote-Groups: mallory", "Remote-Session: mallory", "X-Gatehouse-Access-Token: mallory",
	"Remote_User: mallory", "Remote_Email: mallory", "Remote_Name: mallory", "Remote_Groups: mallory", "Remote_Session: mallory", "X_Gatehouse_Access_Token: mallory", "X-Gatehouse_Access-Token: mallory", "remote-user: mallory", "REMOTE_USER: mallory",
	"SCRIPT_NAME: /mallory", "PATH_INFO: /mallory",
}

// Django is told who asks by Gatehouse alone: in headers, in the last access cookie and as a bearer.
func TestDjangoIsToldWhoAsks(t *testing.T) {
	withGuard(t, func(t *testing.T, g guarded) {
		for _, test := range []struct {
			path          string
			lines         []string
			user          string
			cookie        string
			authorization string
		}{
			{"/jobs/", []string{"Cookie: access_token=good"}, "hana", "access_token=good; access_token=good", "Bearer good"},
			{"/jobs/", []string{"Cookie: a=b; access_token=old; refresh_token=good"}, "hana", "a=b; access_token=old; refresh_token=good; access_token=fresh", "Bearer fresh"},
			{"/jobs/", []string{"Authorization: Bearer good"}, "hana", "access_token=good", "Bearer good"},
			{"/open/x", nil, "", "access_token=", ""},
			{"/open/x", []string{"Cookie: access_token=old", "Authorization: Bearer old"}, "", "access_token=old; access_token=", ""},
			{"/open/x", []string{"Authorization: Basic eDp5"}, "", "access_token=", "Basic eDp5"},
			{"/open/x", []string{"Connection: close, Remote-User, Cookie, Authorization"}, "", "access_token=", ""},
		} {
			for _, lies := range [][]string{nil, falseIdentity} {
				got, r := g.asks(t, wireGet(test.path, append(test.lines, lies...)...))
				if r == nil {
					t.Errorf("%s %q: answered %v", test.path, test.lines, got)
					continue
				}
				if r.Header.Get("Remote-User") != test.user || r.Header.Get("Remote-Email") != test.user || strings.Contains(fmt.Sprint(r.Header), "mallory") {
					t.Errorf("%s %q: Django is told %v", test.path, test.lines, r.Header)
				}
				if r.Header.Get("Cookie") != test.cookie && !strings.Contains(fmt.Sprint(test.lines), "Connection") || r.Header.Get("Authorization") != test.authorization {
					t.Errorf("%s %q: Django gets the cookies %q and %q", test.path, test.lines, r.Header.Get("Cookie"), r.Header.Get("Authorization"))
				}
			}
		}
	})
}

// What clients claim of where they come from and what they ask for does not reach the guard.
func TestProxiesAskAboutTheRequestItself(t *testing.T) {
	withGuard(t, func(t *testing.T, g guarded) {
		for _, lines := range [][]string{
			nil, {"X-Original-URL: https://shop.example/open/x", "X-Original-Method: GET"}, {"X-Forwarded-Uri: /open/x", "X-Forwarded-Method: OPTIONS", "X-Forwarded-Host: evil.test", "X-Forwarded-Proto: http"},
			{"Connection: close, X-Forwarded-Uri, X-Original-URL, X-Original-Method, X-Forwarded-Method"},
			{"X-Forwarded-For: 203.0.113.66"}, {"Upgrade: websocket", "Connection: upgrade"},
		} {
			for _, method := range []string{"GET", "POST", "DELETE", "OPTIONS", "HEAD"} {
				raw := method + " /jobs/%2F1/?role=office&q=a%20b HTTP/1.1\r\n" + wireHost + "\r\n" + strings.Join(append(lines, "Content-Length: 0", "", ""), "\r\n")
				got, r := g.asks(t, raw)
				if r != nil || got.status != 401 || got.header.Get("X-Answered-By") != "guard" {
					t.Errorf("%s %q: answered %v, Django was asked: %v", method, lines, got, r != nil)
				}
				g.mustBeAskedAbout(t, method, lines)
			}
		}
	})
}

// mustBeAskedAbout looks at what the guard was asked: at /check, and at /denied.
func (g guarded) mustBeAskedAbout(t *testing.T, method string, lines []string) {
	t.Helper()
	var paths []string
	for _, r := range g.guard.take() {
		paths = append(paths, r.RequestURI)
		h := r.Header
		nginx := h.Get("X-Original-Method") == method && h.Get("X-Original-URL") == "https://shop.example/jobs/%2F1/?role=office&q=a%20b" && h.Get("X-Forwarded-Method")+h.Get("X-Forwarded-Uri")+h.Get("X-Forwarded-Host")+h.Get("X-Forwarded-Proto") == ""
		caddy := h.Get("X-Forwarded-Method") == method && h.Get("X-Forwarded-Uri") == "/jobs/%2F1/?role=office&q=a%20b" && h.Get("X-Forwarded-Proto") == "https" && h.Get("X-Forwarded-Host") == publicHost && h.Get("X-Original-URL")+h.Get("X-Original-Method") == ""
		if !nginx && !caddy || r.Method != "GET" && r.Method != "HEAD" || h.Get("X-Forwarded-For") != somewhere || r.ContentLength > 0 {
			t.Errorf("%s %q: the guard is asked %s %v", method, lines, r.Method, h)
		}
	}
	if strings.Join(paths, " ") != "/check /denied" {
		t.Errorf("%s %q: the guard is asked at %q", method, lines, paths)
	}
}

// People get the guard's own answer, also to an upload; only its 503 is the proxy's.
func TestDeniedBehindProxies(t *testing.T) {
	withGuard(t, func(t *testing.T, g guarded) {
		upload := "POST /jobs/ HTTP/1.1\r\n" + wireHost + "\r\nContent-Length: 3000000\r\n\r\n" + strings.Repeat("x", 3_000_000)
		for _, test := range []struct {
			raw    string
			status int
		}{
			{wireGet("/jobs/"), 401}, {wireGet("/jobs/", "Accept: text/html"), 303}, {wireGet("/jobs/", "Cookie: guard=forbids"), 403}, {wirePost("/jobs/", `{}`), 401}, {upload, 401},
			{wireGet("/jobs/", "Cookie: guard=down"), 503}, {wirePost("/jobs/", `{}`, "Cookie: guard=down"), 503}, {wireGet("/hook/%2e%2e/jobs/", "Cookie: guard=down"), 503}, {wireGet("/open//x", "Cookie: guard=down"), 503}, {wireGet("/open/../jobs/", "Cookie: guard=down"), 503},
		} {
			got, r := g.asks(t, test.raw)
			if r != nil || got.status != test.status {
				t.Errorf("%.80q: answered %v, want %d; Django was asked: %v", test.raw, got, test.status, r != nil)
			}
			if n := len(got.header.Values("WWW-Authenticate")); n > 1 || got.status == 401 && n == 0 {
				t.Errorf("%.80q: %d times WWW-Authenticate", test.raw, n)
			}
			if got.status == 303 && got.header.Get("Location") != "/accounts/login/" {
				t.Errorf("led to %q", got.header.Get("Location"))
			}
			if got.status == 503 && (got.header.Get("Retry-After") != "5" || !strings.Contains(string(got.body), `"code":"unavailable"`)) {
				t.Errorf("%.80q: answered %v", test.raw, got)
			}
		}
		for _, path := range []string{"/open/x", "/hook/", "/hook/?x=/../y"} {
			got, r := g.asks(t, wirePost(path, `{"a":1}`, "Cookie: guard=down; access_token=old", "Remote-User: mallory", "Remote_User: mallory"))
			if r == nil || got.status != 200 || r.Method != "POST" || r.Header.Get("Remote-User") != "" || r.Header.Get("Remote_User") != "" || r.Header.Get("Cookie") != "guard=down; access_token=old; access_token=" || r.Header.Get("Authorization") != "" {
				t.Errorf("%s, while the guard cannot answer: answered %v, Django was asked %v", path, got, r)
			}
		}
		if _, r := g.asks(t, wireGet("/.gatehouse/check", "Cookie: access_token=good")); r != nil && r.URL.Path != "/.gatehouse/check" {
			t.Errorf("asked %v", r.URL)
		}
	})
}

// A renewed cookie reaches the client with whatever Django answers.
func TestRenewedCookiesBehindProxies(t *testing.T) {
	withGuard(t, func(t *testing.T, g guarded) {
		for path, status := range map[string]int{"/jobs/": 200, "/broken/": 500, "/missing/": 404} {
			got, r := g.asks(t, wireGet(path, "Cookie: refresh_token=good"))
			if r == nil || got.status != status || len(got.header.Values("Set-Cookie")) != 1 || got.header.Get("Set-Cookie") != "access_token=fresh; Path=/; HttpOnly" {
				t.Errorf("%s: answered %v", path, got)
			}
			for _, name := range []string{"Remote-User", "X-Gatehouse-Access-Token"} {
				if got.header.Get(name) != "" {
					t.Errorf("%s: the client gets %s", path, name)
				}
			}
			if got, _ := g.asks(t, wireGet(path, "Cookie: access_token=good")); len(got.header.Values("Set-Cookie")) != 0 {
				t.Errorf("%s: answered %v", path, got)
			}
		}
	})
}

// What Django does for long, or with much, is not cut off: an upload, an answer in parts, and what
// follows an upgrade. What is larger than an upload may be is refused.
func TestDjangosWayIsWide(t *testing.T) {
	withGuard(t, func(t *testing.T, g guarded) {
		upload := func(size int) string {
			return fmt.Sprintf("POST /upload/ HTTP/1.1\r\n%s\r\nCookie: access_token=good\r\nContent-Length: %d\r\n\r\n%s", wireHost, size, strings.Repeat("x", size))
		}
		if got := g.ask(t, somewhere, upload(20<<20)); got.status != 200 || string(got.body) != "20971520 bytes" {
			t.Errorf("an upload of 20 MB is answered %v", got)
		}
		if got := g.ask(t, somewhere, upload(26<<20)); got.status != 413 {
			t.Errorf("an upload of 26 MB is answered %v", got)
		}
		chunked := "POST /upload/ HTTP/1.1\r\n" + wireHost + "\r\nCookie: access_token=good\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(strings.Repeat("x", 2<<20)) + noChunks
		if got := g.ask(t, somewhere, chunked); got.status != 200 || string(got.body) != "2097152 bytes" {
			t.Errorf("an upload in chunks is answered %v", got)
		}
		g.mustStream(t)
		g.mustUpgrade(t, "websocket", 101)
		g.mustUpgrade(t, "WebSocket", 101)
		g.mustUpgrade(t, "h2c", 200)
	})
}

// mustStream reads the first part of an answer whose second part waits for it.
func (g guarded) mustStream(t *testing.T) {
	t.Helper()
	conn := g.dial(t, somewhere)
	defer func() { _ = conn.Close() }()
	_, _ = io.WriteString(conn, public(wireGet("/stream/", "Cookie: access_token=good")))
	got, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	first := make([]byte, len("data: 1\n\n"))
	if _, err := io.ReadFull(got.Body, first); err != nil {
		t.Fatalf("the first part does not come before the second: %v", err)
	}
	if got := g.ask(t, somewhere, wireGet("/go-on/", "Cookie: access_token=good")); got.status != 200 {
		t.Errorf("answered %v", got)
	}
	if rest, err := io.ReadAll(got.Body); err != nil || string(rest) != "data: 2\n\n" {
		t.Errorf("the rest is %q, %v", rest, err)
	}
}

// mustUpgrade asks for another protocol, and has it echo if that is what it gets.
func (g guarded) mustUpgrade(t *testing.T, protocol string, status int) {
	t.Helper()
	conn := g.dial(t, somewhere, "http/1.1")
	defer func() { _ = conn.Close() }()
	_, _ = io.WriteString(conn, public(wireGet("/socket/", "Cookie: access_token=good", "Connection: keep-alive, Upgrade", "Upgrade: "+protocol)))
	from := bufio.NewReader(conn)
	got, err := http.ReadResponse(from, nil)
	if err != nil || got.StatusCode != status {
		t.Fatalf("%s: answered %v, %v", protocol, got, err)
	}
	if asked := g.django.take(); (asked[len(asked)-1].Header.Get("Upgrade") != "") != (status == http.StatusSwitchingProtocols) {
		t.Errorf("%s: Django was asked %v", protocol, asked[len(asked)-1].Header)
	}
	if status != http.StatusSwitchingProtocols {
		return
	}
	_, _ = io.WriteString(conn, "hello\n")
	if line, err := from.ReadString('\n'); err != nil || line != "hello\n" {
		t.Errorf("%s: echoed %q, %v", protocol, line, err)
	}
}

// While Gatehouse is down, what is open goes on, and the rest does not.
func TestDjangoWithoutGatehouse(t *testing.T) {
	withGuard(t, func(t *testing.T, g guarded) {
		g.guard.stop()
		for range 3 {
			if got, r := g.asks(t, wireGet("/jobs/", "Cookie: access_token=good")); r != nil || got.status != 503 || got.header.Get("Retry-After") == "" {
				t.Errorf("what is guarded is answered %v", got)
			}
			if got, r := g.asks(t, wireGet("/open/x", "Cookie: access_token=good")); got.status != 200 || r == nil || r.Header.Get("Remote-User") != "" || r.Header.Get("Cookie") != "access_token=good; access_token=" {
				t.Errorf("what is open is answered %v, Django was asked %v", got, r)
			}
		}
		g.guard.start(t)
		if got, _ := g.asks(t, wireGet("/jobs/", "Cookie: access_token=good")); got.status != 200 {
			t.Errorf("afterwards: %v", got)
		}
	})
}
