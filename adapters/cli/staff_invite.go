package cli

import (
	"context"
	"flag"

	"gatehouse/domain"
)

func staffInvite() *Command {
	return &Command{
		Name:      "staff invite",
		Arguments: "EMAIL [--print]",
		Summary:   "send somebody new a link to set the first password",
		Description: `Sends the person with the address EMAIL a link with which to set the first
password, or prints it where mail is not set up. It works once, and as long as
INVITATION_LIFETIME says. It is for people who have no password yet: for others
there is "gatehouse staff reset-link".

A message is sent by the service: if that does not run, when it is started next,
unless the link has expired by then.

Exit status: 0 done, 1 if nobody has the address, the person has a password, the
account is shut or GATEHOUSE_PUBLIC_URL is not set where it is needed, 2 for
wrong usage.

Example:

  gatehouse staff invite mere@shop.example`,
		action: &invite{},
	}
}

type invite struct {
	oneAddress
	print bool
}

func (a *invite) flags(flags *flag.FlagSet) {
	flags.BoolVar(&a.print, "print", false, "print the link, also where mail is set up")
}

func (a *invite) run(ctx context.Context, env Environment, useCases UseCases, args []string) error {
	return invitation(env, a.print).run(ctx, env, useCases, args[0])
}

// invitation goes by mail if it can and may.
func invitation(env Environment, printed bool) handover {
	return handover{domain.LinkInvitation, env.Links.InvitationLifetime, env.Links.Mail && !printed}
}
