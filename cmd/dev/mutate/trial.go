package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// An outcome is what the tests say of a fault.
type outcome int

const (
	doesNotCompile outcome = iota
	noticed
	notNoticed
)

// A trial runs the tests of a package on faults in it.
type trial struct {
	o        options
	packages []string
	folder   string // for the changed file and the overlay
}

// newTrial sees to it that the tests pass without a fault.
func newTrial(ctx context.Context, o options, dir string) (*trial, error) {
	packages, err := testers(ctx, dir)
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "mutate-")
	if err != nil {
		return nil, err
	}
	t := &trial{o, packages, folder}
	if o.with != "" {
		t.packages = append(t.packages, strings.Split(o.with, ",")...)
	}
	switch found, err := t.ask(ctx, "{}"); {
	case err != nil:
		t.close()
		return nil, err
	case found != notNoticed:
		t.close()
		return nil, fmt.Errorf("the tests of %s fail without a fault, or take longer than %v: mend them first, or set -timeout", strings.Join(t.packages, ", "), o.timeout)
	}
	return t, nil
}

// listTested lists each package of the module that has tests: its folder, its path, what it imports.
const listTested = `{{if or .TestGoFiles .XTestGoFiles}}{{.Dir}} {{.ImportPath}}` +
	`{{range .Imports}} {{.}}{{end}}{{range .TestImports}} {{.}}{{end}}{{range .XTestImports}} {{.}}{{end}}{{end}}`

// testers are the folders of the packages whose tests would notice a fault in a package: its own, and
// the one above if that imports it. If it has no tests, the same goes for each package that imports it.
func testers(ctx context.Context, dir string) (folders []string, err error) {
	name, err := list(ctx, dir)
	if err != nil {
		return nil, err
	}
	packages, err := list(ctx, "-f", listTested, "./...")
	if err != nil {
		return nil, err
	}
	own, users := choose(strings.TrimSpace(name), packages)
	if own {
		users = map[string]string{strings.TrimSpace(name): dir}
	}
	if len(users) == 0 {
		return nil, fmt.Errorf("%s has no tests, and no package with tests imports it", dir)
	}
	for user, folder := range users {
		folders = append(folders, folder)
		if _, over := choose(user, packages); over[path.Dir(user)] != "" {
			folders = append(folders, over[path.Dir(user)])
		}
	}
	slices.Sort(folders)
	return slices.Compact(folders), nil
}

func list(ctx context.Context, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, "go", append([]string{"list"}, args...)...).Output()
	if err != nil {
		return "", fmt.Errorf("go list %s: %w", strings.Join(args, " "), err)
	}
	return string(out), nil
}

// choose returns whether a package has tests itself, and the folders of those with tests that import it,
// by their paths.
func choose(name, packages string) (own bool, users map[string]string) {
	users = map[string]string{}
	for line := range strings.Lines(packages) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case words[1] == name:
			own = true
		case slices.Contains(words[2:], name):
			users[words[1]] = words[0]
		}
	}
	return own, users
}

func (t *trial) close() { _ = os.RemoveAll(t.folder) }

// try asks the tests about a fault.
func (t *trial) try(ctx context.Context, f fault) (outcome, error) {
	original, err := filepath.Abs(f.file)
	if err != nil {
		return 0, err
	}
	changed := filepath.Join(t.folder, "changed.go")
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{original: changed}})
	if err := errors.Join(err, os.WriteFile(changed, f.changed(), 0o600)); err != nil {
		return 0, err
	}
	return t.ask(ctx, string(overlay))
}

// ask runs the tests of all packages with an overlay: the quick ones first, so that the others
// need not be run for most faults.
func (t *trial) ask(ctx context.Context, overlay string) (outcome, error) {
	listed := filepath.Join(t.folder, "overlay.json")
	if err := os.WriteFile(listed, []byte(overlay), 0o600); err != nil {
		return 0, err
	}
	tests := filepath.Join(t.folder, "tests")
	for _, dir := range t.packages {
		if run(ctx, ".", "go", "test", "-c", "-overlay="+listed, "-o", tests, dir) != nil {
			return doesNotCompile, ctx.Err()
		}
		for _, which := range t.o.which() {
			limited, cancel := context.WithTimeout(ctx, t.o.timeout)
			err := run(limited, dir, tests, "-test.failfast", "-test.run="+which)
			cancel()
			if err != nil {
				return noticed, ctx.Err()
			}
		}
	}
	return notNoticed, nil
}

// which are the tests to run, one pattern after the other.
func (o options) which() []string {
	if o.first == "" {
		return []string{o.run}
	}
	return []string{o.first, o.run}
}

// run runs a command in a group of processes of its own: what a test has started ends with it
// when the context does.
func run(ctx context.Context, dir, name string, args ...string) error {
	command := exec.CommandContext(ctx, name, args...)
	command.Dir = dir
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	return command.Run()
}
