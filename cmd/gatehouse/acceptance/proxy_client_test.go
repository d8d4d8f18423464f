//go:build system

package acceptance

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"gatehouse/cmd/internal/running"
)

const somewhere = "127.0.0.2" // from where people come, unless a test says otherwise

// dial opens a TLS connection from an address of this machine, for one of the protocols.
func (f *front) dial(t testing.TB, from string, protocols ...string) *tls.Conn {
	t.Helper()
	config := f.trust.Clone()
	config.NextProtos = protocols
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: running.Patience}
	conn, err := tls.DialWithDialer(&dialer, "tcp", f.address, config)
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.SetDeadline(time.Now().Add(running.Patience))
	return conn
}

// ask sends one request from an address, and expects one answer.
func (f *front) ask(t testing.TB, from, raw string) answer {
	t.Helper()
	conn := f.dial(t, from)
	defer func() { _ = conn.Close() }()
	raw = public(strings.Replace(raw, "\r\n", "\r\nConnection: close\r\n", 1))
	_, _ = io.WriteString(conn, raw) // it may be refused before its end
	method, _, _ := strings.Cut(raw, " ")
	answers, err := readAnswers(conn, method)
	if len(answers) != 1 {
		t.Fatalf("%s: %d answers to %.200q, want one: %v", f.name, len(answers), raw, err)
	}
	return answers[0]
}

// public has the request ask for the shop's name.
func public(raw string) string {
	return strings.ReplaceAll(raw, wireHost, "Host: "+publicHost)
}

// An auditEvent is what the tests look at of one.
type auditEvent struct {
	Address   string `json:"address"`
	RequestID string `json:"request_id"`
	UserAgent string `json:"user_agent"`
}

// lastEvent is the newest of the audit trail.
func (s *shopServer) lastEvent(t *testing.T) (event auditEvent) {
	t.Helper()
	out := s.operator(t, "audit", "list", "--json", "--limit", "1")
	if err := json.NewDecoder(strings.NewReader(strings.TrimLeft(out, "[ \n"))).Decode(&event); err != nil {
		t.Fatal(fmt.Errorf("reading %s: %w", out, err))
	}
	return event
}

// mustLog waits for a text in the log: a line may come after the answer.
func (s *shopServer) mustLog(t *testing.T, text string) {
	t.Helper()
	if err := s.Await(s.Stderr, func(log string) bool { return strings.Contains(log, text) }); err != nil {
		t.Errorf("the log does not have %s: %v", text, err)
	}
}

// again starts the service once more, in the same folder and at the same address.
func (s *shopServer) again(t *testing.T) {
	t.Helper()
	started, err := startServer(s.dir, s.env)
	if err != nil {
		t.Fatalf("the server does not start again: %v", err)
	}
	s.server = started
}
