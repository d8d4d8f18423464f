package fiberhttp_test

import (
	"bufio"
	"io"
	"net"
	"os"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/valyala/fasthttp/fasthttputil"
)

// atMost lets so many connections be open at once.
func atMost(connections int) option {
	return func(s *shop) { s.config.MaxConnections = connections }
}

// onTCP opens a shop that also answers at a real address, which it returns. Its clock is
// ahead of the real one by what ahead holds.
func onTCP(t *testing.T, ahead *atomic.Int64, options ...option) (s *shop, address string) {
	s = open(t, append(options, func(s *shop) {
		s.serverNow = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	})...)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.serve(listener)
	return s, listener.Addr().String()
}

func dialTCP(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, err := net.DialTimeout("tcp", address, 20*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	return conn
}

const tooMany = `{"detail":"Too many connections are open. Try again in a moment.","code":"unavailable"}`

// Whoever comes when as many connections are open as there may be is told so, whether it
// sends something or not, and those that are open go on. The log has a line a minute.
func TestConnectionsBeyondTheLimit(t *testing.T) {
	const most, beyond = 4, 20
	var ahead atomic.Int64
	s, address := onTCP(t, &ahead, atMost(most))
	var within []net.Conn
	for range most {
		conn := dialTCP(t, address)
		within = append(within, conn)
		mustAnswer(t, conn, 200)
	}
	for range beyond {
		mustBeTurnedAway(t, s, dialTCP(t, address), verifyAny.bytes())
	}
	ahead.Store(int64(2 * time.Minute))
	mustBeTurnedAway(t, s, dialTCP(t, address), "")
	for _, conn := range within {
		mustAnswer(t, conn, 200)
	}
	lines := s.logged.FilterMessage("too many connections").All()
	if len(lines) != 2 || lines[0].ContextMap()["times"] != int64(1) || lines[1].ContextMap()["times"] != int64(beyond) {
		t.Errorf("logged %v", lines)
	}
}

// A place is free again as soon as its connection is over, however that came about.
func TestPlacesOfConnectionsAreFreedAgain(t *testing.T) {
	_, address := onTCP(t, new(atomic.Int64), atMost(1))
	for range 20 {
		for deadline := time.Now().Add(20 * time.Second); !servedOnce(t, address); {
			if time.Now().After(deadline) {
				t.Fatal("the place is not free again")
			}
		}
	}
}

// servedOnce reports whether there was room for a connection, which it closes. If the one before
// is not over yet, there is none, and when many have been told so the others are not.
func servedOnce(t *testing.T, address string) bool {
	t.Helper()
	conn := dialTCP(t, address)
	defer func() { _ = conn.Close() }()
	if _, err := io.WriteString(conn, "GET /healthz HTTP/1.1\r\n"+host+"\r\nConnection: close\r\n\r\n"); err != nil {
		return false
	}
	a, err := receive(bufio.NewReader(conn), "GET")
	if err == nil && a.status != 200 && a.status != 503 {
		t.Fatalf("answered %v", a)
	}
	return err == nil && a.status == 200
}

func mustAnswer(t *testing.T, conn net.Conn, status int) {
	t.Helper()
	if _, err := io.WriteString(conn, "GET /healthz HTTP/1.1\r\n"+host+"\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	a, err := receive(bufio.NewReader(conn), "GET")
	if err != nil || a.status != status {
		t.Fatalf("answered %v, %v, want %d", a, err, status)
	}
}

func mustBeTurnedAway(t *testing.T, s *shop, conn net.Conn, sent string) {
	t.Helper()
	answers := s.converse(conn, sent, "POST")
	if len(answers) != 1 {
		t.Fatalf("got %d answers, want one", len(answers))
	}
	check(t, answers[0], 503, tooMany)
	if a := answers[0]; !a.closes || a.header.Get("Retry-After") == "" || a.header.Get("Cache-Control") != "no-store" || a.header.Get("X-Request-Id") == "" {
		t.Errorf("the headers are %v", a.header)
	}
}

// A poor listener has no room for a connection the first few times.
type poor struct {
	net.Listener
	lacks []error
}

func (l *poor) Accept() (net.Conn, error) {
	if len(l.lacks) > 0 {
		lack := l.lacks[0]
		l.lacks = l.lacks[1:]
		return nil, &net.OpError{Op: "accept", Net: "tcp", Err: os.NewSyscallError("accept4", lack)}
	}
	return l.Listener.Accept()
}

// A system without file descriptors or memory for another connection does not end the
// service.
func TestAcceptingGoesOnWhenTheSystemIsShort(t *testing.T) {
	s := open(t)
	s.listener = fasthttputil.NewInmemoryListener()
	s.serve(&poor{s.listener, []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM}})
	if a := s.send(get("/healthz")); a.status != 200 {
		t.Errorf("answered %d", a.status)
	}
	if lines := s.logged.FilterMessage("connections cannot be accepted").Len(); lines != 1 {
		t.Errorf("logged %d lines, want one", lines)
	}
}
