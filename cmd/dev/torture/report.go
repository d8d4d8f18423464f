package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"time"
)

// report prints what has come of a trial.
func (t *trial) report(out io.Writer, elapsed time.Duration) {
	counts, lost := t.tally.counts(), t.tally.losses()
	_, _ = fmt.Fprintf(out, "cycles        %d (%d servers killed under load, %d more while starting)\n", t.cycle, t.killedInLoads, t.killedStarts)
	_, _ = fmt.Fprintf(out, "acknowledged  %d\n", t.tally.all())
	for _, k := range slices.Sorted(maps.Keys(counts)) {
		_, _ = fmt.Fprintf(out, "  %-16s %d\n", k, counts[k])
	}
	_, _ = fmt.Fprintf(out, "unanswered    %d\n", t.tally.unanswered)
	_, _ = fmt.Fprintf(out, "checks        %d\n", t.tally.checked)
	if t.chains == 0 {
		_, _ = fmt.Fprintf(out, "chain         this program cannot verify its audit trail\n")
	} else {
		_, _ = fmt.Fprintf(out, "chain         verified %d times\n", t.chains)
	}
	_, _ = fmt.Fprintf(out, "lost          %d\n", len(lost))
	for _, line := range lost[:min(len(lost), 10)] {
		_, _ = fmt.Fprintf(out, "  %s\n", line)
	}
	_, _ = fmt.Fprintf(out, "time          %.1f s\n", elapsed.Seconds())
}
