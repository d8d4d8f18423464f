package acceptance

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

// A server is a running "gatehouse serve" that takes requests.
type server struct {
	*running
	address string // host and port
	url     string
}

// startServer starts the service and waits for the line of its log that says where it
// listens. If there is none, the result is what has run until then, and an error.
func startServer(dir string, env []string, flags ...string) (*server, error) {
	process, err := launch(dir, env, append([]string{"serve"}, flags...)...)
	if err != nil {
		return nil, err
	}
	s := &server{running: process}
	err = process.await(process.stderr, func(log string) bool {
		s.address = listeningAt(log)
		return s.address != ""
	})
	if err == errTooLong {
		_ = process.end(os.Kill)
	}
	s.url = "http://" + s.address
	return s, err
}

// listeningAt finds the address in the log line "listening", if there is one already.
func listeningAt(log string) string {
	for line := range strings.Lines(log) {
		var entry struct{ Msg, Address string }
		if strings.HasSuffix(line, "\n") && json.Unmarshal([]byte(line), &entry) == nil && entry.Msg == "listening" {
			return entry.Address
		}
	}
	return ""
}

// serving starts a server for one test and stops it in the end.
func serving(t *testing.T, dir string, env []string) *server {
	t.Helper()
	s, err := startServer(dir, env)
	if err != nil {
		t.Fatalf("the server does not start: %v\n%s", err, s.stderr)
	}
	t.Cleanup(func() {
		if err := s.end(os.Interrupt); err != nil {
			t.Errorf("the server does not stop: %v\n%s", err, s.stderr)
		}
	})
	return s
}

// importStaff fills the database of the folder with the people of testdata/staff.json.
func importStaff(t *testing.T, dir string, env []string) {
	t.Helper()
	content, err := os.ReadFile("testdata/staff.json")
	if err != nil {
		t.Fatal(err)
	}
	if _, stderr, status := runProgram(t, dir, env, string(content), "staff", "import", "-"); status != 0 {
		t.Fatal(fmt.Errorf("importing staff: exit status %d: %s", status, stderr))
	}
}
