package credentials

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// RequirePasswordReset demands that a person changes their password. If the policy enforces that, they get
// no tokens until they have. If mail is set up, they get a notice, unless they have no usable password.
//
// Errors: [domain.ErrNotAllowed], [domain.ErrStaffNotFound], [domain.ErrUnavailable].
type RequirePasswordReset struct {
	store   ports.Store
	postbox steps.Postbox
	clock   ports.Clock
}

// RequirePasswordResetCommand names the person.
type RequirePasswordResetCommand struct {
	Email  string
	Client domain.Client
}

// NewRequirePasswordReset makes the use case.
func NewRequirePasswordReset(store ports.Store, mailID ports.NewMailID, clock ports.Clock, policy domain.Policy) *RequirePasswordReset {
	return &RequirePasswordReset{store, steps.Postbox{MailID: mailID, On: policy.Links.Mail}, clock}
}

// Execute implements [ports.UseCase].
func (u *RequirePasswordReset) Execute(ctx context.Context, cmd RequirePasswordResetCommand) (domain.StaffChange, error) {
	now := u.clock()
	event := domain.NewAuditEvent(domain.EventStaffReset, cmd.Client, now)
	return steps.ChangeStaff(ctx, u.store, cmd.Email, event, func(records ports.Records, staff *domain.Staff) (bool, error) {
		if !staff.RequirePasswordReset(now) {
			return false, nil
		}
		if !staff.Credentials.Hash.Usable() {
			return true, nil
		}
		return true, u.postbox.Notify(records, domain.MailResetDue, staff.ID, now)
	})
}
