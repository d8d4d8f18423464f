package roster

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// DeleteStaff removes an account for good, with its sessions, its one-time link and its counters. The audit
// events about it stay. The ID is remembered until all tokens of the account have expired: an import may
// bring the account back, and its old tokens must not work again.
//
// Errors: [domain.ErrNotAllowed], [domain.ErrStaffNotFound], [domain.ErrUnavailable].
type DeleteStaff struct {
	store ports.Store
	clock ports.Clock
}

// DeleteStaffCommand names the person.
type DeleteStaffCommand struct {
	Email  string
	Client domain.Client
}

// NewDeleteStaff makes the use case.
func NewDeleteStaff(store ports.Store, clock ports.Clock) *DeleteStaff {
	return &DeleteStaff{store, clock}
}

// Execute implements [ports.UseCase].
func (u *DeleteStaff) Execute(ctx context.Context, cmd DeleteStaffCommand) (result domain.StaffChange, err error) {
	now := u.clock()
	err = steps.Update(ctx, u.store, func(records ports.Records) error {
		staff, err := records.Staff().ByEmail(domain.Email(cmd.Email).Key())
		if err != nil {
			return err
		}
		event := domain.NewAuditEvent(domain.EventStaffDelete, cmd.Client, now)
		event.StaffID = staff.ID
		last, err := steps.PermitDeletion(records.Staff(), event, staff)
		if err != nil {
			return err
		}
		result = domain.StaffChange{Staff: staff, Changed: true, LastSuperuser: last}
		if err := records.Staff().Delete(staff.ID); err != nil {
			return err
		}
		if err := records.Deletions().Save(staff.Delete(now)); err != nil {
			return err
		}
		return records.Audit().Append(event.Decided(nil))
	})
	return steps.Result(result, err)
}
