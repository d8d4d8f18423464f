package application

import (
	"context"
	"errors"
	"slices"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// ChangePassword replaces a password by one that its owner chooses. Whoever knows the old
// one may do it, also when a change is due; then nothing is due any more, and every
// session of the person is over. If mail is set up the person is sent a notice.
//
// Errors: [domain.ErrInvalidCredentials] and [domain.ErrThrottled] as for a sign-in, [domain.ErrPasswordRefused] as
// a [domain.PasswordRefusal], those of [CurrentStaff] if an access token says who it is, or a
// [domain.Throttled] in their stead for who shows it again and again,
// [domain.ErrOverloaded], [domain.ErrUnavailable].
type ChangePassword struct {
	passwords passwordCheck
	store     ports.Store
	hasher    ports.PasswordHasher
	rules     *PasswordRules
	parser    ports.TokenParser
	postbox   postbox
	clock     ports.Clock
	refusals  *Refusals
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
	devices domain.DeviceKey, mailID ports.NewMailID, clock ports.Clock, refusals *Refusals, policy domain.Policy,
) *ChangePassword {
	policy.EnforcePasswordReset = false // a due change must not block the change
	return &ChangePassword{
		passwordCheck{store, hasher, subjects, devices, policy.Throttle}, store, hasher, rules, parser,
		postbox{mailID, policy.Links.Mail}, clock, refusals, policy,
	}
}

// Execute implements [ports.UseCase].
func (u *ChangePassword) Execute(ctx context.Context, cmd ChangePasswordCommand) (ChangePasswordResult, error) {
	now := u.clock()
	attempt, err := u.check(ctx, cmd, now)
	if isForged(err) {
		return ChangePasswordResult{}, err
	}
	if domain.IsRefusal(err) && !errors.Is(err, domain.ErrThrottled) { // of the access token
		claims, _ := u.parser.Parse(ctx, cmd.Access) // it is genuine, or the refusal would be another
		return ChangePasswordResult{}, u.refusals.settle(ctx, u.store, shown(claims, cmd.Client, u.policy, now), func(ports.Records) (verdict, error) {
			return verdict{event: domain.NewAuditEvent(domain.EventPasswordChange, cmd.Client, now)}, err
		})
	}
	if err != nil {
		return ChangePasswordResult{}, err
	}
	refusal, hash, err := u.prepare(ctx, attempt, cmd, now)
	if err != nil {
		u.passwords.withdraw(ctx, attempt)
		return ChangePasswordResult{}, err
	}
	return ChangePasswordResult{}, u.passwords.settle(ctx, attempt, func(records ports.Records) (domain.AuditEvent, error) {
		event := attempt.event(domain.EventPasswordChange, cmd.Client, now)
		staff, err := u.passwords.decide(records, attempt, u.policy, now)
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
		return event, u.postbox.notify(records, domain.MailPasswordChanged, staff.ID, now)
	})
}

func (u *ChangePassword) check(ctx context.Context, cmd ChangePasswordCommand, now time.Time) (attempt, error) {
	try := try{
		kind: domain.EventPasswordChange, password: cmd.OldPassword, device: cmd.Device, client: cmd.Client, now: now,
		sessions: presented{parser: u.parser, policy: u.policy}.genuine(ctx, slices.Concat(cmd.Tokens, []domain.Token{cmd.Access}), now),
	}
	if cmd.Username != "" {
		return u.passwords.byAddress(ctx, cmd.Username, try)
	}
	owner, err := authenticate(ctx, u.store, u.parser, cmd.Access, u.policy, now)
	if err != nil {
		return attempt{}, err
	}
	return u.passwords.byID(ctx, owner.ID, try)
}

// prepare hashes the new password if the old one is right and the new one will do.
func (u *ChangePassword) prepare(ctx context.Context, a attempt, cmd ChangePasswordCommand, now time.Time) (refusal error, hash domain.PasswordHash, err error) {
	if !a.known {
		return nil, domain.PasswordHash{}, nil // refused when it is written
	}
	refusal = a.staff.CheckSignIn(a.matches, u.policy, now)
	if refusal == nil {
		refusal = u.rules.check(ctx, a.staff, cmd.NewPassword, cmd.OldPassword)
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
