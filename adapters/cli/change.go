package cli

import (
	"context"
	"errors"

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
