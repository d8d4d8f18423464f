package main

import (
	"flag"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain puts the real program on the PATH under its own name, built with what the tests
// are built with: with -race, every process that a test starts looks for races as well.
func TestMain(m *testing.M) {
	testscript.Main(crowd{m}, map[string]func(){"gatehouse": main})
}

// A crowd runs more tests at once than there are processors, because most of the time they
// wait for a disk to be synchronised.
type crowd struct{ *testing.M }

// Run implements [testscript.TestingM].
func (c crowd) Run() int {
	flag.Parse()
	chosen := false
	flag.Visit(func(f *flag.Flag) { chosen = chosen || f.Name == "test.parallel" })
	if !chosen {
		_ = flag.Set("test.parallel", "8")
	}
	return c.M.Run()
}
