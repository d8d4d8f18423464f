package cli_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"gatehouse/adapters/cli"
	"gatehouse/ports/porttest"
)

// A terminal is a pseudo-terminal: what is written to keyboard is typed, and keyboard
// yields what appears on the screen.
type terminal struct {
	keyboard, line *os.File
}

func openTerminal(t *testing.T) terminal {
	t.Helper()
	keyboard := open(t, "/dev/ptmx")
	var unlock, number uint32
	control(t, keyboard, syscall.TIOCSPTLCK, unsafe.Pointer(&unlock))
	control(t, keyboard, syscall.TIOCGPTN, unsafe.Pointer(&number))
	return terminal{keyboard, open(t, fmt.Sprintf("/dev/pts/%d", number))}
}

func open(t *testing.T, name string) *os.File {
	t.Helper()
	file, err := os.OpenFile(name, os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return file
}

func control(t *testing.T, file *os.File, request uintptr, argument unsafe.Pointer) {
	t.Helper()
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, file.Fd(), request, uintptr(argument)); errno != 0 {
		t.Fatal(errno)
	}
}

func (tty terminal) echoes(t *testing.T) bool {
	t.Helper()
	var settings syscall.Termios
	control(t, tty.line, syscall.TCGETS, unsafe.Pointer(&settings))
	return settings.Lflag&syscall.ECHO != 0
}

// typeHidden types a line as soon as the terminal does not echo, as a person does who
// waits for the prompt.
func (tty terminal) typeHidden(t *testing.T, line string) {
	t.Helper()
	for tty.echoes(t) {
		if t.Context().Err() != nil {
			return
		}
		runtime.Gosched()
	}
	if _, err := io.WriteString(tty.keyboard, line); err != nil {
		t.Error(err)
	}
}

// prompts tells of each prompt.
type prompts struct {
	shown bytes.Buffer
	seen  chan string
}

func (p *prompts) Write(text []byte) (int, error) {
	if strings.HasSuffix(string(text), ": ") {
		p.seen <- string(text)
	}
	return p.shown.Write(text)
}

// ask runs set-password for person 1 on a terminal on which lines are typed.
func ask(t *testing.T, s *shop, tty terminal, lines ...string) *call {
	t.Helper()
	result := &call{}
	env, screen := terminalEnvironment(s, tty)
	env.Out = &result.out
	finished := make(chan error)
	go func() { finished <- s.call(t.Context(), env, "staff", "set-password", "person1@example.test") }()
	for _, line := range lines {
		<-screen.seen
		tty.typeHidden(t, line)
	}
	result.failure = <-finished
	result.err = screen.shown
	return result
}

func terminalEnvironment(s *shop, tty terminal) (cli.Environment, *prompts) {
	screen := &prompts{seen: make(chan string)}
	return cli.Environment{
		Client: porttest.Operator(), In: tty.line, Out: io.Discard, Err: screen, Clock: s.clock.Now, Zone: s.policy.TimeZone,
	}, screen
}

func TestPasswordOnTerminal(t *testing.T) {
	s := newShop()
	s.save(t, porttest.Person(1))
	tty := openTerminal(t)
	result := ask(t, s, tty, goodPassword+"\n", goodPassword+"\n")
	if result.failure != nil {
		t.Fatal(result.failure)
	}
	same(t, result.err.String(), "New password: \nNew password again: \n")
	s.hasPassword(t, goodPassword)
	if !tty.echoes(t) {
		t.Error("the terminal has lost its echo")
	}
	if _, err := io.WriteString(tty.line, "end of the screen"); err != nil {
		t.Fatal(err)
	}
	shown := make([]byte, 4096)
	n, err := tty.keyboard.Read(shown)
	if err != nil || !strings.Contains(string(shown[:n]), "end of the screen") {
		t.Fatalf("the screen shows %q, %v", shown[:n], err)
	}
	if strings.Contains(string(shown[:n]), "horse") {
		t.Errorf("the password is on the screen: %q", shown[:n])
	}
}

func TestPasswordOnTerminalRefused(t *testing.T) {
	for _, test := range []struct {
		lines    []string
		sentence string
		usage    bool
	}{
		{[]string{goodPassword + "\n", goodPassword + "x\n"}, "the two passwords differ: nothing has been changed", false},
		{[]string{"short\n", "short\n"}, "the password is refused. This password is too short. It must contain at least 15 characters", false},
		{[]string{"\n"}, "no password was given: type it on the terminal, or hand it in on standard input", true},
	} {
		s := newShop()
		s.save(t, porttest.Person(1))
		ask(t, s, openTerminal(t), test.lines...).refused(t, test.usage, test.sentence)
		if staff, _ := s.account(t, "person1@example.test"); staff.Credentials.Hash.Usable() {
			t.Error("a password is set")
		}
	}
}

func TestInterruptedOnTerminal(t *testing.T) {
	s := newShop()
	s.save(t, porttest.Person(1))
	tty := openTerminal(t)
	env, screen := terminalEnvironment(s, tty)
	before := runtime.NumGoroutine()
	ctx, interrupt := context.WithCancel(t.Context())
	finished := make(chan error)
	go func() { finished <- s.call(ctx, env, "staff", "set-password", "person1@example.test") }()
	<-screen.seen
	for tty.echoes(t) {
		runtime.Gosched()
	}
	interrupt()
	err := <-finished
	if want := "interrupted: nothing has been changed"; err == nil || err.Error() != want || !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %q", err, want)
	}
	if !tty.echoes(t) {
		t.Error("the terminal is left without an echo")
	}
	tty.release(t, before)
}

// release lets the read end that an interrupted command has left behind, before its
// descriptor is closed.
func (tty terminal) release(t *testing.T, goroutines int) {
	t.Helper()
	if _, err := io.WriteString(tty.keyboard, "\n"); err != nil {
		t.Fatal(err)
	}
	for runtime.NumGoroutine() > goroutines {
		runtime.Gosched()
	}
}
