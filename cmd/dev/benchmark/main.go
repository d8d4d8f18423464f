// Command benchmark measures the service over loopback, beside the least that any service
// could do: a bare Fiber handler, and one that also parses the body, verifies one HS256
// token and signs one. All of it runs in one go, in turns, so that the figures compare
// although the machine is noisy. So do the two things that nobody can do faster: one commit
// of SQLite that is on the disk, and one Argon2id hash.
//
// It builds the service, starts each server as a process of its own, and prints tables in
// Markdown: medians over the rounds of requests per second, of the latencies' 50th and 99th
// percentile, and of the processor time of the server's process per request. At the end it
// says of each aim whether it was met.
//
// With -out the tables also go into a document, between its two markers:
//
//	go run ./cmd/dev/benchmark -out docs/benchmarks.md
//
// With the first argument generate it fills a data folder with as many people, sessions and
// audit events as the flags say; -data measures on it:
//
//	go run ./cmd/dev/benchmark generate -dir DIR -staff 100000 -sessions 1000000 -events 5000000
//
// With the first argument flood it measures a flood of sign-ins instead, and how those fare
// meanwhile who are signed in.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
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
	if len(os.Args) > 1 && os.Args[1] == floodMode {
		work = func(ctx context.Context) error { return runFlood(ctx, os.Args[2:], os.Stdout) }
	}
	if err := work(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "benchmark:", err)
		os.Exit(1)
	}
}

// A plan is what the flags ask for.
type plan struct {
	rounds   int
	length   time.Duration
	counts   []int    // of connections
	only     []string // names of targets; all if there are none
	data     string   // folder of a large database, or empty
	document string   // to write the tables into, or empty
}

func run(ctx context.Context) error {
	p, err := parsePlan(os.Args[1:])
	if err != nil {
		return err
	}
	document, err := openDocument(p.document)
	if err != nil {
		return err
	}
	if err := p.run(ctx, io.MultiWriter(os.Stdout, document)); err != nil {
		return err
	}
	return document.save()
}

func parsePlan(args []string) (p plan, err error) {
	flags := flag.NewFlagSet("benchmark", flag.ExitOnError)
	flags.IntVar(&p.rounds, "rounds", 5, "how often each is measured")
	flags.DurationVar(&p.length, "for", 2*time.Second, "how long each round takes")
	flags.StringVar(&p.data, "data", "", "a prepared data folder to measure as well; what is measured with stays in it")
	flags.StringVar(&p.document, "out", "", "a document to write the tables into, between its markers")
	connections := flags.String("connections", "1,16,64,256", "numbers of connections")
	only := flags.String("only", "", "names of targets, separated by commas; all if empty")
	if err := flags.Parse(args); err != nil {
		return p, err
	}
	if flags.NArg() > 0 || p.rounds < 1 {
		return p, fmt.Errorf("wanted flags and at least one round; see -help")
	}
	p.only = list(*only)
	p.counts, err = numbers(*connections)
	return p, err
}

func (p plan) run(ctx context.Context, out io.Writer) error {
	fleet, err := launch(ctx, slices.Max(p.counts), p.data)
	if err != nil {
		return err
	}
	defer fleet.stop()
	targets, err := chosen(fleet.targets(), p.only)
	if err != nil {
		return err
	}
	found, err := p.measure(ctx, out, fleet.dir, targets)
	if err != nil {
		return err
	}
	return reportEnd(out, fleet, found)
}

// measure reports each number of connections as soon as it is measured.
func (p plan) measure(ctx context.Context, out io.Writer, dir string, targets []target) (findings, error) {
	ledger, err := openLedger(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer ledger.close()
	reportMachine(out, p)
	found := findings{}
	for _, n := range p.counts {
		all := yardsticks(ledger.commit, n)
		for _, t := range targets {
			all = append(all, t.subject(n))
		}
		if found[n], err = measureInTurns(ctx, all, p.rounds, p.length); err != nil {
			return nil, err
		}
		reportRequests(out, n, targets, found[n])
		reportYardsticks(out, n, found[n])
	}
	return found, nil
}

// reportEnd tells how the servers are now, and which aims are met.
func reportEnd(out io.Writer, fleet *fleet, found findings) error {
	servers, err := fleet.conditions()
	if err != nil {
		return err
	}
	reportConditions(out, servers)
	reportAims(out, found, servers)
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
