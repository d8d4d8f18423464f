package acceptance

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// Operators rely on these: the exit status of a refusal, the exit status of a wrong call, and how
// long running requests may take when the service stops.
const (
	exitRefused   = 1
	exitMisused   = 2
	promisedDrain = 10 * time.Second
)

// command is a call of the program with the arguments in the folder dir.
func command(dir string, env []string, args ...string) *exec.Cmd {
	return called(dir, env, "gatehouse", args...)
}

// called is a call of any program.
func called(dir string, env []string, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, env
	return cmd
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
	cmd := command(dir, env, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errs
	err := cmd.Run()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}
