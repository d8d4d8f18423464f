package cli

import (
	"context"
	"flag"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"gatehouse/application/upkeep"
	"gatehouse/ports"
)

func databaseInfo() *Command {
	return &Command{
		Name:      "db info",
		Arguments: "[--json]",
		Summary:   "show how large the database is, and how it is kept",
		Description: `Prints where the database is, how large the file and its write-ahead log are,
how much of the file is free, what is in it, what retention has removed of the
audit trail (AUDIT_RETENTION), and when each task of the housekeeping last ran.
It may be asked while the service runs: the service is not held up.

Times are in the shop's time zone. The tasks are forget_sessions, which removes
sessions that have been over for a week; forget_failures; forget_links;
retire_audit; optimize; and checkpoint, which moves the write-ahead log into
the file. They run in the service, so nothing is done while it does not run.
Waiting letters are those that the mail server has not taken yet.

With --json it prints an object with sizes in bytes and times in UTC; what
there is not is null.

Exit status: 0 done, 1 if the database cannot be read, 2 for wrong usage.

Example:

  gatehouse db info`,
		action: &showDatabase{},
	}
}

type showDatabase struct {
	noArguments
	json bool
}

func (a *showDatabase) flags(flags *flag.FlagSet) {
	flags.BoolVar(&a.json, "json", false, "print a JSON object")
}

func (a *showDatabase) run(ctx context.Context, env Environment, useCases UseCases, _ []string) error {
	report, err := useCases.DescribeStore.Execute(ctx, upkeep.DescribeStoreQuery{})
	if err != nil {
		return explain(err, "")
	}
	if a.json {
		return writeJSON(env.Out, reportObject(report))
	}
	return writeFacts(env, report)
}

func reportObject(r ports.StoreReport) object {
	runs := []object{}
	for _, run := range r.Runs {
		runs = append(runs, object{
			{"task", string(run.Task)},
			{"ran_at", timestamp(run.At)},
			{"took_ms", float64(run.Took.Microseconds()) / 1000},
			{"removed", run.Removed},
		})
	}
	return object{
		{"file", r.File},
		{"size", r.Size},
		{"wal_size", r.LogSize},
		{"page_size", r.PageSize},
		{"free_pages", r.FreePages},
		{"schema_version", r.Schema},
		{"engine", r.Engine},
		{"journal_mode", r.JournalMode},
		{"synchronous", r.Synchronous},
		{"staff", r.Staff},
		{"sessions", object{{"running", r.Running}, {"over", r.Over}}},
		{"outbox", r.Outbox},
		{"audit", object{
			{"events", r.Events()},
			{"first", momentObject(r.First)},
			{"last", momentObject(r.Last)},
			{"removed", removedObject(r)},
		}},
		{"housekeeping", runs},
	}
}

// momentObject is null for no event.
func momentObject(m ports.AuditMoment) any {
	if m.Sequence == 0 {
		return nil
	}
	return object{{"sequence", m.Sequence}, {"at", timestamp(m.At)}}
}

// removedObject is null when retention has not removed anything.
func removedObject(r ports.StoreReport) any {
	if r.Checkpoint.Last.Sequence == 0 {
		return nil
	}
	return object{
		{"up_to", r.Checkpoint.Last.Sequence},
		{"until", timestamp(r.Checkpoint.At)},
		{"removed_at", timestamp(r.Checkpoint.RemovedAt)},
	}
}

// writeFacts prints a line for each fact.
func writeFacts(env Environment, r ports.StoreReport) error {
	clock := func(t time.Time) string { return t.In(env.Zone).Format(time.RFC3339) }
	facts := [][2]string{
		{"file", r.File},
		{"size", inUnits(r.Size)},
		{"write-ahead log", inUnits(r.LogSize)},
		{"free in the file", inUnits(r.FreePages * r.PageSize)},
		{"schema version", strconv.Itoa(r.Schema)},
		{"engine", r.Engine},
		{"journal mode", r.JournalMode},
		{"synchronous", r.Synchronous},
		{"staff", strconv.Itoa(r.Staff)},
		{"sessions", fmt.Sprintf("%d running, %d over", r.Running, r.Over)},
		{"waiting letters", strconv.Itoa(r.Outbox)},
		{"audit events", auditFact(r, clock)},
		{"removed", removedFact(r, clock)},
	}
	for _, run := range r.Runs {
		facts = append(facts, [2]string{string(run.Task), fmt.Sprintf("%s, took %v, removed %d", clock(run.At), run.Took, run.Removed)})
	}
	return writeAligned(env, facts)
}

func auditFact(r ports.StoreReport, clock func(time.Time) string) string {
	if r.Events() == 0 {
		return "none"
	}
	return fmt.Sprintf("%d, from %d (%s) to %d (%s)", r.Events(), r.First.Sequence, clock(r.First.At), r.Last.Sequence, clock(r.Last.At))
}

func removedFact(r ports.StoreReport, clock func(time.Time) string) string {
	if r.Checkpoint.Last.Sequence == 0 {
		return "no audit events"
	}
	return fmt.Sprintf("audit events up to %d, until %s, were removed by retention", r.Checkpoint.Last.Sequence, clock(r.Checkpoint.At))
}

func writeAligned(env Environment, facts [][2]string) error {
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, fact := range facts {
		_, _ = fmt.Fprintf(table, "%s:\t%s\n", fact[0], printable(orDash(fact[1]))) // cannot fail
	}
	_ = table.Flush()
	return write(env.Out, text.String())
}

// inUnits is a size in bytes as people say it.
func inUnits(n int64) string {
	const kibi = 1 << 10
	switch {
	case n < kibi:
		return fmt.Sprintf("%d B", n)
	case n < kibi*kibi:
		return fmt.Sprintf("%.1f KiB", float64(n)/kibi)
	case n < kibi*kibi*kibi:
		return fmt.Sprintf("%.1f MiB", float64(n)/kibi/kibi)
	}
	return fmt.Sprintf("%.1f GiB", float64(n)/kibi/kibi/kibi)
}
