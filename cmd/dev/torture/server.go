package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"
	"time"
)

// patience is how long anything may take that should happen at once.
const patience = 60 * time.Second

// A server is one process that serves a house.
type server struct {
	url     string
	process *os.Process
	stdin   io.WriteCloser
	stdout  *lines
	log     *lines
	exited  chan struct{} // closed when it has exited
}

// launch starts a server and does not wait for it.
func (h *house) launch(ctx context.Context) (*server, error) {
	command, err := h.serving(ctx)
	if err != nil {
		return nil, err
	}
	s := &server{stdout: newLines(), log: newLines(), exited: make(chan struct{})}
	command.Stdout, command.Stderr = s.stdout, s.log
	if s.stdin, err = command.StdinPipe(); err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	s.process = command.Process
	go func() {
		_ = command.Wait()
		close(s.exited)
	}()
	return s, nil
}

// start starts a server and waits until it listens. The error of one that ends instead is
// a [*refusedStart].
func (h *house) start(ctx context.Context) (*server, error) {
	s, err := h.launch(ctx)
	if err != nil {
		return nil, err
	}
	line, err := s.await(ctx, s.log, func(line []byte) bool { return bytes.Contains(line, []byte(`"msg":"listening"`)) })
	if err != nil {
		s.kill()
		return nil, err
	}
	var listening struct{ Address string }
	if err := json.Unmarshal(line, &listening); err != nil {
		s.kill()
		return nil, fmt.Errorf("%q: %w", line, err)
	}
	s.url = "http://" + listening.Address
	return s, nil
}

// A refusedStart says what a server has said that did not start, or has not gone on.
type refusedStart struct{ said string }

func (r *refusedStart) Error() string { return "the server has ended: " + r.said }

// await waits for a line that wanted likes.
func (s *server) await(ctx context.Context, in *lines, wanted func([]byte) bool) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		line, grown := in.find(wanted)
		if line != nil {
			return line, nil
		}
		select {
		case <-grown:
		case <-s.exited:
			if line, _ := in.find(wanted); line != nil {
				return line, nil
			}
			return nil, &refusedStart{s.log.tail()}
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), errors.New("the server has not said what it should"))
		}
	}
}

// kill ends the process as kill -9 does, and waits until it is gone.
func (s *server) kill() {
	_ = s.process.Kill()
	<-s.exited
}

// stop lets the process finish, and waits.
func (s *server) stop() {
	_ = s.process.Signal(syscall.SIGTERM)
	<-s.exited
}

func (s *server) alive() bool {
	select {
	case <-s.exited:
		return false
	default:
		return true
	}
}

// tell writes a line to the process and waits for the same line as the answer.
func (s *server) tell(ctx context.Context, line string) error {
	if _, err := fmt.Fprintln(s.stdin, line); err != nil {
		return err
	}
	_, err := s.await(ctx, s.stdout, func(said []byte) bool { return string(said) == line })
	return err
}

// keptLines is how much of an output is kept.
const keptLines = 64

// lines are the last lines of an output. They may be used concurrently.
type lines struct {
	mu    sync.Mutex
	kept  [][]byte
	rest  []byte
	grown chan struct{} // closed when there is more
}

func newLines() *lines { return &lines{grown: make(chan struct{})} }

var _ io.Writer = (*lines)(nil)

// Write implements [io.Writer].
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rest = append(l.rest, p...)
	for {
		line, rest, found := bytes.Cut(l.rest, []byte("\n"))
		if !found {
			break
		}
		l.kept, l.rest = append(l.kept, bytes.Clone(line)), rest
	}
	if surplus := len(l.kept) - keptLines; surplus > 0 {
		l.kept = append([][]byte{}, l.kept[surplus:]...)
	}
	l.rest = bytes.Clone(l.rest)
	close(l.grown)
	l.grown = make(chan struct{})
	return len(p), nil
}

// find returns the newest line that wanted likes, and forgets it; or nil and what to wait
// for.
func (l *lines) find(wanted func([]byte) bool) (line []byte, grown <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := len(l.kept) - 1; i >= 0; i-- {
		if line := l.kept[i]; wanted(line) {
			l.kept = append(l.kept[:i:i], l.kept[i+1:]...)
			return line, nil
		}
	}
	return nil, l.grown
}

func (l *lines) tail() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(bytes.Join(append(l.kept[:len(l.kept):len(l.kept)], l.rest), []byte("\n")))
}
