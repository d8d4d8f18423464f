package cli

import (
	"context"
	"flag"
	"time"

	"gatehouse/domain"
)

func staffResetLink() *Command {
	return &Command{
		Name:      "staff reset-link",
		Arguments: "EMAIL [--lifetime DURATION]",
		Summary:   "print a link with which somebody sets a new password",
		Description: `Prints a link with which the person with the address EMAIL sets a new password,
whether or not mail is set up. Hand it over to the person and to nobody else:
whoever opens it can take the account. It works once. Until it is used, the
password and the sessions stay as they are.

Each link takes the place of the one before, also of one that was sent by mail.

Exit status: 0 done, 1 if nobody has the address, the account is shut or
GATEHOUSE_PUBLIC_URL is not set where it is needed, 2 for wrong usage.

Example:

  gatehouse staff reset-link mere@shop.example`,
		action: &resetLink{},
	}
}

// handedLinkLifetime is how long a link works that is handed over: longer than one that is
// mailed, because somebody has to walk.
const handedLinkLifetime = time.Hour

type resetLink struct {
	oneAddress
	lifetime time.Duration
}

func (a *resetLink) flags(flags *flag.FlagSet) {
	flags.DurationVar(&a.lifetime, "lifetime", handedLinkLifetime, "how long the link works, such as 30m, at most 24h (default 1h): `DURATION`")
}

func (a *resetLink) check(args []string) error {
	if a.lifetime < time.Minute || a.lifetime > domain.LongestLink {
		return usageError("--lifetime must be from 1m to 24h")
	}
	return a.oneAddress.check(args)
}

func (a *resetLink) run(ctx context.Context, env Environment, useCases UseCases, args []string) error {
	return handover{domain.LinkReset, a.lifetime, false}.run(ctx, env, useCases, args[0])
}
