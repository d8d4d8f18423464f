package fiberhttp_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/valyala/fasthttp/fasthttputil"
)

const (
	notUnderstood = `{"detail":"The request cannot be understood."}`
	bodyTooLarge  = `{"detail":"The request's body is larger than 64 KiB."}`
	headTooLarge  = `{"detail":"The request's headers are too large."}`
	tooSlow       = `{"detail":"The request took too long to arrive."}`
)

// exchange sends bytes on one connection and reads answers until the server closes it.
// methods are those of the requests, in order; GET where there is none.
func (s *shop) exchange(raw string, methods ...string) []answer {
	s.t.Helper()
	conn := s.dial(somebody)
	defer conn.Close()
	return s.converse(conn, raw, methods...)
}

func (s *shop) converse(conn net.Conn, raw string, methods ...string) (answers []answer) {
	s.t.Helper()
	if _, err := io.WriteString(conn, raw); err != nil {
		s.t.Fatalf("sending: %v", err)
	}
	for from := bufio.NewReader(conn); ; {
		if _, err := from.Peek(1); errors.Is(err, io.EOF) {
			return answers
		}
		methods = append(methods, "GET")
		a, err := receive(from, methods[0])
		if err != nil {
			s.t.Fatalf("after %d answers: %v", len(answers), err)
		}
		answers, methods = append(answers, a), methods[1:]
	}
}

// lines are a request on the wire, without a body, that closes the connection.
func lines(first string, headers ...string) string {
	return strings.Join(append([]string{first, "Connection: close"}, headers...), "\r\n") + "\r\n\r\n"
}

const host = "Host: gate.example.test"

// unreadable are requests that no handler gets to see. Each is the last on its connection.
var unreadable = map[string]struct {
	raw    string
	status int
	body   string
}{
	"not HTTP":                   {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400, notUnderstood},
	"HTTP/0.9":                   {"GET /healthz\r\n\r\n", 400, notUnderstood},
	"a quote in the method":      {lines(`G"T /healthz HTTP/1.1`, host), 400, notUnderstood},
	"two spaces":                 {lines("GET  /healthz HTTP/1.1", host), 400, notUnderstood},
	"no slash":                   {lines("GET healthz HTTP/1.1", host), 400, notUnderstood},
	"no host":                    {lines("GET /healthz HTTP/1.1"), 400, notUnderstood},
	"two hosts":                  {lines("GET /healthz HTTP/1.1", host, "Host: evil.test"), 400, notUnderstood},
	"a host with a space":        {lines("GET /healthz HTTP/1.1", "Host: a b"), 400, notUnderstood},
	"a space before the colon":   {lines("GET /healthz HTTP/1.1", host, "Cookie : a=b"), 400, notUnderstood},
	"a NUL in a header":          {lines("GET /healthz HTTP/1.1", host, "X: \x00"), 400, notUnderstood},
	"two lengths":                {lines("POST /accounts/logout/ HTTP/1.1", host, "Content-Length: 2", "Content-Length: 0") + "{}", 400, notUnderstood},
	"a list of lengths":          {lines("POST /accounts/logout/ HTTP/1.1", host, "Content-Length: 2, 2") + "{}", 400, notUnderstood},
	"a signed length":            {lines("POST /accounts/logout/ HTTP/1.1", host, "Content-Length: +2") + "{}", 400, notUnderstood},
	"unknown transfer encoding":  {lines("POST /accounts/logout/ HTTP/1.1", host, "Transfer-Encoding: xchunked") + "0\r\n\r\n", 400, notUnderstood},
	"two transfer encodings":     {lines("POST /accounts/logout/ HTTP/1.1", host, "Transfer-Encoding: chunked", "Transfer-Encoding: identity") + "0\r\n\r\n", 400, notUnderstood},
	"chunks in HTTP/1.0":         {lines("POST /accounts/logout/ HTTP/1.0", host, "Transfer-Encoding: chunked") + "0\r\n\r\n", 400, notUnderstood},
	"a bad chunk size":           {lines("POST /accounts/logout/ HTTP/1.1", host, "Transfer-Encoding: chunked") + "zz\r\n{}\r\n0\r\n\r\n", 400, notUnderstood},
	"a body that is too large":   {lines("POST /accounts/logout/ HTTP/1.1", host, "Content-Length: 65537") + strings.Repeat("x", 65537), 413, bodyTooLarge},
	"a body that never ends":     {lines("POST /accounts/logout/ HTTP/1.1", host, "Content-Length: 100000000000"), 413, bodyTooLarge},
	"chunks that are too large":  {lines("POST /accounts/logout/ HTTP/1.1", host, "Transfer-Encoding: chunked") + "10001\r\n" + strings.Repeat("x", 65537) + "\r\n0\r\n\r\n", 413, bodyTooLarge},
	"a large body to nowhere":    {lines("POST /nothing HTTP/1.1", host, "Content-Length: 65537"), 413, bodyTooLarge},
	"a large body, foreseen":     {lines("POST /accounts/logout/ HTTP/1.1", host, "Expect: 100-continue", "Content-Length: 65537"), 413, bodyTooLarge},
	"a header that is too large": {lines("GET /healthz HTTP/1.1", host, "X: "+strings.Repeat("x", 16<<10)), 431, headTooLarge},
	"a cookie that is too large": {lines("GET /healthz HTTP/1.1", host, "Cookie: a="+strings.Repeat("x", 64<<10)), 431, headTooLarge},
	"too many headers":           {lines("GET /healthz HTTP/1.1", host, strings.Repeat("X: x\r\n", 5000)+"X: x"), 431, headTooLarge},
	"a path that is too long":    {lines("GET /"+strings.Repeat("x", 64<<10)+" HTTP/1.1", host), 431, headTooLarge},
}

