package cli

import (
	"context"

	"gatehouse/application"
	"gatehouse/domain"
)

func staffRequireReset() *Command {
	return &Command{
		Name:      "staff require-reset",
		Arguments: "EMAIL",
		Summary:   "make a change of the password due",
		Description: `Makes the person with the address EMAIL change the password before the next
sign-in. The present password still serves to change it.

Exit status: 0 done, also if a change was due already; 1 if nobody has the
address, 2 for wrong usage.

Example:

  gatehouse staff require-reset mere@shop.example`,
		action: &change{
			execute: func(ctx context.Context, useCases UseCases, email string, client domain.Client) (application.StaffChange, error) {
				return useCases.RequirePasswordReset.Execute(ctx, application.RequirePasswordResetCommand{Email: email, Client: client})
			},
			done:    "%s must change the password at the next sign-in",
			already: "%s had to change the password already",
		},
	}
}
