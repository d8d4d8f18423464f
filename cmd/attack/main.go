// Command attack runs the tests that prove what becomes of each attack in a list of 120,
// and prints the list with the outcome: on tokens (A, B), sessions (C), requests (D), names
// (E), browsers (F), proxies and logs (G), resources (H), resets (I) and storage (J). It is
// run in the root of the module, and fails if a test does.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "attack:", err)
		os.Exit(1)
	}
}

func run(out io.Writer) error {
	results, err := runTests(plan(attacks))
	failed := report(out, attacks, results)
	switch {
	case failed > 0:
		return fmt.Errorf("%d attacks are not proved to fail", failed)
	case err != nil:
		return errors.Join(errors.New("a test fails that no attack names"), err)
	}
	return nil
}
