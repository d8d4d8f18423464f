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

// ConfirmPasswordReset sets a password for somebody with a one-time link, and uses the link up. It signs
// nobody in. All sessions of the person end, no change is due any more, and wrong passwords from before do
// not count any more. If mail is set up, the person gets a notice.
//
// Errors: [domain.ErrLinkInvalid] for every kind of bad link; [domain.ErrPasswordRefused] as a
// [domain.PasswordRefusal], after which the link still works; [domain.ErrThrottled] as a
// [domain.Throttled] for a bad link if the network has presented too many, while a good link always works;
// [domain.ErrOverloaded]; [domain.ErrBreachesUnknown]; [domain.ErrUnavailable].
type ConfirmPasswordReset struct {
	store    ports.Store
	hasher   ports.PasswordHasher
	rules    *PasswordRules
	postbox  steps.Postbox
	clock    ports.Clock
	refusals *application.Refusals
	policy   domain.Policy
}

// ConfirmPasswordResetCommand is the content of the link, and what the person types.
type ConfirmPasswordResetCommand struct {
	UID         string // the person's id, not checked yet
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

// Execute implements [ports.UseCase]. It checks the link before it hashes the password: hashing is
// expensive, so nobody gets it without a link. It checks the link again when it sets the password: if one
// link is sent many times at once, only the first succeeds.
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

// refuse audits that the new password was refused. [application.Refusals] limit how often, because the link
// still works and its holder can try again and again.
func (u *ConfirmPasswordReset) refuse(ctx context.Context, cmd ConfirmPasswordResetCommand, refused error, now time.Time) error {
	event := domain.NewAuditEvent(domain.EventPasswordReset, cmd.Client, now)
	event.StaffID, _ = domain.ParseStaffID(cmd.UID)
	showing := application.Showing{Origin: domain.RefusalOriginOf(domain.AccountKey(event.StaffID), "link", cmd.Client.Address), Policy: u.policy, Now: now}
	return u.refusals.Settle(ctx, u.store, showing, func(ports.Records) (application.Verdict, error) { return application.Verdict{Event: event}, refused })
}

// prepare hashes the new password if the link is good and the password passes the rules. It only reads;
// Execute writes the refusal.
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

// holder returns the account of the link, and checks the link. The account is returned beside the refusal
// too, if it exists.
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

// set stores the password, ends the sessions and unlocks the account.
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
