//go:build system

package acceptance

import (
	"bytes"
	"fmt"
	"io"
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

// A trial is a request with something hidden in it or behind it.
type trial struct {
	name string
	with func(text string) string
}

// trials are the framings that mean two things, and requests about whose end all should
// agree, with something in them that looks like another.
func trials() (all []trial) {
	for _, f := range framings {
		raw := strings.ReplaceAll(f.raw, "/healthz", mePath) // the others are not for Gatehouse
		all = append(all, trial{f.name, func(text string) string { return fmt.Sprintf(raw, text) }})
	}
	const toMe = "GET " + mePath + " HTTP/1.1\r\n" + wireHost + "\r\n"
	const toLogout10 = "POST /accounts/logout/ HTTP/1.0\r\n" + wireHost + "\r\nConnection: keep-alive\r\n"
	const toEvil = "POST http://evil.test/accounts/logout/ HTTP/1.1\r\n" + wireHost + "\r\n"
	const toUpgrade = toMe + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n"
	const inChunks = toLogout + "Transfer-Encoding: chunked\r\n\r\n"
	return append(all,
		trial{"in a body", func(text string) string { return toLogout + measured(text) }},
		trial{"in the body of a GET", func(text string) string { return toMe + measured(text) }},
		trial{"in the body of an upgrade", func(text string) string { return toUpgrade + measured(text) }},
		trial{"in a body for another host", func(text string) string { return toEvil + measured(text) }},
		trial{"in HTTP/1.0", func(text string) string { return toLogout10 + measured(text) }},
		trial{"after an expectation", func(text string) string { return toLogout + "Expect: 100-continue\r\n" + measured(text) }},
		trial{"in a chunk", func(text string) string { return inChunks + chunk(text) + noChunks }},
		trial{"in chunks with extensions", func(text string) string {
			return inChunks + "1;a=b;c=\"d\"\r\nx\r\n" + chunk(text) + "0;e\r\n\r\n"
		}},
		trial{"in a trailer", func(text string) string {
			return inChunks + "0\r\nX: " + strings.ReplaceAll(text, "\r\n", " ") + "\r\nContent-Length: 9\r\n\r\n"
		}},
		trial{"behind HTTP/0.9", func(text string) string { return "GET " + mePath + "\r\n" + text }},
	)
}

func measured(text string) string {
	return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(text), text)
}
func chunk(text string) string { return fmt.Sprintf("%x\r\n%s\r\n", len(text), text) }

// Whatever is tried, Gatehouse answers nothing that the proxy has not seen as a request, and
// the next one on the same connection gets its own answer.
func TestSmugglingThroughProxies(t *testing.T) {
	throughEach(t, func(t *testing.T, f *front) {
		victim := f.shop.asBrowser(t)
		seen := map[int]int{}
		for n, trial := range trials() {
			for i, text := range hidden(fmt.Sprintf("smuggled-%d", n)) {
				for _, status := range f.probe(t, public(trial.with(text))) {
					seen[status]++
					if status >= 500 && status != 501 && status != 502 { // 502: a body that breaks off
						t.Errorf("%s, %d: answered %d", trial.name, i, status)
					}
				}
				for range 2 {
					f.mustAnswerVictim(t, trial.name, victim)
				}
				if strings.Contains(f.shop.Stderr.String(), "smuggled-") {
					t.Fatalf("%s, %d: Gatehouse has answered what was hidden", trial.name, i)
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
