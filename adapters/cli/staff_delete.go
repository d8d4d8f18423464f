package cli

import (
	"context"
	"errors"
	"flag"

	"gatehouse/application/roster"
)

func staffDelete() *Command {
	return &Command{
		Name:      "staff delete",
		Arguments: "--yes EMAIL",
		Summary:   "delete an account for good",
		Description: `Deletes the account with the address EMAIL, every session of the person, and a
one-time link that was not used yet. This cannot be undone, so it must be
confirmed with --yes; "gatehouse staff leave" and "gatehouse staff deactivate"
can be undone. The audit trail keeps what happened, under the account's id.

A later import brings the person back if the list still has them. Tokens and
links from before the deletion do not work then either.

Exit status: 0 done, 1 if nobody has the address, 2 for wrong usage and
without --yes.

Example:

  gatehouse staff delete --yes mere@shop.example`,
		action: &deleteStaff{},
	}
}

type deleteStaff struct {
	oneAddress
	yes bool
}

func (a *deleteStaff) flags(flags *flag.FlagSet) {
	flags.BoolVar(&a.yes, "yes", false, "confirm that the account is to be deleted for good")
}

func (a *deleteStaff) check(args []string) error {
	if err := a.oneAddress.check(args); err != nil {
		return err
	}
	if !a.yes {
		return usageError("deleting an account cannot be undone: confirm it with --yes")
	}
	return nil
}

func (a *deleteStaff) run(ctx context.Context, env Environment, useCases UseCases, args []string) error {
	result, err := useCases.DeleteStaff.Execute(ctx, roster.DeleteStaffCommand{Email: args[0], Client: env.Client})
	if err != nil {
		return explain(err, args[0])
	}
	said := say(env.Out, "%s is deleted with every session and link: the audit trail keeps the id %s", result.Staff.Email, result.Staff.ID)
	return errors.Join(said, warnOfLast(env, result.LastSuperuser))
}
