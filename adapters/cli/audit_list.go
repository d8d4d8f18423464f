package cli

import (
	"context"
	"flag"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
)

func auditList() *Command {
	return &Command{
		Name: "audit list",
		Arguments: "[--json] [--staff EMAIL|ID] [--kind KIND] [--outcome OUTCOME] " +
			"[--since WHEN] [--until WHEN] [--limit N]",
		Summary: "show what happened: sign-ins, refusals, changes",
		Description: `Prints the newest events of the audit trail, newest first: 100 unless --limit
says otherwise. The flags restrict what is shown; given together, all of them
must hold.

WHEN is a day (2026-03-02), a time in the shop's time zone (2026-03-02 15:04),
or an RFC 3339 time as the table shows it (2026-03-02T15:04:05+13:00). --since
counts from that time on, a day from its first minute on. --until stops before
that time, but takes in the whole of a day.

STAFF is the address of the person; the id, if the account is deleted; or
"subject:" and the start of a keyed hash of an address that nobody has, so
that repeated attempts can be seen, but not what was typed. ADDRESS is where
the request came from, or "operator:" and who ran the command.

OUTCOME is one of ` + list(outcomes, ", ") + `. KIND is one of:

  ` + list(eventKinds, "\n  ") + `

With --json it prints a list of objects with all that is known of each event
and times in UTC, "[]" if there is none.

Exit status: 0 done, 1 if nobody has the address or the database cannot be
read, 2 for wrong usage.

Example:

  gatehouse audit list --kind sign_in --outcome failure --since 2026-03-02`,
		action: &listAuditEvents{},
	}
}

// eventKinds and outcomes are what can be asked for.
var (
	eventKinds = []domain.EventKind{
		domain.EventSignIn, domain.EventTokenRefresh, domain.EventSignOut, domain.EventTokenBlacklist,
		domain.EventSessionEnd, domain.EventPasswordChange, domain.EventStaffAdd, domain.EventStaffImport, domain.EventStaffPassword,
		domain.EventStaffReset, domain.EventStaffActivate, domain.EventStaffDeactivate, domain.EventStaffLeave,
		domain.EventStaffDelete, domain.EventStaffSessions, domain.EventStaffUnlock, domain.EventDatabaseRestore, domain.EventDatabaseRollback,
	}
	outcomes = []domain.Outcome{domain.OutcomeSuccess, domain.OutcomeFailure, domain.OutcomeBlocked}
)

type listAuditEvents struct {
	noArguments
	json         bool
	staff        givenText
	kind         domain.EventKind
	outcome      domain.Outcome
	since, until moment
	limit        int
}

func (a *listAuditEvents) flags(flags *flag.FlagSet) {
	flags.BoolVar(&a.json, "json", false, "print a list of JSON objects")
	flags.Func("staff", "events of the person with this `EMAIL`, or with this id", a.staff.set)
	flags.Func("kind", "events of this `KIND`", oneOf(&a.kind, eventKinds))
	flags.Func("outcome", "events with this `OUTCOME`", oneOf(&a.outcome, outcomes))
	flags.Func("since", "events from `WHEN` on", a.since.set)
	flags.Func("until", "events before `WHEN`, or until the end of a day", a.until.set)
	flags.IntVar(&a.limit, "limit", 100, "show `N` events at most; 0 shows all")
}

func (a *listAuditEvents) check(args []string) error {
	switch {
	case a.limit < 0:
		return usageError("--limit must not be negative; 0 shows all")
	case a.staff.given && a.staff.text == "":
		return usageError("--staff needs an e-mail address or an id")
	}
	return a.noArguments.check(args)
}

func (a *listAuditEvents) run(ctx context.Context, env Environment, useCases UseCases, _ []string) error {
	query, err := a.query(env)
	if err != nil {
		return err
	}
	events, err := useCases.ListAuditEvents.Execute(ctx, query)
	if err != nil {
		return explain(err, query.Email)
	}
	if err := a.print(ctx, env, useCases, events); err != nil {
		return err
	}
	if a.limit > 0 && len(events) == a.limit {
		return say(env.Err, "these are the newest %d events, there may be more: --limit 0 shows all", a.limit)
	}
	return nil
}

func (a *listAuditEvents) query(env Environment) (application.ListAuditEventsQuery, error) {
	filter := ports.AuditFilter{
		Kind: a.kind, Outcome: a.outcome, Limit: a.limit,
		Since: a.since.first(env.Zone), Until: a.until.end(env.Zone),
	}
	if !filter.Until.IsZero() && !filter.Since.Before(filter.Until) {
		return application.ListAuditEventsQuery{}, usageError("--since is not before --until")
	}
	if id, err := domain.ParseStaffID(a.staff.text); err == nil {
		filter.Staff = id
		return application.ListAuditEventsQuery{Filter: filter}, nil
	}
	return application.ListAuditEventsQuery{Email: a.staff.text, Filter: filter}, nil
}

func (a *listAuditEvents) print(ctx context.Context, env Environment, useCases UseCases, events []domain.AuditEvent) error {
	if a.json {
		return writeJSON(env.Out, eventObjects(events))
	}
	accounts, err := useCases.ListStaff.Execute(ctx, application.ListStaffQuery{})
	if err != nil {
		return explain(err, "")
	}
	return writeTable(env.Out, eventRows(events, accounts, env.Zone))
}
