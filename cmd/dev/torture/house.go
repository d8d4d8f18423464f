package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// Everybody's first password, and how the service stores it.
const (
	firstPassword     = "first day of work"
	firstPasswordHash = "argon2$argon2id$v=19$m=19456,t=2,p=1$03guU0xauBr280hN0f6XaQ$ugHg7uxvZU9OZeiM5WGw62+Sr4eE2Yr6vPImLsNzHcg"
)

// sharedSecret is the HS256 secret of every server here.
const sharedSecret = "a secret for torture alone, of more than 32 bytes"

// build makes the service's program in the folder dir and returns its path.
func build(ctx context.Context, dir string) (string, error) {
	binary := filepath.Join(dir, "gatehouse")
	command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", binary, "gatehouse/cmd/gatehouse")
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the service: %w\n%s", err, out)
	}
	return binary, nil
}

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
	var export bytes.Buffer
	for i := range n {
		fmt.Fprintf(&export, `{"model": "accounts.staff", "pk": "%s", "fields": {"email": "%s", "password": "%s"}}`+"\n",
			idOf(i), emailOf(i), firstPasswordHash)
	}
	command := h.command(ctx, "staff", "import", "-")
	command.Stdin = &export
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("importing: %w\n%s", err, out)
	}
	return nil
}

func idOf(n int) string    { return fmt.Sprintf("00000000-0000-4000-8000-%012d", n) }
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