func TestUnreadableRequests(t *testing.T) {
	for name, c := range unreadable {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			smuggled := lines("GET /readyz HTTP/1.1", host)
			answers := s.exchange(c.raw+smuggled, "POST")
			if name == "a large body, foreseen" {
				answers = afterContinue(answers)
			}
			if len(answers) != 1 {
				t.Fatalf("got %d answers, want one", len(answers))
			}
			check(t, answers[0], c.status, c.body)
			check(t, s.send(get("/readyz")), 200, `{"status":"ready"}`)
		})
	}
}

// afterContinue leaves out what is not the final answer.
func afterContinue(answers []answer) (final []answer) {
	for _, a := range answers {
		if a.status != 100 {
			final = append(final, a)
		}
	}
	return final
}

// Where a proxy may see another request than we do, the first is refused and the second is
// never answered. Within a body that all agree about there may be anything.
func TestSmuggling(t *testing.T) {
	const (
		second  = "GET /accounts/me/ HTTP/1.1\r\n" + host + "\r\n\r\n"
		logout  = "POST /accounts/logout/ HTTP/1.1\r\n" + host + "\r\n"
		health  = "GET /healthz HTTP/1.1\r\n" + host
		chunked = "Transfer-Encoding: chunked\r\n"
	)
	length := "Content-Length: " + strconv.Itoa(len(second)) + "\r\n"
	for name, c := range map[string]struct {
		raw  string
		want []int
	}{
		"length and chunks":         {logout + "Content-Length: 5\r\n" + chunked + "\r\n0\r\n\r\n" + second, []int{400}},
		"chunks and length":         {logout + chunked + "Content-Length: 5\r\n\r\n0\r\n\r\n" + second, []int{400}},
		"chunks and a length of 0":  {logout + chunked + "content-length:0\r\n\r\n0\r\n\r\n" + second, []int{400}},
		"in capitals":               {logout + strings.ToUpper(length+"Transfer-Encoding:") + "chunked\r\n\r\n0\r\n\r\n" + second, []int{400}},
		"within a GET's body":       {health + "\r\n" + length + "\r\n" + second + lines("GET /readyz HTTP/1.1", host), []int{200, 200}},
		"within a folded header":    {health + "\r\nX: y\r\n GET /accounts/me/ HTTP/1.1\r\n\r\n" + second, []int{400}},
		"folded with a tab":         {health + "\r\nX: y\r\n\tz\r\n\r\n" + second, []int{400}},
		"folded chunks":             {logout + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + second, []int{400}},
		"no encoding":               {logout + "Transfer-Encoding: identity\r\n\r\n" + second, []int{400}},
		"a line feed alone":         {health + "\n" + length + "\r\n" + second, []int{400}},
		"line feeds at the end":     {health + "\n\n" + second, []int{400}},
		"a line feed in a header":   {health + "\r\nX: y\n" + length + "\r\n" + second, []int{400}},
		"lines that look like both": {health + "\r\nX-Content-Length: 1\r\nTransfer-Encodings: chunked\r\nConnection: close\r\n\r\n", []int{200}},
	} {
		t.Run(name, func(t *testing.T) {
			answers := open(t).exchange(c.raw)
			var got []int
			for _, a := range answers {
				got = append(got, a.status)
			}
			if !slices.Equal(got, c.want) {
				t.Fatalf("got %d, want %d", got, c.want)
			}
			if c.want[0] == 400 {
				check(t, answers[0], 400, notUnderstood)
				checkAlways(t, answers[0], nil)
			}
		})
	}
}

