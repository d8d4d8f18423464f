package credentials

import (
	"context"
	"errors"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// DeliverMail sends the letters that are due. A letter stays in the outbox until the mail server has
// accepted it. If the process dies in between, it is sent again with the same message ID. A letter whose
// link does not work any more is removed without being sent.
//
// Do not execute it twice at once. A letter that cannot be sent is no error of the use case, and the result
// is valid beside an error.
//
// Errors: [domain.ErrUnavailable]; that of ctx if it ends.
type DeliverMail struct {
	store  ports.Store
	mailer ports.Mailer
	key    domain.OutboxKey
	clock  ports.Clock
	policy domain.Policy
}

// DeliverMailCommand is empty.
type DeliverMailCommand struct{}

// DeliverMailResult says what became of the letters. Its errors contain no names or addresses, so they can
// be logged.
type DeliverMailResult struct {
	Sent int // letters
	// Problem says why a letter could not be sent. It is tried again later, and delivery stops until then.
	Problem error
	// Refused says why the mail server refused letters for good, one error for each.
	Refused []error
}

// mailBatch is the number of letters that are read at once.
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
			if result.Problem != nil { // the next letter would most likely fail too
				return result, nil
			}
		}
	}
}

// A posted letter is an entry of the outbox, and the letter to send for it.
type posted struct {
	mail   domain.Mail
	letter domain.Letter
	void   bool // it has no receiver, or its link does not work any more
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

// open makes the letter. It goes to the person's present address.
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
		return posted{mail: mail, void: true}, nil // sealed with another audit.key
	}
	link, err := records.Links().Of(mail.Account)
	if err != nil {
		return posted{}, err
	}
	refused := link.Check(letter.Token, staff, u.policy, now)
	void := refused != nil && domain.ReasonOf(refused) != domain.ReasonLinkExpired // deliver audits an expired one as given up
	return posted{mail, letter, void}, nil
}

// deliver sends a letter and removes it, or postpones it. A letter that was sent is removed even if ctx
// ends meanwhile; otherwise it would be sent again.
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

// finish removes the letter, and audits that unless reason is "".
func (u *DeliverMail) finish(ctx context.Context, p posted, reason domain.Reason) error {
	return u.store.Update(ctx, func(records ports.Records) error {
		if err := records.Outbox().Remove(p.mail.ID); err != nil || reason == "" {
			return err
		}
		event := domain.NewAuditEvent(domain.EventMail, domain.Client{Actor: domain.Service()}, u.clock())
		event.StaffID, event.Reason, event.Outcome = domain.StaffID(p.mail.Account), reason, domain.OutcomeSuccess
		if reason == domain.ReasonMailGivenUp || reason == domain.ReasonMailRefused {
			event.Outcome = domain.OutcomeFailure
		}
		return records.Audit().Append(event)
	})
}
