package steps

import (
	"context"

	"gatehouse/domain"
	"gatehouse/ports"
)

// ChangeStaff finds the account with the address and lets change alter it. It stores the account and the
// event in one update. If change returns false, nothing is stored.
//
// Errors: [domain.ErrNotAllowed] and [domain.ErrLastSuperuser], both audited; [domain.ErrStaffNotFound], that of change, [domain.ErrUnavailable].
func ChangeStaff(
	ctx context.Context, store ports.Store, email string, event domain.AuditEvent,
	change func(ports.Records, *domain.Staff) (bool, error),
) (result domain.StaffChange, err error) {
	err = Update(ctx, store, func(records ports.Records) error {
		staff, err := records.Staff().ByEmail(domain.Email(email).Key())
		if err != nil {
			return err
		}
		if err := Permit(event, staff); err != nil {
			return err
		}
		before := staff
		changed, err := change(records, &staff)
		result = domain.StaffChange{Staff: staff, Changed: changed}
		if err != nil || !changed {
			return err
		}
		if result.LastSuperuser, err = permitWithout(records.Staff(), event, before, staff); err != nil {
			return err
		}
		if err := records.Staff().Save(staff); err != nil {
			return err
		}
		event.StaffID = staff.ID
		return records.Audit().Append(event.Decided(nil))
	})
	return Result(result, err)
}
