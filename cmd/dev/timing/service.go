package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"gatehouse/cmd/internal/running"
)

// serve builds the service in dir, brings everybody in and starts it.
func serve(ctx context.Context, dir string) (*running.Server, error) {
	binary, err := running.Build(ctx, dir)
	if err != nil {
		return nil, err
	}
	command := func(args ...string) *exec.Cmd {
		command := exec.CommandContext(ctx, binary, args...)
		command.Env = append(os.Environ(),
			"GATEHOUSE_DATA_DIR="+filepath.Join(dir, "data"),
			"GATEHOUSE_LISTEN=127.0.0.1:0",
			fmt.Sprint("GATEHOUSE_THROTTLE_FREE_FAILURES=", freeFailures),
			"GATEHOUSE_THROTTLE_NETWORK_BUDGET=100000",
		)
		return command
	}
	if err := running.Import(command("staff", "import", "-"), export()); err != nil {
		return nil, err
	}
	return running.Serve(command("serve"))
}
