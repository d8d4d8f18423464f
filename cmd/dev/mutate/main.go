// Command mutate asks whether the tests would notice a fault: it makes small ones in the source,
// one at a time, and runs the tests of the package and of the one above it on each; if it has none, those
// of the packages that import it. It prints the faults that no test has noticed, each as a diff, and a
// table of the counts, also if it is interrupted (SIGINT, SIGTERM). The files themselves are not touched:
// the go command is given the changed one with -overlay. It is run in the root of the module:
//
//	go run ./cmd/dev/mutate -n 60 -seed 1 ./adapters/sqlite
//	go run ./cmd/dev/mutate -with ./application ./domain
//
// Each fault is named by its file, its function, and what is replaced by what. Somebody who has
// found that one changes nothing adds its line to -equivalent, with the reason below it.
//
// A fault that makes the tests run longer than -timeout counts as noticed. One that does not
// compile does not count.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"sort"
	"strings"
	"syscall"
	"time"
)

// options are what the command line says.
type options struct {
	n       int
	seed    uint64
	files   string
	with    string
	first   string
	run     string
	timeout time.Duration
	skip    string
}

func main() {
	var o options
	flag.IntVar(&o.n, "n", 40, "faults to try in each package, at random; 0 is all")
	flag.Uint64Var(&o.seed, "seed", 1, "the choice of the faults")
	flag.StringVar(&o.files, "files", "*.go", "which files of the package, as a pattern")
	flag.StringVar(&o.with, "with", "", "packages whose tests run as well, separated by commas")
	flag.StringVar(&o.first, "first", "", "quick tests to run first, as of go test -run")
	flag.StringVar(&o.run, "run", "", "only the tests that match, as of go test")
	flag.DurationVar(&o.timeout, "timeout", 3*time.Minute, "how long the tests may take")
	flag.StringVar(&o.skip, "equivalent", "cmd/dev/mutate/equivalent.txt", "a list of faults that change nothing, as they are printed")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := mutate(ctx, os.Stdout, o, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

// mutate tries faults in each package, and prints what became of them. When an error or the end of the
// context stops it, it prints what it has.
func mutate(ctx context.Context, out io.Writer, o options, packages []string) error {
	if len(packages) == 0 {
		return fmt.Errorf("say in which packages, for example ./domain")
	}
	known, err := equivalents(o.skip)
	if err != nil {
		return err
	}
	var rows []row
	defer func() { printTable(out, rows) }()
	for _, dir := range packages {
		r, err := tryPackage(ctx, out, o, known, dir)
		if r.tried > 0 {
			rows = append(rows, r)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// A row is what became of the faults in one package.
type row struct {
	dir                                  string
	tried, killed, equivalent, surviving int
}

func tryPackage(ctx context.Context, out io.Writer, o options, known map[string]bool, dir string) (row, error) {
	r := row{dir: dir}
	faults, err := faultsIn(dir, o.files)
	if err != nil {
		return r, err
	}
	t, err := newTrial(ctx, o, dir)
	if err != nil {
		return r, err
	}
	defer t.close()
	for _, f := range sample(faults, o.n, o.seed) {
		if err := ctx.Err(); err != nil {
			return r, err
		}
		fmt.Fprint(os.Stderr, ".")
		outcome, err := t.try(ctx, f)
		if err != nil {
			return r, err
		}
		r.count(out, outcome, f, known)
	}
	return r, nil
}

func (r *row) count(out io.Writer, o outcome, f fault, known map[string]bool) {
	switch {
	case o == doesNotCompile:
		return
	case o == noticed:
		r.killed++
	case known[f.line()]:
		r.equivalent++
	default:
		r.surviving++
		fmt.Fprintf(out, "%s\n%s\n", f.line(), f.diff())
	}
	r.tried++
}

func printTable(out io.Writer, rows []row) {
	fmt.Fprintln(out, "| package | faults | noticed | equivalent | not noticed | noticed of the others |\n| --- | --- | --- | --- | --- | --- |")
	for _, r := range rows {
		share := 100.0
		if others := r.tried - r.equivalent; others > 0 {
			share = 100 * float64(r.killed) / float64(others)
		}
		fmt.Fprintf(out, "| %s | %d | %d | %d | %d | %.0f %% |\n", r.dir, r.tried, r.killed, r.equivalent, r.surviving, share)
	}
}

// sample chooses n of the faults, and keeps their order.
func sample(faults []fault, n int, seed uint64) []fault {
	if n == 0 || n >= len(faults) {
		return faults
	}
	chosen := rand.New(rand.NewPCG(seed, 0)).Perm(len(faults))[:n]
	sort.Ints(chosen)
	picked := make([]fault, n)
	for i, at := range chosen {
		picked[i] = faults[at]
	}
	return picked
}

// equivalents reads the list of faults that change nothing that anybody could notice: each line
// of it that is not indented is one, and the indented lines after it say why.
func equivalents(path string) (map[string]bool, error) {
	text, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	known := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimRight(line, "\n"); line != "" && !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "#") {
			known[line] = true
		}
	}
	return known, nil
}

// sources are the files of a package that are not tests.
func sources(dir, pattern string) ([]string, error) {
	found, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil {
		return nil, err
	}
	var files []string
	for _, file := range found {
		if !strings.HasSuffix(file, "_test.go") && filepath.Ext(file) == ".go" {
			files = append(files, file)
		}
	}
	return files, nil
}
