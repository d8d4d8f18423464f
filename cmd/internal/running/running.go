// Package running builds the program, brings people in, starts it, and waits for what it says.
// The development tools and the acceptance tests share it.
package running

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Patience is how long anything may take that should happen at once. A wait that lasts longer has failed.
const Patience = 60 * time.Second

var (
	// ErrEnded means that the process has ended before it said what was awaited.
	ErrEnded = errors.New("the process has ended")
	// ErrTooLong means that the [Patience] is over.
	ErrTooLong = errors.New("the process takes too long")
)

// Build makes the program in the folder dir and returns its path.
func Build(ctx context.Context, dir string) (binary string, err error) {
	binary = filepath.Join(dir, "gatehouse")
	command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", binary, "gatehouse/cmd/gatehouse")
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	return binary, Run(command)
}

// Run runs a command to its end. The error has what the command has printed.
func Run(command *exec.Cmd) error {
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", command, err, tail(string(out)))
	}
	return nil
}

// A Process is a command that has been started.
type Process struct {
	// Stdout and Stderr are what the command has printed. One is nil if the command had a writer of its own for it.
	Stdout, Stderr *Output
	// Exited is closed when the process is gone and both outputs are complete.
	Exited <-chan struct{}
	// Err is the error of the exit. It is set when Exited is closed.
	Err error

	command *exec.Cmd
}

// Start starts a command and does not wait for it.
func Start(command *exec.Cmd) (*Process, error) {
	exited := make(chan struct{})
	p := &Process{Exited: exited, command: command}
	if command.Stdout == nil {
		p.Stdout = NewOutput()
		command.Stdout = p.Stdout
	}
	if command.Stderr == nil {
		p.Stderr = NewOutput()
		command.Stderr = p.Stderr
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	go func() {
		p.Err = command.Wait()
		close(exited)
	}()
	return p, nil
}

// Pid is the number that the system knows the process by.
func (p *Process) Pid() int { return p.command.Process.Pid }

// Alive reports whether the process has not ended.
func (p *Process) Alive() bool {
	select {
	case <-p.Exited:
		return false
	default:
		return true
	}
}

// Await waits until found likes what the process has written to out so far. It returns [ErrEnded] or
// [ErrTooLong] if that does not come about.
func (p *Process) Await(out *Output, found func(text string) bool) error {
	over := time.After(Patience)
	for {
		text, grown := out.read()
		if found(text) {
			return nil
		}
		select {
		case <-grown:
		case <-p.Exited:
			if found(out.String()) {
				return nil
			}
			return ErrEnded
		case <-over:
			return ErrTooLong
		}
	}
}

// Signal sends a signal. A process that has ended needs none.
func (p *Process) Signal(signal os.Signal) error {
	if err := p.command.Process.Signal(signal); !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}

// End sends a signal and waits for the exit, whose error it returns. It kills a process that does not end,
// and returns [ErrTooLong].
func (p *Process) End(signal os.Signal) error {
	if err := p.Signal(signal); err != nil {
		return err
	}
	select {
	case <-p.Exited:
		return p.Err
	case <-time.After(Patience):
		return errors.Join(ErrTooLong, p.command.Process.Kill())
	}
}

// Wait waits for the exit, for as long as it takes, and returns its error.
func (p *Process) Wait() error {
	<-p.Exited
	return p.Err
}

// Kill ends the process as kill -9 does, and waits until it is gone.
func (p *Process) Kill() { _ = p.End(os.Kill) }

// A Server is a process that takes requests.
type Server struct {
	*Process
	Address string // host and port
	URL     string // http://, and the address
}

// Serve starts a server and waits until its log says where it listens. A server that does not get so far is
// killed, and comes back with an error: what it has said last, with [ErrEnded] or [ErrTooLong]. The server
// is nil if nothing was started.
func Serve(command *exec.Cmd) (*Server, error) {
	process, err := Start(command)
	if err != nil {
		return nil, err
	}
	s := &Server{Process: process}
	err = s.Await(s.Stderr, func(log string) bool {
		s.Address = ListeningAt(log)
		return s.Address != ""
	})
	if err != nil {
		s.Kill()
		return s, fmt.Errorf("%w: %s", err, s.Stderr.Tail())
	}
	s.URL = "http://" + s.Address
	return s, nil
}

// ListeningAt finds the address in the line "listening" of a log. It is empty as long as there is no such line.
func ListeningAt(log string) string { return addressIn(log, "listening") }

// GuardAt finds the address of the guard in a log, if the line is there already.
func GuardAt(log string) string { return addressIn(log, "the guard is listening") }

// addressIn finds the address in the line of a log that says so.
func addressIn(log, says string) string {
	for line := range strings.Lines(log) {
		var entry struct{ Msg, Address string }
		if strings.HasSuffix(line, "\n") && json.Unmarshal([]byte(line), &entry) == nil && entry.Msg == says {
			return entry.Address
		}
	}
	return ""
}

// An Output keeps what a process writes. It may be used concurrently.
type Output struct {
	mu       sync.Mutex
	text     bytes.Buffer
	grown    chan struct{} // closed when text grows
	careless bool
}

// NewOutput is empty.
func NewOutput() *Output { return &Output{grown: make(chan struct{})} }

// Write implements [io.Writer].
func (o *Output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.careless {
		return len(p), nil
	}
	close(o.grown)
	o.grown = make(chan struct{})
	return o.text.Write(p)
}

// Discard throws away what there is and what will come: a process that is measured says too much to keep.
func (o *Output) Discard() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.careless, o.text = true, bytes.Buffer{}
}

// String is all that the process has written so far.
func (o *Output) String() string {
	text, _ := o.read()
	return text
}

// Tail is the last of it, for messages.
func (o *Output) Tail() string { return tail(o.String()) }

// read returns what there is, and a channel that is closed as soon as there is more.
func (o *Output) read() (text string, grown <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String(), o.grown
}

func tail(text string) string {
	const most = 4 << 10
	return text[max(0, len(text)-most):]
}
