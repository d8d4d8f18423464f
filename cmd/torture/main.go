// Command torture does to the service what machines do to it, and looks whether it keeps
// what it has promised. It runs on Linux.
//
// First it kills the built program at random moments under mixed load, starts it again, and
// compares what was answered with what is there: nothing that was acknowledged may be lost,
// and nothing be half done. Then the disk is full, files are read-only, another process
// holds the database's lock, and the clock jumps.
//
// With -broken NAME the service has a mistake of that name in it, and the program must say
// so: see [controls]. The exit status is 1 if anything was lost.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"
)

func main() {
	if served, err := serveMode(os.Args[1:]); served {
		exitAfter(err)
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	exitAfter(run(ctx, os.Args[1:], os.Stdout))
}

func exitAfter(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "torture:", err)
		os.Exit(1)
	}
}

// serveMode is what this program does when it has started itself.
func serveMode(args []string) (served bool, err error) {
	switch {
	case len(args) == 3 && args[0] == composedMode:
		return true, serveComposed(args[1], args[2])
	}
	return false, nil
}

// errLost: something was lost, and has been reported.
var errLost = errors.New("not everything that was promised was kept")

func run(ctx context.Context, args []string, out io.Writer) error {
	set := flag.NewFlagSet("torture", flag.ContinueOnError)
	cycles := set.Int("cycles", 10_000, "how often the server is killed")
	seed := set.Uint64("seed", uint64(time.Now().UnixNano()), "chooses the moments and the load")
	broken := set.String("broken", "", "the mistake to look for: "+strings.Join(controlNames(), ", "))
	if err := set.Parse(args); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "gatehouse-torture-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	binary, err := build(ctx, dir)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "seed          %d\n", *seed)
	return killing(ctx, binary, dir, *cycles, *seed, *broken, out)
}

// killing is the first part.
func killing(ctx context.Context, binary, dir string, cycles int, seed uint64, broken string, out io.Writer) error {
	begin := time.Now()
	h, err := settle(ctx, binary, dir, visitorsInAll*peopleOfVisitor)
	if err != nil {
		return err
	}
	h.composed, h.broken = broken != "", broken
	t, err := newTrial(ctx, h, seed)
	if err != nil {
		return err
	}
	defer t.end()
	err = t.run(ctx, cycles)
	t.report(out, time.Since(begin))
	if err == nil && len(t.tally.losses()) > 0 {
		return errLost
	}
	return err
}
