package acceptance

import (
	"fmt"
	"os"
	"os/exec"
	"testing"

	"gatehouse/cmd/internal/running"
)

// A server is a running "gatehouse serve" that takes requests.
type server struct {
	*running.Process
	address string // host and port
	url     string
}

// startServer starts the service and waits until it listens, as [running.Serve] does.
func startServer(dir string, env []string, flags ...string) (*server, error) {
	return served(command(dir, env, append([]string{"serve"}, flags...)...))
}

// served starts a server by any command.
func served(cmd *exec.Cmd) (*server, error) {
	started, err := running.Serve(cmd)
	if started == nil {
		return nil, err
	}
	return &server{started.Process, started.Address, started.URL}, err
}

// serving starts a server for one test and stops it in the end.
func serving(t *testing.T, dir string, env []string) *server {
	t.Helper()
	s, err := startServer(dir, env)
	if err != nil {
		t.Fatalf("the server does not start: %v", err)
	}
	t.Cleanup(func() {
		if err := s.End(os.Interrupt); err != nil {
			t.Errorf("the server does not stop: %v\n%s", err, s.Stderr)
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
