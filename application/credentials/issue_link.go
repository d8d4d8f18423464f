package credentials

import (
	"context"
	"errors"
	"time"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// IssueLink makes a one-time link for an operator, who hands it over or has it mailed. The person's earlier
// link stops working. The limits on links that people ask for themselves do not apply.
//
// Errors: [domain.ErrNotAllowed]; [domain.ErrStaffNotFound]; [domain.ErrAccountInactive], because the link would not work;
// [domain.ErrPasswordSet] for an invitation of somebody with a password; [domain.ErrMailOff] if the link
// cannot be mailed; [domain.ErrUnavailable].
type IssueLink struct {
	store  ports.Store
	links  steps.LinkMaker
	clock  ports.Clock
	policy domain.Policy
}

// IssueLinkCommand names the person.
type IssueLinkCommand struct {
	Email   string
	Purpose domain.LinkPurpose
	// Lifetime is how long the link works, at most [domain.LongestLink].
	Lifetime time.Duration
	// ByMail mails the link to the person.
	ByMail bool
	Client domain.Client
}

// IssueLinkResult is the link.
type IssueLinkResult struct {
	Staff domain.Staff
	Token domain.LinkToken // empty if the link is mailed: then only its receiver sees it
	Until time.Time        // when it expires
}

// NewIssueLink makes the use case.
func NewIssueLink(
	store ports.Store, token ports.NewLinkToken, mailID ports.NewMailID, key domain.OutboxKey, clock ports.Clock, policy domain.Policy,
) *IssueLink {
	return &IssueLink{store, steps.LinkMaker{Token: token, MailID: mailID, Key: key}, clock, policy}
}

// Execute implements [ports.UseCase].
func (u *IssueLink) Execute(ctx context.Context, cmd IssueLinkCommand) (result IssueLinkResult, err error) {
	now := u.clock()
	if cmd.ByMail && !u.policy.Links.Mail {
		return IssueLinkResult{}, domain.ErrMailOff
	}
	token := u.links.Token()
	err = steps.Update(ctx, u.store, func(records ports.Records) error {
		staff, err := u.holder(records.Staff(), cmd, now)
		if err != nil {
			return err
		}
		link, err := records.Links().Of(domain.AccountKey(staff.ID))
		if err != nil {
			return err
		}
		link.Issue(token, cmd.Purpose, staff, cmd.Lifetime, now)
		if err := records.Links().Save(link); err != nil {
			return err
		}
		result = IssueLinkResult{Staff: staff, Until: link.ExpiresAt}
		if cmd.ByMail {
			err = u.links.Post(records, link, token, now)
		} else {
			result.Token = token
		}
		return errors.Join(err, records.Audit().Append(cmd.event(staff, now)))
	})
	return steps.Result(result, err)
}

func (u *IssueLink) holder(records ports.StaffRecords, cmd IssueLinkCommand, now time.Time) (domain.Staff, error) {
	staff, err := records.ByEmail(domain.Email(cmd.Email).Key())
	if err != nil {
		return staff, err
	}
	if err := steps.Permit(domain.NewAuditEvent(cmd.kind(), cmd.Client, now), staff); err != nil {
		return staff, err
	}
	if err := staff.CheckStanding(u.policy.Today(now)); err != nil {
		return staff, err
	}
	if cmd.Purpose == domain.LinkInvitation && staff.Credentials.Hash.Usable() {
		return staff, domain.ErrPasswordSet
	}
	return staff, nil
}

func (c IssueLinkCommand) event(staff domain.Staff, now time.Time) domain.AuditEvent {
	event := domain.NewAuditEvent(c.kind(), c.Client, now)
	event.StaffID = staff.ID
	return event.Decided(nil)
}

func (c IssueLinkCommand) kind() domain.EventKind {
	if c.Purpose == domain.LinkInvitation {
		return domain.EventStaffInvite
	}
	return domain.EventStaffResetLink
}
