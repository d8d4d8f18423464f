package credentials

import (
	"context"
	"errors"
	"slices"
	"time"

	"gatehouse/application"
	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// ChangePassword replaces a password by one that its owner chooses. It needs the old password, and works
// while a change is due too. All sessions of the person end, and no change is due any more. If mail is set
// up, the person gets a notice.
//
// Errors: [domain.ErrInvalidCredentials] and [domain.ErrThrottled] as for a sign-in;
// [domain.ErrPasswordRefused] as a [domain.PasswordRefusal]; those of [signin.CurrentStaff] if an access
// token names the person, or a [domain.Throttled] if it was refused again and again;
// [domain.ErrOverloaded]; [domain.ErrBreachesUnknown]; [domain.ErrUnavailable].
type ChangePassword struct {
	passwords steps.PasswordCheck
	store     ports.Store
	hasher    ports.PasswordHasher
	rules     *PasswordRules
	parser    ports.TokenParser
	postbox   steps.Postbox
	clock     ports.Clock
	refusals  *application.Refusals
	policy    domain.Policy
}

// ChangePasswordCommand names the person by address. If that is empty, the access token names them.
type ChangePasswordCommand struct {
	Username    string // the e-mail address, trimmed
	Access      domain.Token
	OldPassword domain.Password
	NewPassword domain.Password
	Tokens      []domain.Token     // that the client still has
	Device      domain.DeviceToken // from an earlier sign-in; empty if the client has none
	Client      domain.Client
}

// ChangePasswordResult is empty: the password is changed.
type ChangePasswordResult struct{}

// NewChangePassword makes the use case.
func NewChangePassword(
	store ports.Store, hasher ports.PasswordHasher, rules *PasswordRules, subjects ports.SubjectHasher, parser ports.TokenParser,
	devices domain.DeviceKey, mailID ports.NewMailID, clock ports.Clock, refusals *application.Refusals, policy domain.Policy,
) *ChangePassword {
	policy.EnforcePasswordReset = false // otherwise a due change would refuse the old password
	return &ChangePassword{
		steps.PasswordCheck{Store: store, Hasher: hasher, Subjects: subjects, Devices: devices, Throttle: policy.Throttle}, store, hasher, rules, parser,
		steps.Postbox{MailID: mailID, On: policy.Links.Mail}, clock, refusals, policy,
	}
}

// Execute implements [ports.UseCase].
func (u *ChangePassword) Execute(ctx context.Context, cmd ChangePasswordCommand) (ChangePasswordResult, error) {
	now := u.clock()
	attempt, err := u.check(ctx, cmd, now)
	if steps.IsForged(err) {
		return ChangePasswordResult{}, err
	}
	if domain.IsRefusal(err) && !errors.Is(err, domain.ErrThrottled) { // a refusal of the access token
		claims, _ := u.parser.Parse(ctx, cmd.Access) // it is genuine: a forged one was refused above
		return ChangePasswordResult{}, u.refusals.Settle(ctx, u.store, application.Shown(claims, cmd.Client, u.policy, now), func(ports.Records) (application.Verdict, error) {
			return application.Verdict{Event: domain.NewAuditEvent(domain.EventPasswordChange, cmd.Client, now)}, err
		})
	}
	if err != nil {
		return ChangePasswordResult{}, err
	}
	refusal, hash, err := u.prepare(ctx, attempt, cmd, now)
	if err != nil {
		u.passwords.Withdraw(ctx, attempt)
		return ChangePasswordResult{}, err
	}
	return ChangePasswordResult{}, u.passwords.Settle(ctx, attempt, func(records ports.Records) (domain.AuditEvent, error) {
		event := attempt.Event(domain.EventPasswordChange, cmd.Client, now)
		staff, err := u.passwords.Decide(records, attempt, u.policy, now)
		if err != nil {
			return event, err
		}
		if refusal != nil {
			return event, refusal
		}
		staff.ChangePassword(hash, now)
		if err := records.Staff().Save(staff); err != nil {
			return event, err
		}
		if _, err = records.Sessions().EndAll(staff.ID, domain.EndPasswordChanged, now); err != nil {
			return event, err
		}
		return event, u.postbox.Notify(records, domain.MailPasswordChanged, staff.ID, now)
	})
}

func (u *ChangePassword) check(ctx context.Context, cmd ChangePasswordCommand, now time.Time) (steps.Attempt, error) {
	try := steps.Try{
		Kind: domain.EventPasswordChange, Password: cmd.OldPassword, Device: cmd.Device, Client: cmd.Client, Now: now,
		Sessions: steps.Presented{Parser: u.parser, Policy: u.policy}.Genuine(ctx, slices.Concat(cmd.Tokens, []domain.Token{cmd.Access}), now),
	}
	if cmd.Username != "" {
		return u.passwords.ByAddress(ctx, cmd.Username, try)
	}
	owner, _, err := steps.Authenticate(ctx, u.store, u.parser, cmd.Access, u.policy, now)
	if err != nil {
		return steps.Attempt{}, err
	}
	return u.passwords.ByID(ctx, owner.ID, try)
}

// prepare hashes the new password if the old one is right and the new one passes the rules.
func (u *ChangePassword) prepare(ctx context.Context, a steps.Attempt, cmd ChangePasswordCommand, now time.Time) (refusal error, hash domain.PasswordHash, err error) {
	if !a.Known {
		return nil, domain.PasswordHash{}, nil // Decide refuses it
	}
	refusal = a.Staff.CheckSignIn(a.Matches, u.policy, now)
	if refusal == nil {
		refusal = u.rules.check(ctx, a.Staff, cmd.NewPassword, cmd.OldPassword)
	}
	if refusal != nil && !domain.IsRefusal(refusal) {
		return nil, domain.PasswordHash{}, refusal
	}
	if refusal != nil {
		return refusal, domain.PasswordHash{}, nil
	}
	hash, err = u.hasher.Hash(ctx, cmd.NewPassword)
	return nil, hash, err
}
