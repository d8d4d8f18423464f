// Command attack runs the tests that prove what becomes of each attack in a list,
// and prints the list with the outcome: on tokens (A, B), sessions (C), requests (D), names
// (E), browsers (F), proxies and logs (G), resources (H), resets (I), storage (J), and what
// fresh attackers have found since (K). It is run in the root of the module, and fails if a
// test does. With -system, the tests behind a real nginx and a real Caddy count too; both must
// be on the PATH.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	system := flag.Bool("system", false, "run the tests with nginx, Caddy and strace too")
	flag.Parse()
	if err := run(os.Stdout, *system); err != nil {
		fmt.Fprintln(os.Stderr, "attack:", err)
		os.Exit(1)
	}
}

func run(out io.Writer, system bool) error {
	chosen, tags := attacks, ""
	if system {
		chosen, tags = behindProxies(attacks), "system"
	}
	results, err := runTests(plan(chosen), tags)
	failed := report(out, chosen, results)
	switch {
	case failed > 0:
		return fmt.Errorf("%d attacks are not proved to fail", failed)
	case err != nil:
		return errors.Join(errors.New("a test fails that no attack names"), err)
	}
	return nil
}
