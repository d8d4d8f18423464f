package cli

import (
	"context"

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
	return say(env.Out, said, result.Staff.Email)
}
