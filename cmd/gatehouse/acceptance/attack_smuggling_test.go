package acceptance

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// What an attacker wants to have answered as if it were the next request of somebody else.
const smuggled = "GET /smuggled HTTP/1.1\r\n" + wireHost + "\r\n\r\n"

// A framing is a request whose end is a matter of opinion. %s is where a second request
// follows, for those who see the end there.
type framing struct{ name, raw string }

const (
	toLogout = "POST /accounts/logout/ HTTP/1.1\r\n" + wireHost + "\r\n"
	toHealth = "GET /healthz HTTP/1.1\r\n" + wireHost + "\r\n"
	noChunks = "0\r\n\r\n"
)

var framings = []framing{
	{"length, then chunks", toLogout + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + noChunks + "%s"},
	{"chunks, then a length", toLogout + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n" + noChunks + "%s"},
	{"a length of 0, and chunks", toLogout + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n" + noChunks + "%s"},
	{"a length that covers more than the chunks", toLogout + "Content-Length: 100\r\nTransfer-Encoding: chunked\r\n\r\n" + noChunks + "%s"},
	{"chunks in HTTP/1.0", "POST /accounts/logout/ HTTP/1.0\r\n" + wireHost + "\r\nTransfer-Encoding: chunked\r\n\r\n" + noChunks + "%s"},
	{"two equal lengths", toLogout + "Content-Length: 0\r\nContent-Length: 0\r\n\r\n%s"},
	{"two lengths", toLogout + "Content-Length: 0\r\nContent-Length: 70\r\n\r\n%s"},
	{"a list of equal lengths", toLogout + "Content-Length: 0, 0\r\n\r\n%s"},
	{"a signed length", toLogout + "Content-Length: +0\r\n\r\n%s"},
	{"a negative length", toLogout + "Content-Length: -1\r\n\r\n%s"},
	{"a length in hexadecimal", toLogout + "Content-Length: 0x0\r\n\r\n%s"},
	{"a length with an underscore", toLogout + "Content-Length: 1_0\r\n\r\n%s"},
	{"a length that is no whole number", toLogout + "Content-Length: 0.0\r\n\r\n%s"},
	{"an empty length", toLogout + "Content-Length:\r\n\r\n%s"},
	{"a length beyond all bounds", toLogout + "Content-Length: 99999999999999999999999999\r\n\r\n%s"},
	{"a length with a space before the colon", toLogout + "Content-Length : 70\r\n\r\n%s"},
	{"an odd transfer encoding", toLogout + "Transfer-Encoding: xchunked\r\n\r\n" + noChunks + "%s"},
	{"identity", toLogout + "Transfer-Encoding: identity\r\n\r\n%s"},
	{"chunked in quotes", toLogout + "Transfer-Encoding: \"chunked\"\r\n\r\n" + noChunks + "%s"},
	{"chunks, and another encoding", toLogout + "Transfer-Encoding: chunked, identity\r\n\r\n" + noChunks + "%s"},
	{"another encoding, and chunks", toLogout + "Transfer-Encoding: gzip, chunked\r\n\r\n" + noChunks + "%s"},
	{"chunks twice", toLogout + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + noChunks + "%s"},
	{"chunks, and another encoding on a line of its own", toLogout + "Transfer-Encoding: chunked\r\nTransfer-encoding: cow\r\n\r\n" + noChunks + "%s"},
	{"an empty encoding, and chunks", toLogout + "Transfer-Encoding:\r\nTransfer-Encoding: chunked\r\n\r\n" + noChunks + "%s"},
	{"chunked after a vertical tab", toLogout + "Transfer-Encoding: \vchunked\r\n\r\n" + noChunks + "%s"},
	{"a space before the colon", toLogout + "Transfer-Encoding : chunked\r\n\r\n" + noChunks + "%s"},
	{"a tab before the colon", toLogout + "Transfer-Encoding\t: chunked\r\n\r\n" + noChunks + "%s"},
	{"a space before the name", toLogout + " Transfer-Encoding: chunked\r\n\r\n" + noChunks + "%s"},
	{"a space before the first name", "POST /accounts/logout/ HTTP/1.1\r\n Transfer-Encoding: chunked\r\n" + wireHost + "\r\n\r\n" + noChunks + "%s"},
	{"a folded encoding", toLogout + "Transfer-Encoding:\r\n chunked\r\n\r\n" + noChunks + "%s"},
	{"a folded length", toLogout + "Content-Length:\r\n 0\r\n\r\n%s"},
	{"chunked in another header's fold", toLogout + "X: y\r\n\tTransfer-Encoding: chunked\r\n\r\n" + noChunks + "%s"},
	{"a line feed before the encoding", toLogout + "X: y\nTransfer-Encoding: chunked\r\n\r\n" + noChunks + "%s"},
	{"a carriage return before the encoding", toLogout + "X: y\rTransfer-Encoding: chunked\r\n\r\n" + noChunks + "%s"},
	{"headers that end with line feeds", "GET /healthz HTTP/1.1\n" + wireHost + "\n\n%s"},
	{"a line feed at the end of the headers", toHealth[:len(toHealth)-2] + "\n\n%s"},
	{"a NUL in a header", toLogout + "X: y\x00\r\nContent-Length: 0\r\n\r\n%s"},
	{"a header without a name", toHealth + ": chunked\r\n\r\n%s"},
	{"a header without a colon", toHealth + "Transfer-Encoding chunked\r\n\r\n%s"},
	{"a chunk of a signed size", toLogout + "Transfer-Encoding: chunked\r\n\r\n+1\r\nx\r\n" + noChunks + "%s"},
	{"a chunk of a negative size", toLogout + "Transfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n" + noChunks + "%s"},
	{"a chunk size with a prefix", toLogout + "Transfer-Encoding: chunked\r\n\r\n0x1\r\nx\r\n" + noChunks + "%s"},
	{"a chunk size that overflows", toLogout + "Transfer-Encoding: chunked\r\n\r\n10000000000000001\r\nx\r\n" + noChunks + "%s"},
	{"a chunk size that is empty", toLogout + "Transfer-Encoding: chunked\r\n\r\n\r\n\r\n%s"},
	{"a chunk size and a line feed", toLogout + "Transfer-Encoding: chunked\r\n\r\n1\nx\r\n" + noChunks + "%s"},
	{"a chunk extension with a line feed", toLogout + "Transfer-Encoding: chunked\r\n\r\n1;\nx\r\n" + noChunks + "%s"},
	{"a chunk extension with two line ends", toLogout + "Transfer-Encoding: chunked\r\n\r\n1;x\n\r\nx\r\n" + noChunks + "%s"},
	{"a chunk that ends with a line feed", toLogout + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\n" + noChunks + "%s"},
	{"a chunk that is longer than it says", toLogout + "Transfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n" + noChunks + "%s"},
	{"a trailer that is a length", toLogout + "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 70\r\n\r\n%s"},
	{"a trailer that is an encoding", toLogout + "Transfer-Encoding: chunked\r\n\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n%s"},
	{"a trailer that is a host", toLogout + "Transfer-Encoding: chunked\r\n\r\n0\r\nHost: evil.test\r\n\r\n%s"},
	{"a last chunk that ends with line feeds", toLogout + "Transfer-Encoding: chunked\r\n\r\n0\n\n%s"},
	{"a version that is none", "GET /healthz HTTP/1.1x\r\n" + wireHost + "\r\n\r\n%s"},
	{"no version", "GET /healthz\r\n" + wireHost + "\r\n\r\n%s"},
	{"chunked and a NUL", toLogout + "Transfer-Encoding: chunked\x00\r\n\r\n" + noChunks + "%s"},
	{"chunked and a parameter", toLogout + "Transfer-Encoding: chunked;q=1\r\n\r\n" + noChunks + "%s"},
	{"chunked in a list with itself", toLogout + "Transfer-Encoding: chunked, chunked\r\n\r\n" + noChunks + "%s"},
	{"chunked in a list with nothing", toLogout + "Transfer-Encoding: ,chunked\r\n\r\n" + noChunks + "%s"},
	{"chunked after a space of Latin-1", toLogout + "Transfer-Encoding:\xa0chunked\r\n\r\n" + noChunks + "%s"},
	{"a length, and chunks in capitals", toLogout + "Content-Length: 5\r\nTRANSFER-ENCODING: CHUNKED\r\n\r\n" + noChunks + "%s"},
	{"a length, and an odd encoding", toLogout + "Content-Length: 0\r\nTransfer-Encoding: xchunked\r\n\r\n%s"},
	{"a length, and a folded encoding", toLogout + "Content-Length: 0\r\nTransfer-Encoding:\r\n chunked\r\n\r\n%s"},
	{"chunks in HTTP/1.0 that stays", "POST /accounts/logout/ HTTP/1.0\r\n" + wireHost + "\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n" + noChunks + "%s"},
	{"an expectation, a length and chunks", toLogout + "Expect: 100-continue\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + noChunks + "%s"},
	{"a list of lengths", toLogout + "Content-Length: 0, 70\r\n\r\n%s"},
	{"a length and more", toLogout + "Content-Length: 0 70\r\n\r\n%s"},
	{"a length after a vertical tab", toLogout + "Content-Length: \v0\r\n\r\n%s"},
	{"a length and a NUL", toLogout + "Content-Length: 0\x00\r\n\r\n%s"},
	{"two lengths in a GET", toHealth + "Content-Length: 0\r\nContent-Length: 70\r\n\r\n%s"},
	{"a length and chunks in a GET", toHealth + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + noChunks + "%s"},
	{"two hosts", toHealth + "Host: evil.test\r\n\r\n%s"},
}

// Whatever a proxy in front may take for the end of a request: it is refused, the
// connection is closed, and what follows is not answered.
func TestSmuggling(t *testing.T) {
	t.Parallel()
	s := serving(t, t.TempDir(), environment())
	for _, f := range framings {
		t.Run(f.name, func(t *testing.T) {
			got := s.exchange(t, fmt.Sprintf(f.raw, smuggled), http.MethodPost)
			if !slices.Equal(statuses(got), []int{400}) && !slices.Equal(statuses(got), []int{413}) {
				t.Errorf("answered %v", got)
			}
		})
	}
	if got := s.ask(t, wireGet("/readyz")); got.status != http.StatusOK {
		t.Errorf("the server is %v", got)
	}
}

// What all agree about may hold anything: it is no request.
func TestWhatIsNoSmuggling(t *testing.T) {
	t.Parallel()
	s := serving(t, t.TempDir(), environment())
	inside := fmt.Sprintf("%x\r\n%s\r\n", len(smuggled), smuggled)
	for name, raw := range map[string]string{
		"in a body":             wirePost(logoutPath, smuggled, "Content-Type: text/plain"),
		"in the body of a GET":  toHealth + fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(smuggled), smuggled),
		"in a chunk":            toLogout + "Transfer-Encoding: chunked\r\n\r\n" + inside + noChunks,
		"in a chunk extension":  toLogout + "Transfer-Encoding: chunked\r\n\r\n1;x=\"GET /smuggled HTTP/1.1\"\r\nx\r\n" + noChunks,
		"in a trailer":          toLogout + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: GET /smuggled HTTP/1.1\r\n\r\n",
		"in a header":           toHealth + "X: GET /smuggled HTTP/1.1\r\n\r\n",
		"chunked in capitals":   toLogout + "TRANSFER-ENCODING: CHUNKED\r\n\r\n" + inside + noChunks,
		"in underscores":        toHealth + "Content_Length: 70\r\nTransfer_Encoding: chunked\r\n\r\n",
		"under a longer name":   toHealth + "X-Content-Length: 70\r\nTransfer-Encodings: chunked\r\n\r\n",
		"empty lines in front":  "\r\n\r\n" + toHealth + "\r\n",
		"an upgrade to HTTP/2":  toHealth + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n",
		"a length with 0 first": toLogout + "Content-Length: 002\r\n\r\n{}",
	} {
		t.Run(name, func(t *testing.T) {
			got := s.exchange(t, raw+toHealth+"\r\n", "POST")
			if !slices.Equal(statuses(got), []int{200, 200}) {
				t.Errorf("answered %v", got)
			}
		})
	}
}

// A request that comes a byte at a time is the same request; one that stops is given up.
func TestSlowClients(t *testing.T) {
	t.Parallel()
	s := serving(t, t.TempDir(), environment())
	var all sync.WaitGroup
	for range 50 { // they hang until the end
		conn := s.dial(t)
		t.Cleanup(func() { _ = conn.Close() })
		all.Go(func() { _, _ = io.WriteString(conn, toHealth+"X: ") })
	}
	all.Wait()
	whole := wirePost(verifyPath, `{"token":"x"}`) + toHealth + "\r\n"
	conn := s.dial(t)
	defer func() { _ = conn.Close() }()
	for _, c := range []byte(whole) {
		if _, err := conn.Write([]byte{c}); err != nil {
			t.Fatal(err)
		}
	}
	_ = conn.CloseWrite()
	got, err := readAnswers(conn)
	if err != nil || !slices.Equal(statuses(got), []int{401, 200}) {
		t.Errorf("byte by byte: %v, %v", got, err)
	}
	for name, raw := range map[string]string{"in the headers": toHealth + "X: ", "in the body": toLogout + "Content-Length: 10\r\n\r\n{"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := s.dial(t)
			defer func() { _ = conn.Close() }()
			_, _ = io.WriteString(conn, raw)
			began := time.Now()
			got, err := readAnswers(conn)
			if took := time.Since(began); err != nil || took > 15*time.Second || !slices.Equal(statuses(got), []int{408}) {
				t.Errorf("given up after %v: %v, %v", took, got, err)
			}
		})
	}
}

// Requests in one packet are answered in order, and nothing of one stays for the next.
func TestManyRequestsInOnePacket(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	p := s.asBrowser(t)
	var raw strings.Builder
	want := []int{}
	for range 30 {
		raw.WriteString(wireGet(mePath, "Cookie: access_token="+p.access) + wireGet(mePath) + wirePost(verifyPath, `{"token":"x"}`) + wireGet("/healthz"))
		want = append(want, 200, 401, 401, 200)
	}
	if got := statuses(s.exchange(t, raw.String())); !slices.Equal(got, want) {
		t.Errorf("answered %d", got)
	}
}
