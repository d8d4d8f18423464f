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
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	acted, err := actSelf(ctx, os.Args[1:])
	if !acted {
		err = run(ctx, os.Args[1:], os.Stdout)
	}
	exitAfter(err)
}

func exitAfter(err error) {
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "torture:", err)
	if errors.Is(err, errNoMount) {
		os.Exit(statusNoMount)
	}
	os.Exit(1)
}

// actSelf is what this program does when it has started itself.
func actSelf(ctx context.Context, args []string) (acted bool, err error) {
	switch {
	case len(args) == 3 && args[0] == composedMode:
		return true, serveComposed(args[1], args[2])
	case len(args) == 2 && args[0] == lockMode:
		return true, holdLock(args[1])
	case len(args) == 3 && args[0] == smallDiskMode:
		return true, trySmallDisk(ctx, args[1], args[2], os.Stdout)
	}
	return false, nil
}

// errLost: something was lost, and has been reported.
var errLost = errors.New("not everything that was promised was kept")

func run(ctx context.Context, args []string, out io.Writer) error {
	set := flag.NewFlagSet("torture", flag.ContinueOnError)
	set.SetOutput(out)
	cycles := set.Int("cycles", 10_000, "how often the server is killed")
	seed := set.Uint64("seed", uint64(time.Now().UnixNano()), "chooses the moments and the load")
	broken := set.String("broken", "", "the mistake to look for: "+strings.Join(controlNames(), ", "))
	if err := set.Parse(args); err != nil {
		return err
	}
	if _, err := storeBrokenBy(*broken); err != nil {
		return err
	}
	w, err := openWorkshop(ctx)
	if err != nil {
		return err
	}
	defer w.close()
	_, _ = fmt.Fprintf(out, "seed          %d\n", *seed)
	killed := w.killing(ctx, *cycles, *seed, *broken, out)
	if *broken != "" {
		return killed
	}
	return errors.Join(killed, w.faults(ctx, *seed, lockHeld, out))
}

// lockHeld is how long another process holds the database's lock.
const lockHeld = 30 * time.Second
