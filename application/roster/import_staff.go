package roster

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// ImportStaff adds and changes accounts from an export of the shop's job system. Importing the same export
// again changes nothing; [domain.Staff.Import] says what a later export changes. Unless Partial is set, one
// refused row refuses all.
//
// Errors: [domain.ErrNotAllowed]; [domain.ErrLastSuperuser]; [domain.ErrImportRefused] beside the full result, [domain.ErrUnavailable].
type ImportStaff struct {
	store  ports.Store
	hasher ports.PasswordHasher
	clock  ports.Clock
	policy domain.Policy
}

// ImportStaffCommand is the export.
type ImportStaffCommand struct {
	Rows []domain.ImportRow
	// Partial imports the good rows even if others are refused.
	Partial bool
	Client  domain.Client
}

// ImportStaffResult says what became of each row, in the order of the export.
type ImportStaffResult struct {
	Rows []ImportedRow
	// LastSuperuser: the list has left the shop without a superuser, see [domain.Staff.StaysSuperuser].
	LastSuperuser bool
}

// An ImportedRow is what became of one row.
type ImportedRow struct {
	Number  int
	ID      domain.StaffID
	Email   domain.Email
	Action  domain.ImportAction
	Problem error // why it was refused
	// Unusable is true if nobody can sign in with the stored password.
	Unusable bool
	// DeletedAt is when an account with this id was deleted here, if the row brings it back. It is zero if
	// there was none, or if all its tokens have expired since.
	DeletedAt time.Time
	// Assumed names the fields that the row of somebody new leaves out; see [domain.ImportRow.Assumed].
	Assumed []string
}

// Count returns the number of rows with the action.
func (r ImportStaffResult) Count(action domain.ImportAction) (n int) {
	for _, row := range r.Rows {
		if row.Action == action {
			n++
		}
	}
	return n
}

// NewImportStaff makes the use case.
func NewImportStaff(store ports.Store, hasher ports.PasswordHasher, clock ports.Clock, policy domain.Policy) *ImportStaff {
	return &ImportStaff{store, hasher, clock, policy}
}

// Execute implements [ports.UseCase].
func (u *ImportStaff) Execute(ctx context.Context, cmd ImportStaffCommand) (ImportStaffResult, error) {
	now := u.clock()
	epoch, err := u.epoch(ctx)
	if err != nil {
		return ImportStaffResult{}, err
	}
	var result ImportStaffResult
	err = steps.Update(ctx, u.store, func(records ports.Records) error {
		seen := firstSeen{map[domain.StaffID]int{}, map[domain.EmailKey]int{}}
		run := importRun{u, records, seen, cmd.Client, epoch, now}
		had, err := steps.HasSuperuser(records.Staff(), "")
		if err != nil {
			return err
		}
		for _, row := range cmd.Rows {
			outcome, err := run.row(row)
			if err != nil {
				return err
			}
			result.Rows = append(result.Rows, outcome)
		}
		if !cmd.Partial && result.Count(domain.ImportRefused) > 0 {
			return domain.ErrImportRefused
		}
		result.LastSuperuser, err = run.lastSuperuser(had)
		return err
	})
	if errors.Is(err, domain.ErrImportRefused) {
		return result, err
	}
	return steps.Result(result, err)
}

// epoch is when all sessions were last ended because the store was put back. An account that seems new may
// have existed before that, and its tokens from then must stay revoked.
func (u *ImportStaff) epoch(ctx context.Context) (epoch time.Time, err error) {
	err = u.store.View(ctx, func(records ports.Records) error {
		for _, kind := range []domain.EventKind{domain.EventDatabaseRestore, domain.EventDatabaseRollback} {
			for event, err := range records.Audit().Events(ports.AuditFilter{Kind: kind, Limit: 1}) {
				if err != nil {
					return err
				}
				if event.At.After(epoch) {
					epoch = event.At
				}
			}
		}
		return nil
	})
	return epoch, err
}

// A rowProblem says why one row is refused.
type rowProblem struct{ error }

func (p rowProblem) Unwrap() error { return p.error }

// An importRun is one import, within its update.
type importRun struct {
	*ImportStaff
	records ports.Records
	seen    firstSeen
	client  domain.Client
	epoch   time.Time
	now     time.Time
}

// lastSuperuser reports whether the list has shut the last superuser out, and refuses that to a colleague.
func (r importRun) lastSuperuser(had bool) (bool, error) {
	has, err := steps.HasSuperuser(r.records.Staff(), "")
	if err != nil || has || !had {
		return false, err
	}
	return true, steps.PermitWithoutSuperuser(domain.NewAuditEvent(domain.EventStaffImport, r.client, r.now))
}

