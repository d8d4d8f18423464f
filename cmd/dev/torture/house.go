package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"gatehouse/cmd/internal/running"
)

// sharedSecret is the HS256 secret of every server here.
const sharedSecret = "a secret for torture alone, of more than 32 bytes"

// A house is a data directory and the program that works on it.
type house struct {
	binary string
	data   string
	// composed: what serves is this program, with the fault of the name broken if that is
	// not empty; see serveComposed.
	composed bool
	broken   string
	// account is who the program runs as; nil for whoever runs this.
	account *syscall.Credential
}

// settle imports members of staff 0 to n-1 into a new data directory below dir.
func settle(ctx context.Context, binary, dir string, n int) (*house, error) {
	h := &house{binary: binary, data: filepath.Join(dir, "data")}
	return h, h.importPeople(ctx, n)
}

func (h *house) importPeople(ctx context.Context, n int) error {
	var export strings.Builder
	for i := range n {
		export.WriteString(running.Person(i, emailOf(i), running.HasPassword))
	}
	return running.Import(h.command(ctx, "staff", "import", "-"), export.String())
}

func emailOf(n int) string { return fmt.Sprintf("torture%d@shop.test", n) }

// command is the real program, called with args.
func (h *house) command(ctx context.Context, args ...string) *exec.Cmd {
	return h.prepared(exec.CommandContext(ctx, h.binary, args...))
}

// serving is what serves the house.
func (h *house) serving(ctx context.Context) (*exec.Cmd, error) {
	if !h.composed {
		return h.command(ctx, "serve"), nil
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return h.prepared(exec.CommandContext(ctx, self, composedMode, h.data, h.broken)), nil
}

func (h *house) prepared(command *exec.Cmd) *exec.Cmd {
	command.Env = []string{
		"PATH=" + os.Getenv("PATH"),
		"TMPDIR=" + os.TempDir(),
		"GORACE=atexit_sleep_ms=0 halt_on_error=1 " + os.Getenv("GORACE"),
		"GATEHOUSE_DATA_DIR=" + h.data,
		"GATEHOUSE_THROTTLE=off",
		"GATEHOUSE_LISTEN=127.0.0.1:0",
		"SECRET_KEY=" + sharedSecret,
		"ROTATE_REFRESH_TOKENS=true",
		"REFRESH_GRACE=5m", // a slow machine must not turn a lost reply into a replay
		"ACCESS_TOKEN_LIFETIME=1d",
		"MAX_SESSIONS_PER_STAFF=1000",
	}
	command.Dir = filepath.Dir(h.data)
	if h.account != nil {
		command.SysProcAttr = &syscall.SysProcAttr{Credential: h.account}
	}
	return command
}

// verifyChain has the program verify the audit trail.
func (h *house) verifyChain(ctx context.Context) error {
	return running.Run(h.command(ctx, "audit", "verify"))
}
