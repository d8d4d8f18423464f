package acceptance

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/cmd/internal/running"
)

// Thousands of connections that stay open: as many as there may be are served, the others
// are told so or closed, those who have one do not notice, and memory is bounded, also when
// each holds the largest request that is not complete.
func TestFloodOfConnections(t *testing.T) {
	s := newShop(t)
	p := s.asBrowser(t)
	const most, beyond = 2048, 1000
	friend := s.dial(t) // has been there before
	defer func() { _ = friend.Close() }()
	friends := bufio.NewReader(friend)
	mustServe(t, friend, friends, p.access)
	idle := make([]*net.TCPConn, 0, most)
	for len(idle) < most-1 {
		conn := s.dial(t)
		defer func() { _ = conn.Close() }()
		_, _ = io.WriteString(conn, wireGet("/healthz"))
		if got, err := http.ReadResponse(bufio.NewReader(conn), nil); err != nil || got.StatusCode != 200 {
			t.Fatalf("connection %d: %v, %v", len(idle), got, err)
		}
		idle = append(idle, conn)
	}
	turnedAway := 0
	for range beyond {
		switch got := s.try(""); {
		case slices.Equal(got, []int{503}):
			turnedAway++
		case len(got) > 0:
			t.Fatalf("one connection more is answered %v", got)
		}
	}
	if turnedAway == 0 {
		t.Errorf("nobody was told that there are too many connections")
	}
	mustServe(t, friend, friends, p.access)
	resting := s.memory(t)
	whole := toLogout + "Content-Type: text/plain\r\nContent-Length: 65536\r\nX: " + strings.Repeat("x", 15<<10) + "\r\n\r\n" + strings.Repeat("x", 65535)
	for _, conn := range idle {
		_, _ = io.WriteString(conn, whole)
	}
	mustServe(t, friend, friends, p.access)
	full := s.memory(t)
	t.Logf("%d connections: %d MiB idle, %d MiB with a request of 80 KiB each", most, resting>>20, full>>20)
	if resting > memoryFactor*200<<20 || full > memoryFactor*350<<20 {
		t.Errorf("the service needs %d MiB idle and %d MiB full", resting>>20, full>>20)
	}
	for _, conn := range idle {
		_ = conn.Close()
	}
	s.mustLetIn(t, wireGet("/healthz"))
	if lines := s.logged(t, "too many connections"); len(lines) < 1 || len(lines) > 2 {
		t.Errorf("the log has %d lines about it, want one a minute", len(lines))
	}
}

// A process that may open few files takes fewer connections, and can still read its files.
func TestFewOpenFiles(t *testing.T) {
	t.Parallel()
	dir, env := t.TempDir(), environment("ENABLE_JWT_AUTH=true")
	importStaff(t, dir, env)
	s := servingWithFewFiles(t, dir, env)
	var open []net.Conn
	for range 300 {
		if conn, err := net.Dial("tcp", s.address); err == nil { // or it is closed at once
			defer func() { _ = conn.Close() }()
			open = append(open, conn)
		}
	}
	for _, conn := range open[:20] {
		_ = conn.Close()
	}
	s.mustLetIn(t, goodSignIn())
	if lines := s.logged(t, "fewer connections than GATEHOUSE_MAX_CONNECTIONS: raise the limit on open files (LimitNOFILE)"); len(lines) != 1 || lines[0]["most"] != 40.0 {
		t.Errorf("logged %v", lines)
	}
}

// A byte a second, in headers or a body, is too slow, and so is who does not read: the
// connection is over after ten seconds, and the log says so.
func TestDrips(t *testing.T) {
	t.Parallel()
	s := serving(t, t.TempDir(), environment())
	for name, c := range map[string]struct {
		first, drip string
		status      []int
	}{
		"headers":          {toHealth, "X: y\r\n", []int{408}},
		"first line":       {"GET /", "a", []int{408}},
		"body":             {toLogout + "Content-Length: 1000\r\n\r\n", "x", []int{408}},
		"chunks":           {toLogout + "Transfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", []int{408}},
		"after a good one": {toHealth + "\r\n" + toHealth, "X: y\r\n", []int{200, 408}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := s.dial(t)
			defer func() { _ = conn.Close() }()
			began := time.Now()
			_, _ = io.WriteString(conn, c.first)
			over := dripping(conn, c.drip)
			answers, err := readAnswers(conn)
			took := time.Since(began)
			_ = conn.Close()
			<-over
			if err != nil || took < 9*time.Second || took > 15*time.Second || !slices.Equal(statuses(answers), c.status) {
				t.Errorf("after %v: %v, %v", took, answers, err)
			}
		})
	}
	t.Run("reading", func(t *testing.T) {
		t.Parallel()
		conn := s.dial(t)
		defer func() { _ = conn.Close() }()
		_ = conn.SetReadBuffer(4 << 10)
		began := time.Now()
		go func() { _, _ = io.WriteString(conn, strings.Repeat(wireGet("/openapi.json"), 5000)) }()
		<-dripping(conn, "G")
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("given up after %v", took)
		}
	})
}

