package cli

import (
	"context"
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

// errNoURL is for a link that nobody could open.
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
