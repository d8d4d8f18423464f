package cli

import (
	"context"
	"flag"
	"fmt"

	"gatehouse/application/roster"
)

func staffShow() *Command {
	return &Command{
		Name:      "staff show",
		Arguments: "[--json] EMAIL",
		Summary:   "show one account",
		Description: `Prints everything about the account with the address EMAIL, whatever its
letter case, except its password hash; "password_algorithm" tells how it is
hashed. Times are in UTC; "date_left" is a day in the shop's time zone, the
first on which the person does not work there any more. "wrong_passwords" counts
those in a row, from everywhere. An account that is "held" has had too many:
only devices that have signed in to it before get in, until staff unlock.

Exit status: 0 done, 1 if nobody has the address, 2 for wrong usage.

Example:

  gatehouse staff show mere@shop.example`,
		action: &showStaff{},
	}
}

type showStaff struct {
	oneAddress
	json bool
}

func (a *showStaff) flags(flags *flag.FlagSet) {
	flags.BoolVar(&a.json, "json", false, "print a JSON object")
}

func (a *showStaff) run(ctx context.Context, env Environment, useCases UseCases, args []string) error {
	shown, err := useCases.ShowStaff.Execute(ctx, roster.ShowStaffQuery{Client: env.Client, Email: args[0]})
	if err != nil {
		return explain(err, args[0])
	}
	account := append(staffObject(shown.Staff, env.today()),
		member{"wrong_passwords", shown.Failures},
		member{"held", shown.Held},
	)
	if a.json {
		return writeJSON(env.Out, account)
	}
	var rows [][]string
	for _, m := range account {
		rows = append(rows, []string{m.name + ":", valueText(m.value)})
	}
	return writeTable(env.Out, rows)
}

func valueText(value any) string {
	switch value {
	case nil:
		return ""
	case true:
		return "yes"
	case false:
		return "no"
	}
	return fmt.Sprint(value)
}
