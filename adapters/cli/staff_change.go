package cli

import (
	"context"
	"errors"

	"gatehouse/application/roster"
	"gatehouse/domain"
)

// A change is an action on one account that can be asked for again without harm.
type change struct {
	noFlags
	oneAddress
	execute func(ctx context.Context, useCases UseCases, email string, client domain.Client) (domain.StaffChange, error)
	// done and already are what is said afterwards; they have a %s for the address.
	done, already string
}

func (c *change) run(ctx context.Context, env Environment, useCases UseCases, args []string) error {
	result, err := c.execute(ctx, useCases, args[0], env.Client)
	if err != nil {
		return explain(err, args[0])
	}
	said := c.done
	if !result.Changed {
		said = c.already
	}
	return errors.Join(say(env.Out, said, result.Staff.Email), warnOfLast(env, result.LastSuperuser))
}

// warnOfLast says that a command has left the shop without a superuser, if it has.
func warnOfLast(env Environment, last bool) error {
	if !last {
		return nil
	}
	return say(env.Err, "warning: nobody is a superuser any more; activate one, or import a list that makes somebody one")
}

func staffActivate() *Command {
	return &Command{
		Name:      "staff activate",
		Arguments: "EMAIL",
		Summary:   "open an account again",
		Description: `Opens the account with the address EMAIL again, also of somebody who has left:
the day of leaving is forgotten then. A day of leaving that is still to come
stays. Sessions that were over stay over.

Exit status: 0 done, also if it was active already; 1 if nobody has the
address, 2 for wrong usage.

Example:

  gatehouse staff activate mere@shop.example`,
		action: &change{
			execute: func(ctx context.Context, useCases UseCases, email string, client domain.Client) (domain.StaffChange, error) {
				return useCases.ActivateStaff.Execute(ctx, roster.ActivateStaffCommand{Email: email, Client: client})
			},
			done:    "%s is active again",
			already: "%s was already active",
		},
	}
}

func staffDeactivate() *Command {
	return &Command{
		Name:      "staff deactivate",
		Arguments: "EMAIL",
		Summary:   "shut an account at once",
		Description: `Shuts the account with the address EMAIL: nobody can sign in to it, and every
session of the person is over. Nothing is deleted; "gatehouse staff activate"
opens it again.

Exit status: 0 done, also if it was inactive already; 1 if nobody has the
address, 2 for wrong usage.

Example:

  gatehouse staff deactivate mere@shop.example`,
		action: &change{
			execute: func(ctx context.Context, useCases UseCases, email string, client domain.Client) (domain.StaffChange, error) {
				return useCases.DeactivateStaff.Execute(ctx, roster.DeactivateStaffCommand{Email: email, Client: client})
			},
			done:    "%s is inactive: every session is over",
			already: "%s was already inactive",
		},
	}
}

func staffUnlock() *Command {
	return &Command{
		Name:      "staff unlock",
		Arguments: "EMAIL",
		Summary:   "let somebody sign in again after too many wrong passwords",
		Description: `Forgets the wrong passwords that were tried for the account with the address
EMAIL, and the delays that came of them. The password stays: if somebody is
guessing it, find out from where with audit list first. What a whole network
has tried still counts there.

staff set-password and staff activate do the same.

Exit status: 0 done, also if there were none; 1 if nobody has the address, 2 for
wrong usage.

Example:

  gatehouse staff unlock mere@shop.example`,
		action: &change{
			execute: func(ctx context.Context, useCases UseCases, email string, client domain.Client) (domain.StaffChange, error) {
				return useCases.UnlockStaff.Execute(ctx, roster.UnlockStaffCommand{Email: email, Client: client})
			},
			done:    "%s can sign in again",
			already: "%s had no wrong passwords against it",
		},
	}
}
