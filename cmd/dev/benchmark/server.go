package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"time"

	"gatehouse/cmd/internal/running"
)

// A server is one process.
type server struct {
	*running.Server
	name     string
	startUp  time.Duration // from exec to the first answer
	sessions []tokens      // the n-th is the n-th connection's
	guard    string        // address of its guard
}

// asGuard is the same process at its other listener.
func (s *server) asGuard() *server {
	at := *s.Server
	at.URL = "http://" + s.guard
	return &server{Server: &at, name: s.name, sessions: s.sessions}
}

// stop lets the process write down what it holds, for the data folder may be somebody's.
func (s *server) stop() { _ = s.End(syscall.SIGTERM) }

func startLimit(ctx context.Context) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s, err := running.Serve(exec.CommandContext(ctx, self, limitMode))
	return &server{Server: s, name: "limit"}, err
}

// An installation is the service with its data folder.
type installation struct {
	binary, dir string
	rotate      string // ROTATE_REFRESH_TOKENS
	throttle    string // GATEHOUSE_THROTTLE; "" for its default
}

// command is the service's program, called with args.
func (i installation) command(ctx context.Context, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, i.binary, args...)
	command.Env = append(os.Environ(),
		"GATEHOUSE_THROTTLE="+cmp.Or(i.throttle, "on"),
		"GATEHOUSE_DATA_DIR="+i.dir,
		"GATEHOUSE_LISTEN=127.0.0.1:0",
		"GATEHOUSE_GUARD_LISTEN=127.0.0.1:0",
		"SECRET_KEY="+sharedSecret,
		"ROTATE_REFRESH_TOKENS="+i.rotate,
		"ACCESS_TOKEN_LIFETIME=12h", // longer than any run
	)
	return command
}

// start brings in people, serves, and signs them in for so many sessions.
func (i installation) start(ctx context.Context, name string, sessions int) (*server, error) {
	if err := i.importPeople(ctx, lastNewcomer(sessions)); err != nil {
		return nil, err
	}
	s, err := i.serve(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if s.sessions, err = signInAll(s.URL, sessions); err != nil {
		s.stop()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return s, nil
}

// serve starts the service and asks it once. What it logs then is thrown away.
func (i installation) serve(ctx context.Context, name string) (*server, error) {
	begin := time.Now()
	started, err := running.Serve(i.command(ctx, "serve"))
	if err != nil {
		return nil, err
	}
	s := &server{Server: started, name: name}
	if err := s.Await(s.Stderr, func(log string) bool { s.guard = running.GuardAt(log); return s.guard != "" }); err != nil {
		s.stop()
		return nil, err
	}
	s.Stderr.Discard()
	if err := askOnce(s.URL + "/healthz"); err != nil {
		s.stop()
		return nil, err
	}
	s.startUp = time.Since(begin)
	return s, nil
}

// askOnce asks for a page, which must be there.
func askOnce(url string) error {
	response, err := (&http.Client{Timeout: running.Patience}).Get(url)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: status %d", url, response.StatusCode)
	}
	return nil
}
