// Command benchmark measures the service over loopback, beside the least that any service
// could do: a bare Fiber handler, and one that also parses the body, verifies one HS256
// token and signs one. All of it runs in one go, in turns, so that the figures compare
// although the machine is noisy.
//
// It builds the service, starts each server as a process of its own, and prints a table in
// Markdown: medians over the rounds of requests per second, of the latencies' 50th and 99th
// percentile, and of the processor time of the server's process per request.
//
// With the first argument generate it fills a data folder with as many people, sessions and
// audit events as the flags say, on which the service can be started:
//
//	go run ./cmd/benchmark generate -dir DIR -staff 100000 -sessions 1000000 -events 5000000
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == limitMode {
		serveLimit()
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	work := run
	if len(os.Args) > 1 && os.Args[1] == generateMode {
		work = func(ctx context.Context) error { return generate(ctx, os.Args[2:], os.Stdout) }
	}
	if err := work(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "benchmark:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	rounds := flag.Int("rounds", 5, "how often each is measured")
	length := flag.Duration("for", 2*time.Second, "how long each round takes")
	connections := flag.String("connections", "1,16,64,256", "numbers of connections")
	only := flag.String("only", "", "names of targets, separated by commas; all if empty")
	flag.Parse()

	counts, err := numbers(*connections)
	if err != nil {
		return err
	}
	fleet, err := launch(ctx, max(1, counts[len(counts)-1]))
	if err != nil {
		return err
	}
	defer fleet.stop()

	targets := fleet.targets(list(*only))
	for _, n := range counts {
		results, err := measureInTurns(ctx, targets, n, *rounds, *length)
		if err != nil {
			return err
		}
		report(os.Stdout, n, targets, results)
	}
	return nil
}

func numbers(text string) (counts []int, err error) {
	for _, item := range list(text) {
		n, err := strconv.Atoi(item)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is not a number of connections", item)
		}
		counts = append(counts, n)
	}
	if len(counts) == 0 {
		return nil, fmt.Errorf("no numbers of connections")
	}
	return counts, nil
}

func list(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' })
}
