package credentials

import (
	"context"
	"errors"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// DeliverMail sends the letters that are due. A letter stays in the outbox until the mail
// server has taken it: if the process dies in between it is sent once more, and can be
// recognized as the same one. What is of no use any more is not sent.
//
// It must not run twice at a time. A letter that could not be sent is no error of the use case.
// Errors: [domain.ErrUnavailable]; the context's, when that ends it.
type DeliverMail struct {
	store  ports.Store
	mailer ports.Mailer
	key    domain.OutboxKey
	clock  ports.Clock
	policy domain.Policy
}

// DeliverMailCommand is empty.
type DeliverMailCommand struct{}

// DeliverMailResult tells what became of the letters that were due.
type DeliverMailResult struct {
	Sent int
	// Problem is why a letter could not be sent this time; it names nobody.
	Problem error
	// Refused is why letters were given up at once, one error for each; they name nobody.
	Refused []error
}

// mailBatch is how many letters are taken at a time.
const mailBatch = 20

// NewDeliverMail makes the use case.
func NewDeliverMail(
	store ports.Store, mailer ports.Mailer, key domain.OutboxKey, clock ports.Clock, policy domain.Policy,
) *DeliverMail {
	return &DeliverMail{store, mailer, key, clock, policy}
}

// Execute implements [ports.UseCase].
func (u *DeliverMail) Execute(ctx context.Context, _ DeliverMailCommand) (result DeliverMailResult, err error) {
	for {
		var due []posted
		err := u.store.View(ctx, func(records ports.Records) (err error) {
			due, err = u.due(records, u.clock())
			return err
		})
		if err != nil || len(due) == 0 {
			return result, err
		}
		for _, p := range due {
			if err := u.deliver(ctx, p, &result); err != nil {
				return result, err
			}
			if result.Problem != nil { // the next one would fail as well, most likely
				return result, nil
			}
		}
	}
}

// A posted letter is a mail, and what is to be sent.
type posted struct {
	mail   domain.Mail
	letter domain.Letter
	// void: there is nobody to send it to, or its link does not work any more.
	void bool
}

func (u *DeliverMail) due(records ports.Records, now time.Time) (found []posted, err error) {
	mails, err := records.Outbox().Due(now, mailBatch)
	if err != nil {
		return nil, err
	}
	for _, mail := range mails {
		p, err := u.open(records, mail, now)
		if err != nil {
			return nil, err
		}
		found = append(found, p)
	}
	return found, nil
}

// open writes the letter to the address that the person has now.
func (u *DeliverMail) open(records ports.Records, mail domain.Mail, now time.Time) (posted, error) {
	if mail.Kind == domain.MailDecoy {
		return posted{mail: mail, void: true}, nil
	}
	staff, err := records.Staff().ByID(domain.StaffID(mail.Account))
	if errors.Is(err, domain.ErrStaffNotFound) {
		return posted{mail: mail, void: true}, nil
	}
	if err != nil {
		return posted{}, err
	}
	letter := domain.Letter{
		ID: mail.ID, Kind: mail.Kind, To: staff.Email, Name: staff.FullName(),
		About: mail.CreatedAt, Staff: staff.ID, Until: mail.ExpiresAt,
	}
	if !mail.Kind.HasLink() {
		return posted{mail: mail, letter: letter}, nil
	}
	if letter.Token, err = u.key.Open(mail.ID, mail.Sealed); err != nil {
		return posted{mail: mail, void: true}, nil // audit.key is another one now
	}
	link, err := records.Links().Of(mail.Account)
	if err != nil {
		return posted{}, err
	}
	refused := link.Check(letter.Token, staff, u.policy, now)
	void := refused != nil && domain.ReasonOf(refused) != domain.ReasonLinkExpired // which is told as given up
	return posted{mail, letter, void}, nil
}

// deliver sends a letter and takes it out, or puts it off. What has been sent is taken out
// also when the service is to stop meanwhile.
func (u *DeliverMail) deliver(ctx context.Context, p posted, result *DeliverMailResult) error {
	if p.void {
		return u.finish(ctx, p, "")
	}
	if !u.clock().Before(p.mail.ExpiresAt) {
		return u.finish(ctx, p, domain.ReasonMailGivenUp)
	}
	err := u.mailer.Send(ctx, p.letter)
	if ctx.Err() != nil && err != nil {
		return ctx.Err()
	}
	ctx = context.WithoutCancel(ctx)
	switch {
	case err == nil:
		result.Sent++
		return u.finish(ctx, p, domain.Reason(p.mail.Kind))
	case errors.Is(err, domain.ErrMailRefused):
		result.Refused = append(result.Refused, err)
		return u.finish(ctx, p, domain.ReasonMailRefused)
	}
	result.Problem = err
	if !p.mail.Postpone(u.clock()) {
		return u.finish(ctx, p, domain.ReasonMailGivenUp)
	}
	return u.store.Update(ctx, func(records ports.Records) error { return records.Outbox().Save(p.mail) })
}

// finish takes the letter out and audits that, unless there was nothing to send.
func (u *DeliverMail) finish(ctx context.Context, p posted, reason domain.Reason) error {
	return u.store.Update(ctx, func(records ports.Records) error {
		if err := records.Outbox().Remove(p.mail.ID); err != nil || reason == "" {
			return err
		}
		event := domain.NewAuditEvent(domain.EventMail, domain.Client{}, u.clock())
		event.StaffID, event.Reason, event.Outcome = domain.StaffID(p.mail.Account), reason, domain.OutcomeSuccess
		if reason == domain.ReasonMailGivenUp || reason == domain.ReasonMailRefused {
			event.Outcome = domain.OutcomeFailure
		}
		return records.Audit().Append(event)
	})
}
