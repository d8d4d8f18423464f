package cli

import (
	"context"
	"flag"

	"gatehouse/application/audit"
	"gatehouse/domain"
)

func auditExport() *Command {
	return &Command{
		Name:      "audit export",
		Arguments: "[--format jsonl|csv] " + filterArguments,
		Summary:   "write the audit trail to standard output, oldest event first",
		Description: `Writes every event that matches, with all that is stored of it, up to the one
that is the newest when it begins. The service may run. It needs little memory,
however many events there are.

` + membersManual + `

jsonl is one JSON object a line; what is not known is null. csv is for
spreadsheets: a line of names, then one line for each event (RFC 4180). A user
agent is chosen by whoever signs in, and a spreadsheet would run one that looks
like a formula. So a cell that begins with = + - @ ' or a tab gets a ' before
it, and control characters are written as escapes. For exact texts use jsonl.

"seal" is the keyed hash over the event and the seal before it. The trail as a
whole is checked by gatehouse audit verify; a file that was exported shows by
its last seal how far the trail had come.

` + filterManual + `

Exit status: 0 done, 1 if nobody has the address, or the database cannot be
read, or the output not be written, 2 for wrong usage.

Example:

  gatehouse audit export --format csv --since 2026-03-01 --until 2026-03-31`,
		action: &exportAuditEvents{format: formatJSONLines},
	}
}

type exportAuditEvents struct {
	auditFilter
	format eventFormat
}

func (a *exportAuditEvents) flags(flags *flag.FlagSet) {
	a.auditFilter.flags(flags)
	flags.Func("format", "`FORMAT` of the output: jsonl, which is the default, or csv",
		oneOf(&a.format, []eventFormat{formatJSONLines, formatCSV}))
}

func (a *exportAuditEvents) run(ctx context.Context, env Environment, useCases UseCases, _ []string) error {
	email, filter, err := a.selected(env)
	if err != nil {
		return err
	}
	known, err := newWho(ctx, env, useCases)
	if err != nil {
		return err
	}
	var out eventWriter
	write := func(event domain.SealedEvent) (err error) {
		if err = a.begin(env, known, &out); err != nil {
			return err
		}
		return out.write(known.sealedObject(event))
	}
	_, err = useCases.ExportAuditEvents.Execute(ctx, audit.ExportAuditEventsQuery{Client: env.Client, Email: email, Filter: filter, Write: write})
	if err != nil {
		if out != nil {
			_ = out.flush() // so that no line is half there
		}
		return explain(err, email)
	}
	if err := a.begin(env, known, &out); err != nil {
		return err
	}
	return out.flush()
}

// begin makes the writer with the first event: nothing is printed if there is an error
// before it.
func (a *exportAuditEvents) begin(env Environment, known who, out *eventWriter) (err error) {
	if *out == nil {
		*out, err = newEventWriter(env.Out, a.format, known.sealedObject(domain.SealedEvent{}))
	}
	return err
}
