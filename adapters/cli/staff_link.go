package cli

import (
	"context"
	"flag"
	"time"

	"gatehouse/application/credentials"
	"gatehouse/domain"
)

// A handover makes a one-time link and has it sent, or prints it.
type handover struct {
	purpose  domain.LinkPurpose
	lifetime time.Duration
	byMail   bool
}

// errNoURL refuses to print a link that has no address in front.
var errNoURL = &failure{"it is not known what the link would begin with: set GATEHOUSE_PUBLIC_URL to the address that people see, such as https://shop.example", nil}

func (h handover) run(ctx context.Context, env Environment, useCases UseCases, email string) error {
	if env.PublicURL == "" && !h.byMail {
		return errNoURL
	}
	result, err := useCases.IssueLink.Execute(ctx, credentials.IssueLinkCommand{
		Email: email, Purpose: h.purpose, Lifetime: h.lifetime, ByMail: h.byMail, Client: env.Client,
	})
	if err != nil {
		return explain(err, email)
	}
	until := result.Until.In(env.Zone).Format("2006-01-02 15:04 MST")
	if h.byMail {
		return say(env.Out, "a message with a link that works once, until %s, is on its way to %s", until, result.Staff.Email)
	}
	if err := say(env.Out, "this link lets %s set a password; it works once, until %s, and any link before it does not work any more:",
		result.Staff.Email, until); err != nil {
		return err
	}
	return write(env.Out, domain.LinkURL(env.PublicURL, result.Staff.ID, result.Token).Reveal()+"\n")
}

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

// handedLinkLifetime is how long a link works if a person hands it over. It is longer than for
// a mailed link, because somebody has to walk.
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
