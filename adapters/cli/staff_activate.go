package cli

import (
	"context"

	"gatehouse/application/roster"
	"gatehouse/domain"
)

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
