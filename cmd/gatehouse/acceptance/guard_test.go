package acceptance

import (
	"context"
	"encoding/json"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// guardAt finds where the guard listens in a log, once it says so.
func guardAt(t *testing.T, s *server) string {
	t.Helper()
	address := ""
	err := s.Await(s.Stderr, func(log string) bool {
		for line := range strings.Lines(log) {
			var entry struct{ Msg, Address string }
			if json.Unmarshal([]byte(line), &entry) == nil && entry.Msg == "the guard is listening" {
				address = entry.Address
			}
		}
		return address != ""
	})
	if err != nil {
		t.Fatalf("the guard does not listen: %v\n%s", err, s.Stderr)
	}
	return address
}

// mustPass asks the guard about a path, over TCP or a Unix socket.
func mustPass(t *testing.T, address, path string, want int) {
	t.Helper()
	network := "tcp"
	if strings.HasPrefix(address, "/") {
		network = "unix"
	}
	client := http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, address)
		},
	}}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://guard/check", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Original-Method", "GET")
	request.Header.Set("X-Original-URL", "https://shop.example"+path)
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != want {
		t.Errorf("%s at %s: got %d, want %d", path, address, response.StatusCode, want)
	}
}

// The guard has a listener of its own, at a free port if that is asked for, and answers also after SIGHUP.
func TestGuardAtAPort(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := serving(t, dir, environment("SECRET_KEY="+strings.Repeat("k", 32), "GATEHOUSE_GUARD_LISTEN=127.0.0.1:0", "GUARD_OPEN_PATHS=/health,/static/*"))
	guard := guardAt(t, s)
	mustPass(t, guard, "/health", 200)
	mustPass(t, guard, "/jobs", 401)
	if err := s.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	if err := s.Await(s.Stderr, func(log string) bool { return strings.Contains(log, "reloaded") }); err != nil {
		t.Fatal(err)
	}
	mustPass(t, guard, "/static/x", 200)
	response, err := http.Get(s.url + "/check")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != 404 {
		t.Errorf("/check of the other listener answers %d", response.StatusCode)
	}
}

// A socket is for the account and its group. It is removed at the end; one that was left is replaced, and one
// at which somebody listens is not.
func TestGuardAtASocket(t *testing.T) {
	t.Parallel()
	folder, err := os.MkdirTemp("", "guard") // a short path: sockets have no longer ones
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	path := filepath.Join(folder, "guard.sock")
	leaveSocket(t, path)
	env := environment("SECRET_KEY="+strings.Repeat("k", 32), "GATEHOUSE_GUARD_LISTEN=unix:"+path, "GUARD_OPEN_PATHS=/health")
	s, err := startServer(t.TempDir(), env)
	if err != nil {
		t.Fatalf("%v\n%s", err, s.Stderr)
	}
	mustPass(t, guardAt(t, s), "/health", 200)
	info, err := os.Stat(path)
	if err != nil || info.Mode() != fs.ModeSocket|0o660 {
		t.Errorf("the socket is %v, %v", info.Mode(), err)
	}
	_, stderr, status := runProgram(t, t.TempDir(), env, "", "serve")
	if status != exitRefused || !strings.Contains(stderr, "another process listens at "+path) {
		t.Errorf("the second one: status %d, %s", status, stderr)
	}
	mustPass(t, path, "/health", 200)
	if err := s.End(os.Interrupt); err != nil {
		t.Errorf("the server does not stop: %v", err)
	}
	if _, err := os.Lstat(path); err == nil {
		t.Error("the socket is left")
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, stderr, status = runProgram(t, t.TempDir(), env, "", "serve")
	if status != exitRefused || !strings.Contains(stderr, "is no socket") {
		t.Errorf("at a file: status %d, %s", status, stderr)
	}
}

// leaveSocket leaves a socket at which nobody listens, as a killed process does.
func leaveSocket(t *testing.T, path string) {
	t.Helper()
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	listener.SetUnlinkOnClose(false)
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
}
