package credentials

import (
	"cmp"
	"context"
	"errors"
	"time"

	"gatehouse/application"
	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// ConfirmPasswordReset sets the password that a person chooses who has a one-time link. It
// signs nobody in. Every session of the person is over then, nothing is due any more, wrong
// passwords that were tried before do not count, and the link is used up.
//
// Errors: [domain.ErrLinkInvalid], whatever is wrong with the link;
// [domain.ErrPasswordRefused] as a [domain.PasswordRefusal], which leaves the link as it was;
// [domain.ErrThrottled] as a [domain.Throttled] where a network has shown too many wrong links,
// which holds no good one back; [domain.ErrOverloaded]; [domain.ErrUnavailable].
type ConfirmPasswordReset struct {
	store    ports.Store
	hasher   ports.PasswordHasher
	rules    *PasswordRules
	postbox  steps.Postbox
	clock    ports.Clock
	refusals *application.Refusals
	policy   domain.Policy
}

// ConfirmPasswordResetCommand is what is in the link, and what the person types.
type ConfirmPasswordResetCommand struct {
	UID         string // the person's id, as it came
	Token       domain.LinkToken
	NewPassword domain.Password
	Client      domain.Client
}

// ConfirmPasswordResetResult is empty: the password is set.
type ConfirmPasswordResetResult struct{}

// NewConfirmPasswordReset makes the use case.
func NewConfirmPasswordReset(
	store ports.Store, hasher ports.PasswordHasher, rules *PasswordRules, mailID ports.NewMailID, clock ports.Clock,
	refusals *application.Refusals, policy domain.Policy,
) *ConfirmPasswordReset {
	return &ConfirmPasswordReset{store, hasher, rules, steps.Postbox{MailID: mailID, On: policy.Links.Mail}, clock, refusals, policy}
}

// Execute implements [ports.UseCase]. The link is looked at first, so that nobody has a
// password hashed without one, and again when the password is set: of many at once, one is in
// time.
func (u *ConfirmPasswordReset) Execute(ctx context.Context, cmd ConfirmPasswordResetCommand) (ConfirmPasswordResetResult, error) {
	now := u.clock()
	refused, hash, err := u.prepare(ctx, cmd, now)
	if err != nil {
		return ConfirmPasswordResetResult{}, err
	}
	if errors.Is(refused, domain.ErrPasswordRefused) {
		return ConfirmPasswordResetResult{}, u.refuse(ctx, cmd, refused, now)
	}
	return ConfirmPasswordResetResult{}, steps.Settle(ctx, u.store, func(records ports.Records) (domain.AuditEvent, error) {
		event := domain.NewAuditEvent(domain.EventPasswordReset, cmd.Client, now)
		holder, err := u.holder(records, cmd, now)
		event.StaffID = holder.staff.ID
		if errors.Is(err, domain.ErrLinkInvalid) {
			if counted := steps.CountLink(records.Throttle(), u.policy.Throttle, cmd.Client, now); counted != nil {
				err = counted
			}
		}
		if err != nil {
			return event, err
		}
		return event, u.set(records, holder, hash, now)
	})
}

// refuse writes that the new password will not do, as often as [application.Refusals] let it: the link stays
// good, so its holder can try again and again.
func (u *ConfirmPasswordReset) refuse(ctx context.Context, cmd ConfirmPasswordResetCommand, refused error, now time.Time) error {
	event := domain.NewAuditEvent(domain.EventPasswordReset, cmd.Client, now)
	event.StaffID, _ = domain.ParseStaffID(cmd.UID)
	showing := application.Showing{Origin: domain.RefusalOriginOf(domain.AccountKey(event.StaffID), "link", cmd.Client.Address), Policy: u.policy, Now: now}
	return u.refusals.Settle(ctx, u.store, showing, func(ports.Records) (application.Verdict, error) { return application.Verdict{Event: event}, refused })
}

// prepare hashes the new password if the link is good and the password will do. What it
// refuses is refused again when that is written.
func (u *ConfirmPasswordReset) prepare(ctx context.Context, cmd ConfirmPasswordResetCommand, now time.Time) (refused error, hash domain.PasswordHash, err error) {
	var holder linkHolder
	err = u.store.View(ctx, func(records ports.Records) (err error) {
		holder, err = u.holder(records, cmd, now)
		if errors.Is(err, domain.ErrLinkInvalid) {
			return cmp.Or(steps.RefuseLinkEarly(records.Throttle(), u.policy.Throttle, cmd.Client, now), err)
		}
		return err
	})
	if errors.Is(err, domain.ErrLinkInvalid) {
		return err, domain.PasswordHash{}, nil
	}
	if err != nil {
		return nil, domain.PasswordHash{}, err
	}
	err = u.rules.check(ctx, holder.staff, cmd.NewPassword, domain.Password{})
	if domain.IsRefusal(err) {
		return err, domain.PasswordHash{}, nil
	}
	if err != nil {
		return nil, domain.PasswordHash{}, err
	}
	hash, err = u.hasher.Hash(ctx, cmd.NewPassword)
	return nil, hash, err
}

// A linkHolder is an account and its link.
type linkHolder struct {
	staff domain.Staff
	link  domain.Link
}

// holder finds the account of the link, and refuses a link that is not good now. Even then it
// returns the account, if there is one.
func (u *ConfirmPasswordReset) holder(records ports.Records, cmd ConfirmPasswordResetCommand, now time.Time) (h linkHolder, err error) {
	id, err := domain.ParseStaffID(cmd.UID)
	if err != nil {
		return h, domain.ErrLinkInvalid
	}
	h.staff, err = records.Staff().ByID(id)
	if errors.Is(err, domain.ErrStaffNotFound) {
		return h, domain.ErrLinkInvalid
	}
	if err != nil {
		return h, err
	}
	if h.link, err = records.Links().Of(domain.AccountKey(id)); err != nil {
		return h, err
	}
	return h, h.link.Check(cmd.Token, h.staff, u.policy, now)
}

// set stores the password, and everything that goes with it.
func (u *ConfirmPasswordReset) set(records ports.Records, h linkHolder, hash domain.PasswordHash, now time.Time) error {
	h.staff.ChangePassword(hash, now)
	h.link.Use()
	if err := errors.Join(records.Staff().Save(h.staff), records.Links().Save(h.link)); err != nil {
		return err
	}
	if _, err := steps.Unlock(records, h.staff.ID); err != nil {
		return err
	}
	if _, err := records.Sessions().EndAll(h.staff.ID, domain.EndPasswordChanged, now); err != nil {
		return err
	}
	return u.postbox.Notify(records, domain.MailPasswordReset, h.staff.ID, now)
}
