package cli

import (
	"context"
	"flag"
	"io"

	"gatehouse/application/audit"
	"gatehouse/domain"
)

func auditList() *Command {
	return &Command{
		Name:      "audit list",
		Arguments: "[--format table|jsonl|csv | --json] " + filterArguments + " [--limit N]",
		Summary:   "show what happened: sign-ins, refusals, changes",
		Description: `Prints the newest events of the audit trail, newest first: 100 unless --limit
says otherwise. The flags restrict what is shown; given together, all of them
must hold.

STAFF is the address of the person; the id, if the account is deleted; or
"subject:" and the start of a keyed hash of an address that nobody has, so
that repeated attempts can be seen, but not what was typed. ACTOR is who did it:
"person" for the person themselves, "office:" or "superuser:" and the address of
a colleague, "operator:" and who ran the command, or "service" for the program
itself. ADDRESS is where the request came from.

` + filterManual + `

With --json it prints a list of objects with all that is known of each event,
"[]" if there is none; with --format jsonl one such object a
line; with --format csv a line of names and one for each event, where a cell
that a spreadsheet would take for a formula gets a ' before it. What is shown is
held in memory, up to 4 KB for each event: for a long trail rather say
"gatehouse audit export", which needs little.

` + membersManual + `

Exit status: 0 done, 1 if nobody has the address or the database cannot be
read, 2 for wrong usage.

Example:

  gatehouse audit list --kind sign_in --outcome failure --since 2026-03-02`,
		action: &listAuditEvents{},
	}
}

type listAuditEvents struct {
	auditFilter
	json   bool
	format eventFormat
	limit  int
}

func (a *listAuditEvents) flags(flags *flag.FlagSet) {
	a.auditFilter.flags(flags)
	flags.BoolVar(&a.json, "json", false, "print a list of JSON objects")
	flags.Func("format", "`FORMAT` of the output: table, which is the default, jsonl or csv",
		oneOf(&a.format, []eventFormat{formatTable, formatJSONLines, formatCSV}))
	flags.IntVar(&a.limit, "limit", 100, "show `N` events at most; 0 shows all")
}

func (a *listAuditEvents) check(args []string) error {
	switch {
	case a.limit < 0:
		return usageError("--limit must not be negative; 0 shows all")
	case a.json && a.format != "":
		return usageError("--json and --format cannot be given together")
	}
	return a.auditFilter.check(args)
}

func (a *listAuditEvents) run(ctx context.Context, env Environment, useCases UseCases, _ []string) error {
	email, filter, err := a.selected(env)
	if err != nil {
		return err
	}
	filter.Limit = a.limit
	events, err := useCases.ListAuditEvents.Execute(ctx, audit.ListAuditEventsQuery{Client: env.Client, Email: email, Filter: filter})
	if err != nil {
		return explain(err, email)
	}
	if err := a.print(ctx, env, useCases, events); err != nil {
		return err
	}
	if a.limit > 0 && len(events) == a.limit {
		return say(env.Err, "these are the newest %d events, there may be more: see --limit, and gatehouse audit export for all", a.limit)
	}
	return nil
}

func (a *listAuditEvents) print(ctx context.Context, env Environment, useCases UseCases, events []domain.AuditEvent) error {
	known, err := newWho(ctx, env, useCases)
	switch {
	case err != nil:
		return err
	case a.json:
		return writeJSON(env.Out, known.objects(events))
	case a.format == formatJSONLines || a.format == formatCSV:
		return known.writeEvents(env.Out, a.format, events)
	}
	return writeTable(env.Out, known.rows(events))
}

func (w who) writeEvents(to io.Writer, format eventFormat, events []domain.AuditEvent) error {
	out, err := newEventWriter(to, format, w.object(domain.AuditEvent{}))
	if err != nil {
		return err
	}
	for _, event := range events {
		if err := out.write(w.object(event)); err != nil {
			return err
		}
	}
	return out.flush()
}
