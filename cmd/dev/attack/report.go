package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// report prints the table and its totals, and returns how many attacks have a test that was
// not run or has failed.
func report(out io.Writer, attacks []attack, r results) (failed int) {
	totals := map[string]int{}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, a := range attacks {
		outcome, reason := a.outcome(r)
		totals[outcome]++
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", a.id, outcome, a.what, reason)
	}
	_ = table.Flush() // who cannot be told sees the exit status
	_, _ = fmt.Fprintf(out, "\n%d attacks: %d apply, of which %d pass; %d not applicable; %d open\n",
		len(attacks), totals[passes]+totals[fails], totals[passes], totals[notApplicable], totals[open])
	return totals[fails]
}

// The outcomes.
const (
	passes        = "passes"
	fails         = "FAILS"
	notApplicable = "n. a."
	open          = "open"
)

// outcome tells what became of an attack, and what there is to say about it.
func (a attack) outcome(r results) (outcome, reason string) {
	switch {
	case a.none != "":
		return notApplicable, a.none
	case a.open != "":
		return open, a.open
	}
	var missing []string
	for _, test := range a.tests {
		if !r.passed(test) {
			missing = append(missing, test)
		}
	}
	if len(missing) > 0 {
		return fails, strings.Join(missing, ", ")
	}
	return passes, a.note
}
