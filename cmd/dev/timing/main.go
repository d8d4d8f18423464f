// Command timing finds out whether the time that a refused sign-in takes tells why it was
// refused. It builds the service and asks it, one request after the other, with wrong
// passwords and with accounts of which even the right password is refused, in random order,
// and compares each kind with a wrong password by a rank test (Mann and Whitney's, which
// needs no bell curve). It runs on Linux.
//
// The exit status is 1 if one of them differs. With the confidence that it states, such a
// verdict is no accident; and it states the smallest difference that it could not have
// missed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"
)

// confidence that the verdict "they differ" is no accident, for all kinds together.
const confidence = 0.999

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "timing:", err)
		os.Exit(1)
	}
}

var errDiffer = errors.New("the time tells why a sign-in was refused")

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("timing", flag.ContinueOnError)
	samples := flags.Int("samples", 1000, "how often each kind is asked")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *samples < leastSamples || *samples > mostSamples {
		return fmt.Errorf("-samples must be from %d to %d", leastSamples, mostSamples)
	}
	dir, err := os.MkdirTemp("", "gatehouse-timing-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	server, err := serve(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { _ = server.End(os.Interrupt) }()
	server.Stderr.Discard()
	took, err := measure(ctx, server.URL, *samples)
	if err != nil {
		return err
	}
	return report(out, took)
}

// report prints the table, and fails if a kind differs.
func report(out io.Writer, took map[string][]time.Duration) error {
	base := took[kinds[0].name]
	level := (1 - confidence) / float64(len(kinds)-1)
	fmt.Fprintf(out, "%d samples of each, one at a time, in random order; compared with %q at a confidence of %.1f %% for all together.\n\n",
		len(base), kinds[0].name, 100*confidence)
	fmt.Fprintln(out, "| refused because of | median | compared: p | slower in | |\n| --- | ---: | ---: | ---: | --- |")
	var failure error
	for _, kind := range kinds {
		p, slower := compare(took[kind.name], base)
		verdict := "cannot be told"
		if kind.name != kinds[0].name && p < level {
			verdict, failure = "**differs**", errDiffer
		}
		fmt.Fprintf(out, "| %s | %v | %.3f | %.1f %% | %s |\n", kind.name, median(took[kind.name]).Round(time.Microsecond), p, 100*slower, verdict)
	}
	fmt.Fprintf(out, "\nA difference of %v would have been found with a probability of 99 %%.\n", detectable(base, level).Round(time.Microsecond))
	return failure
}
