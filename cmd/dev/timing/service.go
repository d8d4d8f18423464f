package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// serve builds the service in dir, brings everybody in and starts it.
func serve(ctx context.Context, dir string) (url string, stop func(), err error) {
	binary := filepath.Join(dir, "gatehouse")
	if err := output(exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", binary, "gatehouse/cmd/gatehouse")); err != nil {
		return "", nil, err
	}
	environment := append(os.Environ(),
		"GATEHOUSE_DATA_DIR="+filepath.Join(dir, "data"),
		"GATEHOUSE_LISTEN=127.0.0.1:0",
		fmt.Sprint("GATEHOUSE_THROTTLE_FREE_FAILURES=", freeFailures),
		"GATEHOUSE_THROTTLE_NETWORK_BUDGET=100000",
	)
	people := exec.CommandContext(ctx, binary, "staff", "import", "-")
	people.Env, people.Stdin = environment, strings.NewReader(export())
	if err := output(people); err != nil {
		return "", nil, err
	}
	command := exec.CommandContext(ctx, binary, "serve")
	command.Env = environment
	return start(command)
}

func output(command *exec.Cmd) error {
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", command, err, out)
	}
	return nil
}

// start returns when the service says where it listens; what it logs then is thrown away.
func start(command *exec.Cmd) (url string, stop func(), err error) {
	log, err := command.StderrPipe()
	if err != nil {
		return "", nil, err
	}
	if err := command.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		_ = command.Process.Signal(os.Interrupt)
		_ = command.Wait()
	}
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		var line struct{ Msg, Address string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "listening" {
			go func() { _, _ = io.Copy(io.Discard, log) }()
			return "http://" + line.Address, stop, nil
		}
	}
	stop()
	return "", nil, errors.New("the service has not come up")
}
