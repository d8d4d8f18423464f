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

// ChangePassword replaces a password by one that its owner chooses. Whoever knows the old
// one may do it, also when a change is due; then nothing is due any more, and every
// session of the person is over. If mail is set up the person is sent a notice.
//
// Errors: [domain.ErrInvalidCredentials] and [domain.ErrThrottled] as for a sign-in, [domain.ErrPasswordRefused] as
// a [domain.PasswordRefusal], those of [signin.CurrentStaff] if an access token says who it is, or a
// [domain.Throttled] in their stead for who shows it again and again,
// [domain.ErrOverloaded], [domain.ErrUnavailable].
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

// ChangePasswordCommand names the person by address or, if that is empty, by an access
// token.
type ChangePasswordCommand struct {
	Username    string // trimmed
	Access      domain.Token
	OldPassword domain.Password
	NewPassword domain.Password
	Tokens      []domain.Token     // which the client still has
	Device      domain.DeviceToken // if the device keeps one
	Client      domain.Client
}

// ChangePasswordResult is empty: the password is changed.
type ChangePasswordResult struct{}

// NewChangePassword makes the use case.
func NewChangePassword(
	store ports.Store, hasher ports.PasswordHasher, rules *PasswordRules, subjects ports.SubjectHasher, parser ports.TokenParser,
	devices domain.DeviceKey, mailID ports.NewMailID, clock ports.Clock, refusals *application.Refusals, policy domain.Policy,
) *ChangePassword {
	policy.EnforcePasswordReset = false // a due change must not block the change
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
	if domain.IsRefusal(err) && !errors.Is(err, domain.ErrThrottled) { // of the access token
		claims, _ := u.parser.Parse(ctx, cmd.Access) // it is genuine, or the refusal would be another
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
	owner, err := steps.Authenticate(ctx, u.store, u.parser, cmd.Access, u.policy, now)
	if err != nil {
		return steps.Attempt{}, err
	}
	return u.passwords.ByID(ctx, owner.ID, try)
}

// prepare hashes the new password if the old one is right and the new one will do.
func (u *ChangePassword) prepare(ctx context.Context, a steps.Attempt, cmd ChangePasswordCommand, now time.Time) (refusal error, hash domain.PasswordHash, err error) {
	if !a.Known {
		return nil, domain.PasswordHash{}, nil // refused when it is written
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