// dripping sends the text once a second until that fails.
func dripping(conn net.Conn, text string) (over <-chan struct{}) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		every := time.NewTicker(time.Second)
		defer every.Stop()
		for range every.C {
			if _, err := io.WriteString(conn, text); err != nil {
				return
			}
		}
	}()
	return done
}

// A thousand requests at once on one connection are answered in order, one after the other.
func TestPipeliningOfAThousand(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	p := s.asBrowser(t)
	before := s.memory(t)
	raw, want := strings.Builder{}, []int{}
	for range 500 {
		raw.WriteString(wireGet(mePath, "Cookie: access_token="+p.access) + wireGet(mePath))
		want = append(want, 200, 401)
	}
	conn := s.dial(t)
	defer func() { _ = conn.Close() }()
	go func() { _, _ = io.WriteString(conn, raw.String()); _ = conn.CloseWrite() }()
	if got, err := readAnswers(conn); err != nil || !slices.Equal(statuses(got), want) {
		t.Errorf("%d answers, %v", len(got), err)
	}
	if grown := s.memory(t) - before; grown > memoryFactor*64<<20 {
		t.Errorf("it takes %d MiB", grown>>20)
	}
}

// try sends bytes on a connection that may be refused, and returns what is answered, if
// anything is.
func (s *server) try(raw string) []int {
	conn, err := net.Dial("tcp", s.address)
	if err != nil {
		return nil
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(running.Patience))
	_, _ = io.WriteString(conn, raw)
	_ = conn.(*net.TCPConn).CloseWrite()
	answers, _ := readAnswers(conn)
	return statuses(answers)
}

// mustLetIn sends a good request until there is room for it.
func (s *server) mustLetIn(t *testing.T, raw string) {
	t.Helper()
	for deadline := time.Now().Add(running.Patience); ; {
		got := s.try(raw)
		if slices.Equal(got, []int{200}) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("nobody gets in: %v\n%s", got, s.Stderr)
		}
	}
}

func mustServe(t *testing.T, conn net.Conn, from *bufio.Reader, access string) {
	t.Helper()
	_ = conn.SetDeadline(time.Now().Add(running.Patience))
	_, _ = io.WriteString(conn, wireGet(mePath, "Cookie: access_token="+access))
	got, err := http.ReadResponse(from, nil)
	if err != nil || got.StatusCode != 200 {
		t.Fatalf("who has a connection is answered %v, %v", got, err)
	}
	_, _ = io.Copy(io.Discard, got.Body)
}

// servingWithFewFiles starts a server that may open 200 files.
func servingWithFewFiles(t *testing.T, dir string, env []string) *server {
	t.Helper()
	s, err := served(called(dir, env, "sh", "-c", "ulimit -n 200; exec gatehouse serve"))
	if err != nil {
		t.Fatalf("the server does not start: %v", err)
	}
	t.Cleanup(func() { _ = s.End(os.Interrupt) })
	return s
}

// memory is what the process has in use, in bytes.
func (s *server) memory(t *testing.T) (bytes int) {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.Pid()))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	if _, err := fmt.Sscan(rest, &bytes); err != nil {
		t.Fatal(errors.Join(errors.New("no resident size"), err))
	}
	return bytes << 10
}

// logged are the lines of the log with the message.
func (s *server) logged(t *testing.T, message string) (lines []map[string]any) {
	t.Helper()
	for line := range strings.Lines(s.Stderr.String()) {
		var fields map[string]any
		if json.Unmarshal([]byte(line), &fields) == nil && fields["msg"] == message {
			lines = append(lines, fields)
		}
	}
	return lines
}
