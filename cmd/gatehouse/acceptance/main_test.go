package acceptance

import (
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"gatehouse/adapters/smtpmail/smtptest"
	"gatehouse/cmd/gatehouse/internal/program"
)

// TestMain puts the real program on the PATH under its own name, built with what the tests
// are built with: with -race, every process that a test starts looks for races as well.
func TestMain(m *testing.M) {
	testscript.Main(crowd{m}, map[string]func(){"gatehouse": func() { os.Exit(program.Main()) }, "smtptest": mailServerMain})
}

// mailServerMain is a mail server, as a process that can be killed.
func mailServerMain() {
	_, _ = fmt.Fprintln(os.Stderr, smtptest.Main())
	os.Exit(1)
}

// A crowd runs more tests at once than there are processors, because most of the time they
// wait for a disk to be synchronised.
type crowd struct{ *testing.M }

// Run implements [testscript.TestingM]. Programs that the tests start must not inherit that SIGHUP is
// ignored, as it is when the tests run under nohup: what is caught here has its default there.
func (c crowd) Run() int {
	signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	flag.Parse()
	chosen := false
	flag.Visit(func(f *flag.Flag) { chosen = chosen || f.Name == "test.parallel" })
	if !chosen {
		_ = flag.Set("test.parallel", "8")
	}
	return c.M.Run()
}