// row imports one row. The problem of a refused row is part of the outcome, not an error.
func (r importRun) row(row domain.ImportRow) (ImportedRow, error) {
	outcome := ImportedRow{Number: row.Number, ID: row.ID, Email: row.Email.Value}
	err := r.apply(row, &outcome)
	if problem, ok := errors.AsType[rowProblem](err); ok {
		refused := ImportedRow{Number: row.Number, ID: row.ID, Email: row.Email.Value, Action: domain.ImportRefused, Problem: problem}
		return refused, nil
	}
	return outcome, err
}

func (r importRun) apply(row domain.ImportRow, outcome *ImportedRow) error {
	if row.Problem != nil {
		return rowProblem{row.Problem}
	}
	if err := r.seen.add(row); err != nil {
		return rowProblem{err}
	}
	staff, imported, err := r.merge(row, outcome)
	if errors.Is(err, domain.ErrInvalidStaff) {
		return rowProblem{err}
	}
	if err != nil {
		return err
	}
	if err := steps.Permit(domain.NewAuditEvent(domain.EventStaffImport, r.client, r.now), staff); err != nil {
		return err
	}
	outcome.Action, outcome.Email = imported.Action, staff.Email
	outcome.Unusable = !r.hasher.Recognizes(staff.Credentials.Hash)
	if outcome.Action == domain.ImportUnchanged {
		return r.records.Imports().Remember(staff.ID, imported.State)
	}
	if err := r.save(staff, imported); errors.Is(err, domain.ErrEmailTaken) {
		return rowProblem{err}
	} else if err != nil {
		return err
	}
	return r.record(*outcome)
}

// merge returns the account as it will be after the row.
func (r importRun) merge(row domain.ImportRow, outcome *ImportedRow) (staff domain.Staff, imported domain.Imported, err error) {
	last, err := r.records.Imports().Last(row.ID)
	if err != nil {
		return staff, imported, err
	}
	staff, err = r.records.Staff().ByID(row.ID)
	switch {
	case errors.Is(err, domain.ErrStaffNotFound):
		return r.add(row, outcome)
	case err == nil:
		imported, err = staff.Import(last, row, r.policy.Today(r.now), r.now)
	}
	return staff, imported, err
}

// add makes an account for somebody new, or for somebody whose account was deleted here.
func (r importRun) add(row domain.ImportRow, outcome *ImportedRow) (domain.Staff, domain.Imported, error) {
	deletion, err := r.records.Deletions().Of(row.ID)
	if err != nil {
		return domain.Staff{}, domain.Imported{}, err
	}
	staff, imported, err := domain.NewImportedStaff(row, r.now)
	if err != nil {
		return staff, imported, err
	}
	staff.SessionsEndedAt = r.epoch
	staff.ComeBack(deletion, r.policy)
	outcome.DeletedAt, outcome.Assumed = deletion.At, row.Assumed()
	return staff, imported, nil
}

// save stores the account, and remembers the row for the next import.
func (r importRun) save(staff domain.Staff, imported domain.Imported) error {
	if err := r.records.Staff().Save(staff); err != nil {
		return err
	}
	if imported.EndSessions {
		if _, err := r.records.Sessions().EndAll(staff.ID, domain.EndAccountImported, r.now); err != nil {
			return err
		}
	}
	return r.records.Imports().Remember(staff.ID, imported.State)
}

func (r importRun) record(outcome ImportedRow) error {
	event := domain.NewAuditEvent(domain.EventStaffImport, r.client, r.now)
	event.StaffID, event.Reason = outcome.ID, domain.Reason(outcome.Action)
	if !outcome.DeletedAt.IsZero() {
		event.Reason = domain.ReasonDeletedEarlier
	}
	return r.records.Audit().Append(event.Decided(nil))
}

// firstSeen maps ids and addresses to the row in which they came first.
type firstSeen struct {
	ids    map[domain.StaffID]int
	emails map[domain.EmailKey]int
}

func (s firstSeen) add(row domain.ImportRow) error {
	if first, ok := s.ids[row.ID]; ok {
		return fmt.Errorf("the same id as in row %d", first)
	}
	key := row.Email.Value.Key()
	if first, ok := s.emails[key]; ok {
		return fmt.Errorf("the same e-mail address as in row %d, letter case aside", first)
	}
	s.ids[row.ID] = row.Number
	if row.Email.Given() {
		s.emails[key] = row.Number
	}
	return nil
}
