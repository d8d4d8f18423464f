package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"syscall"

	"gatehouse/cmd/internal/running"
)

// A server is one process that serves a house.
type server struct {
	*running.Server
	stdin io.WriteCloser
}

// launch starts a server and does not wait for it.
func (h *house) launch(ctx context.Context) (*running.Process, error) {
	command, err := h.serving(ctx)
	if err != nil {
		return nil, err
	}
	return running.Start(command)
}

// start starts a server and waits until it listens, see [running.Serve].
func (h *house) start(ctx context.Context) (*server, error) {
	command, err := h.serving(ctx)
	if err != nil {
		return nil, err
	}
	stdin, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	s, err := running.Serve(command)
	return &server{s, stdin}, err
}

// ended says what a server has said last that has not gone on.
func (s *server) ended() error { return fmt.Errorf("%w: %s", running.ErrEnded, s.Stderr.Tail()) }

// stop lets the process finish, and waits.
func (s *server) stop() { _ = s.End(syscall.SIGTERM) }

// tell writes a line to the process and waits for the same line as the answer.
func (s *server) tell(line string) error {
	before := len(s.Stdout.String())
	if _, err := fmt.Fprintln(s.stdin, line); err != nil {
		return err
	}
	return s.Await(s.Stdout, func(text string) bool { return strings.Contains(text[before:], line+"\n") })
}
