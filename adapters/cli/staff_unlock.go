package cli

import (
	"context"

	"gatehouse/application/roster"
	"gatehouse/domain"
)

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
