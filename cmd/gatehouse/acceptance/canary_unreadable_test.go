package acceptance

import (
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"gatehouse/cmd/internal/running"
)

// What cannot be read as a request may hold a cookie or a password all the same, so it is
// not logged either. The answer, if there is one, is JSON like any other.
func TestUnreadableRequestsAreNotLogged(t *testing.T) {
	t.Parallel()
	s := &story{nest: newNest(), t: t, dir: t.TempDir(), env: environment()}
	s.begin()
	s.sendsWhatIsNoHTTP()
	s.end()
}

// sendsWhatIsNoHTTP sends what cannot be read, or only just. It must be refused, and the
// server must not stumble.
func (s *story) sendsWhatIsNoHTTP() {
	for what, raw := range map[string]string{
		"nothing but a secret":     "%s",
		"a request line":           "%s\r\n\r\n",
		"a method":                 "%s / HTTP/1.1\r\nHost: x\r\n\r\n",
		"a target":                 "GET %s HTTP/1.1\r\nHost: x\r\n\r\n",
		"a version":                "GET / %s\r\nHost: x\r\n\r\n",
		"another machine":          "CONNECT %s:443 HTTP/1.1\r\nHost: x\r\n\r\n",
		"a whole address":          "GET http://%s/accounts/me/ HTTP/1.1\r\nHost: x\r\n\r\n",
		"a host":                   "GET /accounts/me/ HTTP/1.1\r\nHost: %s\r\n\r\n",
		"no host":                  "GET /accounts/me/ HTTP/1.1\r\nCookie: access_token=%s\r\n\r\n",
		"a header without a colon": "GET / HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n",
		"a header with a space":    "GET / HTTP/1.1\r\nHost: x\r\n%s : 1\r\n\r\n",
		"a folded header":          "GET / HTTP/1.1\r\nHost: x\r\nCookie: a=b\r\n %s\r\n\r\n",
		"a NUL in a header":        "GET / HTTP/1.1\r\nHost: x\r\nCookie: access_token=%s\x00\r\n\r\n",
		"a bad length":             "POST /accounts/api/token/ HTTP/1.1\r\nHost: x\r\nContent-Length: %s\r\n\r\nx",
		"two lengths":              "POST /accounts/api/token/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 200\r\n\r\n%s",
		"half a body":              "POST /accounts/api/token/ HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\n%s",
		"bad chunks":               "POST /accounts/api/token/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n%s\r\n",
		"a bad encoding":           "POST /accounts/api/token/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: %s\r\n\r\n0\r\n\r\n",
		"a trailer":                "POST /accounts/api/token/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n0\r\nX: %s\r\n\r\n",
		"HTTP/2":                   "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n%s",
		"TLS":                      "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03%s",
		"headers that are too big": "GET / HTTP/1.1\r\nHost: x\r\nCookie: access_token=" + strings.Repeat("a", 20_000) + "%s\r\n\r\n",
		"two requests":             "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n%s",
	} {
		s.sendRaw(what, strings.Replace(raw, "%s", s.add("raw: "+what), 1))
	}
	s.send(newBrowser(), 200, http.MethodGet, "/readyz", nil, "")
}

func (s *story) sendRaw(what, raw string) {
	s.t.Helper()
	conn, err := net.Dial("tcp", s.server.address)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(running.Patience))
	_, _ = io.WriteString(conn, raw) // the server may have refused it before its end
	_ = conn.(*net.TCPConn).CloseWrite()
	got, err := io.ReadAll(conn)
	asJSON := len(got) == 0 || strings.Contains(string(got), "\r\nContent-Type: application/json\r\n")
	if !asJSON || strings.Contains(string(got), " 500 ") || os.IsTimeout(err) {
		s.t.Errorf("%s: the answer is %q, %v", what, got, err)
	}
}
