//go:build system

package main

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
)

// What is hidden behind the end of a request: a whole one, and the start of one that would
// swallow the next request on the connection, with its cookies. Only a request that the
// proxy has not seen keeps its own name, which is in the log if Gatehouse answers it.
func hidden(name string) []string {
	return []string{
		"POST /accounts/logout/ HTTP/1.1\r\nHost: " + publicHost + "\r\nX-Request-Id: " + name + "\r\nContent-Length: 0\r\n\r\n",
		"POST /accounts/logout/ HTTP/1.1\r\nHost: " + publicHost + "\r\nX-Request-Id: " + name + "\r\nX: ",
		"GET http://evil.test/accounts/logout/ HTTP/1.1\r\nX-Request-Id: " + name + "\r\nX: ",
	}
}

// Requests about whose end all should agree, with something in them that looks like another.
var inside = []framing{
	{"in a body", ""}, {"in the body of a GET", ""}, {"in a chunk", ""}, {"after an expectation", ""}, {"in HTTP/1.0", ""},
	{"in chunks with extensions", ""}, {"in a trailer", ""}, {"in a body for another host", ""}, {"in an upgrade", ""}, {"in HTTP/0.9", ""},
}

func (f framing) with(text string) string {
	length, chunk := fmt.Sprintf("Content-Length: %d\r\n", len(text)), fmt.Sprintf("%x\r\n%s\r\n", len(text), text)
	toMe := "GET /accounts/me/ HTTP/1.1\r\n" + wireHost + "\r\n"
	switch f.name {
	case "in a body":
		return toLogout + length + "\r\n" + text
	case "in the body of a GET":
		return toMe + length + "\r\n" + text
	case "in a chunk":
		return toLogout + "Transfer-Encoding: chunked\r\n\r\n" + chunk + noChunks
	case "after an expectation":
		return toLogout + "Expect: 100-continue\r\n" + length + "\r\n" + text
	case "in HTTP/1.0":
		return "POST /accounts/logout/ HTTP/1.0\r\n" + wireHost + "\r\nConnection: keep-alive\r\n" + length + "\r\n" + text
	case "in chunks with extensions":
		return toLogout + "Transfer-Encoding: chunked\r\n\r\n1;a=b;c=\"d\"\r\nx\r\n" + chunk + "0;e\r\n\r\n"
	case "in a trailer":
		return toLogout + "Trailer: X\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: " + strings.ReplaceAll(text, "\r\n", " ") + "\r\nContent-Length: 9\r\n\r\n"
	case "in a body for another host":
		return "POST http://evil.test/accounts/logout/ HTTP/1.1\r\n" + wireHost + "\r\n" + length + "\r\n" + text
	case "in an upgrade":
		return toMe + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n"
	case "in HTTP/0.9":
		return "GET /accounts/me/\r\n" + text
	}
	return fmt.Sprintf(strings.ReplaceAll(f.raw, "/healthz", mePath), text)
}

// Whatever is tried, Gatehouse answers nothing that the proxy has not seen as a request, and
// the next one on the same connection gets its own answer.
func TestSmugglingThroughProxies(t *testing.T) {
	throughEach(t, func(t *testing.T, f *front) {
		victim := f.shop.asBrowser(t)
		seen := map[int]int{}
		for n, framing := range append(slices.Clone(framings), inside...) {
			for i, text := range hidden(fmt.Sprintf("smuggled-%d", n)) {
				for _, status := range f.probe(t, public(framing.with(text))) {
					seen[status]++
					if status >= 500 && status != 501 && status != 502 { // 502: a body that breaks off
						t.Errorf("%s, %d: answered %d", framing.name, i, status)
					}
				}
				for range 2 {
					f.mustAnswerVictim(t, framing.name, victim)
				}
				if strings.Contains(f.shop.stderr.String(), "smuggled-") {
					t.Fatalf("%s, %d: Gatehouse has answered what was hidden", framing.name, i)
				}
			}
		}
		t.Logf("the proxy has answered %v", seen)
		f.shop.exchange(t, hidden("smuggled-directly")[0], "POST")
		f.shop.mustLog(t, "smuggled-directly") // or this test could not see it
	})
}

// probe sends bytes as they are, and returns what is answered at once.
func (f *front) probe(t *testing.T, raw string) []int {
	t.Helper()
	conn := f.dial(t, somewhere)
	defer func() { _ = conn.Close() }()
	_, _ = io.WriteString(conn, raw) // it may be refused before its end
	_ = conn.SetReadDeadline(time.Now().Add(120 * time.Millisecond))
	answers, _ := readAnswers(conn, "POST")
	return statuses(answers)
}

func (f *front) mustAnswerVictim(t *testing.T, after string, victim pair) {
	t.Helper()
	me := f.ask(t, "127.0.0.3", wireGet(mePath, "Cookie: access_token="+victim.access))
	if me.status != 200 || !bytes.Contains(me.body, []byte(hana)) {
		t.Fatalf("after %q the victim is answered %v", after, me)
	}
}
