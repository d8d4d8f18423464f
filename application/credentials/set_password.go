package credentials

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// SetPassword sets a password that an operator has chosen. All sessions of the person end, and a change of
// the password is due. Wrong passwords from before do not count any more. If mail is set up, the person
// gets a notice.
//
// Errors: [domain.ErrNotAllowed]; [domain.ErrPasswordRefused] as a [domain.PasswordRefusal]; [domain.ErrStaffNotFound];
// [domain.ErrOverloaded]; [domain.ErrBreachesUnknown]; [domain.ErrUnavailable].
type SetPassword struct {
	store   ports.Store
	hasher  ports.PasswordHasher
	rules   *PasswordRules
	postbox steps.Postbox
	clock   ports.Clock
}

// SetPasswordCommand names the person and the password.
type SetPasswordCommand struct {
	Email    string
	Password domain.Password
	Client   domain.Client
}

// NewSetPassword makes the use case.
func NewSetPassword(
	store ports.Store, hasher ports.PasswordHasher, rules *PasswordRules, mailID ports.NewMailID, clock ports.Clock, policy domain.Policy,
) *SetPassword {
	return &SetPassword{store, hasher, rules, steps.Postbox{MailID: mailID, On: policy.Links.Mail}, clock}
}

// Execute implements [ports.UseCase].
func (u *SetPassword) Execute(ctx context.Context, cmd SetPasswordCommand) (domain.StaffChange, error) {
	now := u.clock()
	hash, err := u.prepare(ctx, cmd)
	if err != nil {
		return domain.StaffChange{}, err
	}
	event := domain.NewAuditEvent(domain.EventStaffPassword, cmd.Client, now)
	return steps.ChangeStaff(ctx, u.store, cmd.Email, event, func(records ports.Records, staff *domain.Staff) (bool, error) {
		staff.SetPassword(hash, now)
		if _, err := steps.Unlock(records, staff.ID); err != nil {
			return false, err
		}
		if _, err := records.Sessions().EndAll(staff.ID, domain.EndPasswordChanged, now); err != nil {
			return false, err
		}
		return true, u.postbox.Notify(records, domain.MailPasswordSet, staff.ID, now)
	})
}

// prepare hashes the password if it passes the rules for the person.
func (u *SetPassword) prepare(ctx context.Context, cmd SetPasswordCommand) (hash domain.PasswordHash, err error) {
	var staff domain.Staff
	err = u.store.View(ctx, func(records ports.Records) error {
		staff, err = records.Staff().ByEmail(domain.Email(cmd.Email).Key())
		return err
	})
	if err != nil {
		return hash, err
	}
	if err := u.rules.check(ctx, staff, cmd.Password, domain.Password{}); err != nil {
		return hash, err
	}
	return u.hasher.Hash(ctx, cmd.Password)
}
