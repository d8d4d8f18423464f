package cli

import (
	"context"
	"flag"

	"gatehouse/application/roster"
)

func staffList() *Command {
	return &Command{
		Name:      "staff list",
		Arguments: "[--json]",
		Summary:   "show every account",
		Description: `Prints a table of all accounts in the order of their addresses.

STATUS is "active", "inactive", "left" since a day, or "leaves" on a day to
come. PASSWORD is "ok", "reset due" if it must be changed at the next sign-in,
or "none" if nobody can sign in before one is set.

With --json it prints a list of objects with everything that "gatehouse staff
show" prints, "[]" if there is nobody.

Exit status: 0 done, 1 if the database cannot be read, 2 for wrong usage.

Example:

  gatehouse staff list --json | jq -r '.[] | select(.status == "left") | .email'`,
		action: &listStaff{},
	}
}

type listStaff struct {
	noArguments
	json bool
}

func (a *listStaff) flags(flags *flag.FlagSet) {
	flags.BoolVar(&a.json, "json", false, "print a list of JSON objects")
}

func (a *listStaff) run(ctx context.Context, env Environment, useCases UseCases, _ []string) error {
	all, err := useCases.ListStaff.Execute(ctx, roster.ListStaffQuery{Client: env.Client})
	if err != nil {
		return explain(err, "")
	}
	today := env.today()
	objects := []object{}
	rows := [][]string{{"EMAIL", "NAME", "STATUS", "PASSWORD", "ID"}}
	for _, staff := range all {
		objects = append(objects, staffObject(staff, today))
		rows = append(rows, []string{
			string(staff.Email), staff.FullName(), statusText(staff, today), passwordText(staff), string(staff.ID),
		})
	}
	if a.json {
		return writeJSON(env.Out, objects)
	}
	return writeTable(env.Out, rows)
}
