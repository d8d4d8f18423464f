package acceptance

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how long the tests wait for what should happen at once. Nothing waits
// without something to wait for.
const patience = 30 * time.Second

// What operators rely on: the exit statuses of what was refused and of a wrong call, and
// how long requests get to finish at the end.
const (
	exitRefused   = 1
	exitMisused   = 2
	promisedDrain = 10 * time.Second
)

// An output collects what a process writes, and tells who waits that there is more.
type output struct {
	mu    sync.Mutex
	text  bytes.Buffer
	grown chan struct{} // closed when text grows
}

func newOutput() *output { return &output{grown: make(chan struct{})} }

// Write implements [io.Writer].
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	close(o.grown)
	o.grown = make(chan struct{})
	return o.text.Write(p)
}

func (o *output) String() string {
	text, _ := o.read()
	return text
}

// read returns what there is, and a channel that is closed as soon as there is more.
func (o *output) read() (text string, grown <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String(), o.grown
}

// A running is a process of the program that has been started.
type running struct {
	process        *os.Process
	stdout, stderr *output
	exited         chan struct{} // closed when it has exited and both outputs are complete
	err            error         // of the exit; to be read when exited is closed
}

// launch starts the program with the arguments in the folder dir.
func launch(dir string, env []string, args ...string) (*running, error) {
	stdout, stderr := newOutput(), newOutput()
	r, err := launchInto(stdout, stderr, dir, env, args...)
	if err != nil {
		return nil, err
	}
	r.stdout, r.stderr = stdout, stderr
	return r, nil
}

// launchInto starts the program with outputs of one's own.
func launchInto(stdout, stderr io.Writer, dir string, env []string, args ...string) (*running, error) {
	return launchCommand(stdout, stderr, dir, env, "gatehouse", args...)
}

// launchCommand starts any program with outputs of one's own.
func launchCommand(stdout, stderr io.Writer, dir string, env []string, name string, args ...string) (*running, error) {
	r := &running{exited: make(chan struct{})}
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, env, stdout, stderr
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	r.process = cmd.Process
	go func() {
		r.err = cmd.Wait()
		close(r.exited)
	}()
	return r, nil
}

var (
	errExited  = errors.New("the process has exited")
	errTooLong = errors.New("the process takes too long")
)

// await waits until found likes what the process has written to out so far.
func (r *running) await(out *output, found func(text string) bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		text, grown := out.read()
		if found(text) {
			return nil
		}
		select {
		case <-grown:
		case <-r.exited:
			if found(out.String()) {
				return nil
			}
			return errExited
		case <-ctx.Done():
			return errTooLong
		}
	}
}

// end sends a signal and waits for the exit, whose error it returns.
func (r *running) end(signal os.Signal) error {
	if err := r.process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-r.exited:
		return r.err
	case <-time.After(promisedDrain + patience):
		return errors.Join(errTooLong, r.process.Kill())
	}
}

// environment is what a process of the program needs to run at all, and what is set.
func environment(set ...string) []string {
	env := []string{"GATEHOUSE_LISTEN=127.0.0.1:0", "PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.TempDir(), raceOptions()}
	if folder := os.Getenv("GOCOVERDIR"); folder != "" {
		env = append(env, "GOCOVERDIR="+folder)
	}
	return append(env, set...)
}

// raceOptions keep a process with the race detector from waiting a second before it exits.
func raceOptions() string { return "GORACE=atexit_sleep_ms=0 " + os.Getenv("GORACE") }

// runProgram runs the program to its end and returns what it wrote and its exit status.
func runProgram(t *testing.T, dir string, env []string, stdin string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, errs strings.Builder
	cmd := exec.CommandContext(t.Context(), "gatehouse", args...)
	cmd.Dir, cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = dir, env, strings.NewReader(stdin), &out, &errs
	err := cmd.Run()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}
