package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
)

// chainRequired: a program that cannot verify its audit trail fails the run. Without it,
// that the command is not known counts as nothing to be checked.
const chainRequired = false

// statusUsage is the exit status of a program that does not know a command.
const statusUsage = 2

// verifyChain has the program verify the audit trail. It returns false if it cannot.
func (h *house) verifyChain(ctx context.Context) (verified bool, err error) {
	out, err := h.command(ctx, "audit", "verify").CombinedOutput()
	exit, ended := errors.AsType[*exec.ExitError](err)
	if ended && exit.ExitCode() == statusUsage && !chainRequired {
		return false, nil
	}
	if err != nil {
		return true, fmt.Errorf("%w: %.500s", err, out)
	}
	return true, nil
}