// Requests on one connection are answered in order, and nothing of one stays for the next.
func TestPipelining(t *testing.T) {
	s := open(t, cookieMode)
	access, _ := s.signIn(1)
	answers := s.exchange(
		get(mePath, bearer(access)).bytes()+
			get(mePath).bytes()+
			request{method: "HEAD", path: mePath, headers: []string{bearer(access)}}.bytes()+
			signInAs(address(2), password).bytes()+
			request{method: "OPTIONS", path: mePath}.bytes()+
			post(tokenPath, "").bytes()+
			get("/nothing", accessCookie(access)).bytes()+
			lines("GET /accounts/me/ HTTP/1.1", host),
		"GET", "GET", "HEAD", "POST", "OPTIONS", "POST")
	if len(answers) != 8 {
		t.Fatalf("got %d answers, want 8", len(answers))
	}
	const none = `{"detail":"Authentication credentials were not provided."}`
	check(t, answers[0], 200, s.profile(1))
	check(t, answers[1], 401, none)
	check(t, answers[2], 200, ``)
	check(t, answers[3], 200, tokensAway, answers[3].cookies...)
	check(t, answers[4], 204, ``)
	check(t, answers[5], 400, `{"username":["This field is required."],"password":["This field is required."]}`)
	check(t, answers[6], 404, notFound)
	check(t, answers[7], 401, none)
}

// Requests in other forms that HTTP knows.
func TestOtherFormsOfRequests(t *testing.T) {
	s := open(t)
	access, _ := s.signIn(1)
	for name, c := range map[string]struct {
		raw    string
		status int
		body   string
	}{
		"absolute form":       {lines("GET http://evil.test/accounts/me/?x HTTP/1.1", "Host: evil.test", bearer(access)), 200, s.profile(1)},
		"another host":        {lines("GET /accounts/me/ HTTP/1.1", "Host: shop:1", bearer(access)), 200, s.profile(1)},
		"HTTP/1.0":            {lines("GET /accounts/me/ HTTP/1.0", bearer(access)), 200, s.profile(1)},
		"chunks":              {lines("POST /accounts/api/token/verify/ HTTP/1.1", host, "Content-Type: application/json", "Transfer-Encoding: chunked") + "a\r\n{\"token\": \r\n4\r\n\"x\"}\r\n0\r\n\r\n", 401, invalid},
		"everybody's options": {lines("OPTIONS * HTTP/1.1", host), 404, notFound},
		"a tunnel":            {lines("CONNECT evil.test:443 HTTP/1.1", host), 404, notFound},
	} {
		t.Run(name, func(t *testing.T) {
			answers := s.exchange(c.raw)
			if len(answers) != 1 {
				t.Fatalf("got %d answers, want one", len(answers))
			}
			check(t, answers[0], c.status, c.body)
		})
	}
}

// The client of a real connection gets its answer although it is still sending what the
// server does not want.
func TestTheAnswerArrivesBeforeTheConnectionIsReset(t *testing.T) {
	s := open(t, func(s *shop) { s.serverNow = time.Now })
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.serve(listener)
	for range 20 {
		conn, err := net.DialTimeout("tcp", listener.Addr().String(), 5*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		answers := s.converse(conn, padded(1<<20).bytes(), "POST")
		if len(answers) != 1 {
			t.Fatalf("got %d answers, want one", len(answers))
		}
		check(t, answers[0], 413, bodyTooLarge)
	}
}

// A stalling listener's connections time out once the first bytes are read.
type stalling struct{ net.Listener }

func (l stalling) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	return &stalled{Conn: conn}, err
}

type stalled struct {
	net.Conn
	read atomic.Bool
}

func (c *stalled) Read(into []byte) (int, error) {
	if c.read.Swap(true) {
		return 0, os.ErrDeadlineExceeded
	}
	return c.Conn.Read(into)
}

func TestSlowRequests(t *testing.T) {
	for name, raw := range map[string]string{
		"in the first line": "GET /heal",
		"in the headers":    "GET /healthz HTTP/1.1\r\nHost: gate",
		"in the body":       "POST /accounts/logout/ HTTP/1.1\r\n" + host + "\r\nContent-Length: 10\r\n\r\n{",
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			s.listener = fasthttputil.NewInmemoryListener()
			s.serve(stalling{s.listener})
			answers := s.exchange(raw)
			if len(answers) != 1 {
				t.Fatalf("got %d answers, want one", len(answers))
			}
			check(t, answers[0], 408, tooSlow)
		})
	}
}
