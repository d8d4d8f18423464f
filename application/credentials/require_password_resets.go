package credentials

import (
	"context"
	"errors"
	"time"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// RequirePasswordResets demands a change of the password from everybody to whom a criterion applies, as
// [RequirePasswordReset] does from one person. It skips people without a usable password, and people for
// whom a change is due already. Each person is changed in an update of their own. If one fails, the result
// lists those before it, and it is safe to execute the command again.
//
// Errors: [domain.ErrNotAllowed], [domain.ErrUnknownHash], [domain.ErrUnavailable].
type RequirePasswordResets struct {
	store   ports.Store
	grader  ports.HashGrader
	postbox steps.Postbox
	clock   ports.Clock
}

// A ResetCriterion says whose passwords must be changed. Set exactly one field.
type ResetCriterion struct {
	All bool
	// WeakerThan selects passwords by their hash; see [ports.HashGrader].
	WeakerThan string
	// OlderThan selects passwords that were last changed here at least so long ago. A password that was
	// never changed here, as after an import, counts as old.
	OlderThan time.Duration
}

// RequirePasswordResetsCommand is the criterion. A DryRun changes nothing.
type RequirePasswordResetsCommand struct {
	Whose  ResetCriterion
	DryRun bool
	Client domain.Client
}

// RequirePasswordResetsResult lists whose change is now due, or would be, in the order of addresses.
type RequirePasswordResetsResult struct {
	Staff []domain.Staff
}

// NewRequirePasswordResets makes the use case.
func NewRequirePasswordResets(
	store ports.Store, grader ports.HashGrader, mailID ports.NewMailID, clock ports.Clock, policy domain.Policy,
) *RequirePasswordResets {
	return &RequirePasswordResets{store, grader, steps.Postbox{MailID: mailID, On: policy.Links.Mail}, clock}
}

// Execute implements [ports.UseCase].
func (u *RequirePasswordResets) Execute(ctx context.Context, cmd RequirePasswordResetsCommand) (result RequirePasswordResetsResult, err error) {
	now := u.clock()
	applies, err := u.test(cmd.Whose, now)
	if err != nil {
		return result, err
	}
	if err := steps.PermitReading(ctx, u.store, domain.EventStaffRead, cmd.Client, now); err != nil {
		return result, err
	}
	found, err := u.find(ctx, applies)
	if err != nil || cmd.DryRun {
		return RequirePasswordResetsResult{found}, err
	}
	for _, staff := range found {
		flagged, err := u.flag(ctx, staff.ID, applies, domain.NewAuditEvent(domain.EventStaffReset, cmd.Client, now))
		if err != nil {
			return result, err
		}
		if flagged {
			result.Staff = append(result.Staff, staff)
		}
	}
	return result, nil
}

// test makes a function of the criterion. An empty criterion matches nobody.
func (u *RequirePasswordResets) test(whose ResetCriterion, now time.Time) (func(domain.Staff) bool, error) {
	applies := func(domain.Credentials) bool { return whose.All }
	switch {
	case whose.WeakerThan != "":
		weak, err := u.grader.WeakerThan(whose.WeakerThan)
		if err != nil {
			return nil, err
		}
		applies = func(c domain.Credentials) bool { return weak(c.Hash) }
	case whose.OlderThan > 0:
		applies = func(c domain.Credentials) bool { return !c.ChangedAt.After(now.Add(-whose.OlderThan)) }
	}
	return func(staff domain.Staff) bool {
		return staff.Credentials.Hash.Usable() && !staff.Credentials.NeedsReset && applies(staff.Credentials)
	}, nil
}

func (u *RequirePasswordResets) find(ctx context.Context, applies func(domain.Staff) bool) (found []domain.Staff, err error) {
	err = u.store.View(ctx, func(records ports.Records) error {
		for staff, err := range records.Staff().All() {
			if err != nil {
				return err
			}
			if applies(staff) {
				found = append(found, staff)
			}
		}
		return nil
	})
	return steps.Result(found, err)
}

// flag makes the change due for one person. It tests the criterion again, because the person may have
// changed the password meanwhile.
func (u *RequirePasswordResets) flag(
	ctx context.Context, id domain.StaffID, applies func(domain.Staff) bool, event domain.AuditEvent,
) (flagged bool, err error) {
	err = steps.Update(ctx, u.store, func(records ports.Records) error {
		staff, err := records.Staff().ByID(id)
		if errors.Is(err, domain.ErrStaffNotFound) || err == nil && !applies(staff) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := steps.Permit(event, staff); err != nil {
			return err
		}
		flagged = staff.RequirePasswordReset(event.At)
		if err := records.Staff().Save(staff); err != nil {
			return err
		}
		if err := u.postbox.Notify(records, domain.MailResetDue, staff.ID, event.At); err != nil {
			return err
		}
		event.StaffID = staff.ID
		return records.Audit().Append(event.Decided(nil))
	})
	return flagged && err == nil, err
}
