package cli

import (
	"context"

	"gatehouse/application/roster"
	"gatehouse/domain"
)

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
