package steps

import (
	"context"
	"errors"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// A denial is a refusal of rights, with the audit event that [Update] writes about it.
type denial struct {
	event   domain.AuditEvent
	refusal error
}

func (d *denial) Error() string { return d.refusal.Error() }

// Permit asks whether the actor of the event may do its deed to the account. Call it within [Update], which
// writes a refusal into the audit trail.
//
// Errors: [domain.ErrNotAllowed].
func Permit(event domain.AuditEvent, whom domain.Staff) error {
	event.StaffID = whom.ID
	return deny(event, event.Client.Actor.May(event.Kind, whom))
}

func deny(event domain.AuditEvent, refusal error) error {
	if refusal == nil {
		return nil
	}
	return &denial{event.Decided(refusal), refusal}
}

// Update runs change as one update. If [Permit] has refused it, everything is rolled back, and an update
// of its own writes the event of the refusal and nothing else.
func Update(ctx context.Context, store ports.Store, change func(ports.Records) error) error {
	return tell(ctx, store, store.Update(ctx, change))
}

// PermitReading asks whether the actor may read what the event kind names. It writes a refusal into the audit
// trail.
//
// Errors: [domain.ErrNotAllowed], [domain.ErrUnavailable].
func PermitReading(ctx context.Context, store ports.Store, kind domain.EventKind, client domain.Client, now time.Time) error {
	return tell(ctx, store, Permit(domain.NewAuditEvent(kind, client, now), domain.Staff{}))
}

// tell writes the event of a denial, and returns its refusal. It returns other errors as they are.
func tell(ctx context.Context, store ports.Store, err error) error {
	denied, ok := errors.AsType[*denial](err)
	if !ok {
		return err
	}
	if err := store.Update(ctx, func(records ports.Records) error { return records.Audit().Append(denied.event) }); err != nil {
		return err
	}
	return denied.refusal
}

// permitWithout refuses a change that takes the last superuser away, unless the actor may do that. It
// reports whether the change does so.
func permitWithout(records ports.StaffRecords, event domain.AuditEvent, before, after domain.Staff) (last bool, err error) {
	if !before.StaysSuperuser() || after.StaysSuperuser() {
		return false, nil
	}
	if others, err := HasSuperuser(records, before.ID); err != nil || others {
		return false, err
	}
	event.StaffID = before.ID
	return true, PermitWithoutSuperuser(event)
}

// HasSuperuser reports whether anybody besides one person stays a superuser; see
// [domain.Staff.StaysSuperuser].
func HasSuperuser(records ports.StaffRecords, besides domain.StaffID) (bool, error) {
	for staff, err := range records.All() {
		if err != nil {
			return false, err
		}
		if staff.ID != besides && staff.StaysSuperuser() {
			return true, nil
		}
	}
	return false, nil
}

// PermitWithoutSuperuser asks whether the actor may leave the shop without a superuser. [Update] writes a
// refusal into the audit trail.
//
// Errors: [domain.ErrLastSuperuser].
func PermitWithoutSuperuser(event domain.AuditEvent) error {
	return deny(event, event.Client.Actor.MayTakeLastSuperuser())
}

// PermitDeletion does the same as [Permit], and refuses to delete the last superuser.
func PermitDeletion(records ports.StaffRecords, event domain.AuditEvent, whom domain.Staff) (last bool, err error) {
	if err := Permit(event, whom); err != nil {
		return false, err
	}
	return permitWithout(records, event, whom, domain.Staff{})
}
