package credentials

import (
	"context"
	"errors"
	"time"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// RequestPasswordReset mails a person a one-time link for a new password. Their earlier link stops working.
// Unknown addresses, inactive staff and people with enough links get no mail. The result and the work are
// the same for all of them, so that nobody can find out who works here. The audit trail tells them apart.
//
// Errors: [domain.ErrThrottled] as a [domain.Throttled] if the network has asked too often;
// [domain.ErrOutboxFull] for every address alike; [domain.ErrUnavailable].
type RequestPasswordReset struct {
	store    ports.Store
	subjects ports.SubjectHasher
	links    steps.LinkMaker
	clock    ports.Clock
	policy   domain.Policy
}

// RequestPasswordResetCommand is what a person types.
type RequestPasswordResetCommand struct {
	Email  string // trimmed
	Client domain.Client
}

// RequestPasswordResetResult is the same for every address.
type RequestPasswordResetResult struct {
	// MailOff is true if mail is not set up, so that nobody gets anything.
	MailOff bool
}

// NewRequestPasswordReset makes the use case.
func NewRequestPasswordReset(
	store ports.Store, subjects ports.SubjectHasher, token ports.NewLinkToken, mailID ports.NewMailID,
	key domain.OutboxKey, clock ports.Clock, policy domain.Policy,
) *RequestPasswordReset {
	return &RequestPasswordReset{store, subjects, steps.LinkMaker{Token: token, MailID: mailID, Key: key}, clock, policy}
}

// Execute implements [ports.UseCase].
func (u *RequestPasswordReset) Execute(ctx context.Context, cmd RequestPasswordResetCommand) (RequestPasswordResetResult, error) {
	now := u.clock()
	err := u.store.View(ctx, func(records ports.Records) error {
		return steps.RefuseLinkEarly(records.Throttle(), u.policy.Throttle, cmd.Client, now)
	})
	if err != nil {
		return RequestPasswordResetResult{}, err
	}
	err = steps.Settle(ctx, u.store, func(records ports.Records) (domain.AuditEvent, error) {
		event := domain.NewAuditEvent(domain.EventResetRequest, cmd.Client, now)
		who, err := u.addressee(records.Staff(), cmd.Email, now)
		if err != nil {
			return event, err
		}
		event.StaffID, event.Subject = who.staff.ID, who.subject
		if err := steps.CountLink(records.Throttle(), u.policy.Throttle, cmd.Client, now); err != nil {
			return event, err
		}
		return event, u.send(records, who, now)
	})
	if domain.IsRefusal(err) && !errors.Is(err, domain.ErrThrottled) && !errors.Is(err, domain.ErrOutboxFull) {
		err = nil
	}
	return steps.Result(RequestPasswordResetResult{MailOff: !u.policy.Links.Mail}, err)
}

// An addressee is the person for whom a link is requested.
type addressee struct {
	account domain.AccountKey
	staff   domain.Staff       // zero if the address is unknown
	subject domain.SubjectHash // of an unknown address
	refusal error              // why no mail can be sent, or nil
}

// addressee finds the person with the address. Inactive staff get no mail, exactly like unknown addresses.
func (u *RequestPasswordReset) addressee(staff ports.StaffRecords, typed string, now time.Time) (addressee, error) {
	key := domain.Email(typed).Key()
	subject := u.subjects.HashSubject(string(key))
	found, err := staff.ByEmail(key)
	if errors.Is(err, domain.ErrStaffNotFound) {
		unknown := &domain.Refusal{Err: domain.ErrLinkNotSent, Reason: domain.ReasonUnknownAccount}
		return addressee{account: domain.AccountKey(subject), subject: subject, refusal: unknown}, nil
	}
	if err != nil {
		return addressee{}, err
	}
	if standing := found.CheckStanding(u.policy.Today(now)); standing != nil {
		return addressee{account: domain.AccountKey(subject), staff: found, refusal: standing}, nil
	}
	return addressee{account: domain.AccountKey(found.ID), staff: found}, nil
}

// send stores a link and its letter. It does the same work for an addressee who gets no mail: that letter
// belongs to no account, and [DeliverMail] throws it away.
func (u *RequestPasswordReset) send(records ports.Records, who addressee, now time.Time) error {
	if !u.policy.Links.Mail {
		return domain.ErrMailOff
	}
	link, err := records.Links().Of(who.account)
	if err != nil {
		return err
	}
	if err := link.Mail(now); err != nil {
		return err
	}
	if err := steps.MakeRoomForLetter(records.Outbox()); err != nil {
		return err
	}
	owner := who.staff
	if who.refusal != nil {
		owner = domain.Staff{}
	}
	token := u.links.Token()
	link.Issue(token, domain.LinkReset, owner, u.policy.Links.ResetLifetime, now)
	if err := errors.Join(records.Links().Save(link), u.links.Post(records, link, token, now)); err != nil {
		return err
	}
	return who.refusal
}
