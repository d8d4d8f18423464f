package application

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// ImportStaff brings accounts in from an export of the shop's job system. Importing the
// same export again changes nothing; see [domain.Staff.Import] for what a later export
// changes. It is all or nothing unless Partial is set.
//
// Errors: [domain.ErrImportRefused] with the full result, [domain.ErrUnavailable].
type ImportStaff struct {
	store  ports.Store
	hasher ports.PasswordHasher
	clock  ports.Clock
	policy domain.Policy
}

// ImportStaffCommand is the export.
type ImportStaffCommand struct {
	Rows []domain.ImportRow
	// Partial imports the good rows although others are refused.
	Partial bool
	Client  domain.Client
}

// ImportStaffResult tells what became of each row, in the order of the export.
type ImportStaffResult struct {
	Rows []ImportedRow
}

// An ImportedRow is what became of one row.
type ImportedRow struct {
	Number  int
	ID      domain.StaffID
	Email   domain.Email
	Action  domain.ImportAction
	Problem error // why it was refused
	// Unusable: nobody can sign in with the stored password.
	Unusable bool
}

// Count returns how many rows met with the action.
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
	err = u.store.Update(ctx, func(records ports.Records) error {
		seen := firstSeen{map[domain.StaffID]int{}, map[domain.EmailKey]int{}}
		for _, row := range cmd.Rows {
			outcome := ImportedRow{Number: row.Number, ID: row.ID, Email: row.Profile.Email}
			var err error
			outcome.Action, outcome.Unusable, err = u.importRow(records, seen, row, cmd.Client, epoch, now)
			if err != nil && !isRowProblem(err) {
				return err
			}
			outcome.Problem = err
			result.Rows = append(result.Rows, outcome)
		}
		if !cmd.Partial && result.Count(domain.ImportRefused) > 0 {
			return domain.ErrImportRefused
		}
		return nil
	})
	return result, err
}

// A rowProblem is why one row is refused.
type rowProblem struct{ error }

func (p rowProblem) Unwrap() error { return p.error }

func isRowProblem(err error) bool {
	_, ok := errors.AsType[rowProblem](err)
	return ok
}

func (u *ImportStaff) importRow(
	records ports.Records, seen firstSeen, row domain.ImportRow, client domain.Client, epoch, now time.Time,
) (action domain.ImportAction, unusable bool, err error) {
	if row.Problem != nil {
		return domain.ImportRefused, false, rowProblem{row.Problem}
	}
	if err := seen.add(row); err != nil {
		return domain.ImportRefused, false, rowProblem{err}
	}
	staff, action, endSessions, err := u.merge(records, row, epoch, now)
	if err != nil {
		return action, false, err
	}
	unusable = !u.hasher.Recognizes(staff.Credentials.Hash)
	if action == domain.ImportUnchanged {
		return action, unusable, records.Imports().Remember(row.ID, row.State())
	}
	if err := u.save(records, staff, row, endSessions, now); errors.Is(err, domain.ErrEmailTaken) {
		return domain.ImportRefused, false, rowProblem{err}
	} else if err != nil {
		return "", false, err
	}
	event := domain.NewAuditEvent(domain.EventStaffImport, client, now)
	event.StaffID, event.Reason = staff.ID, domain.Reason(action)
	return action, unusable, records.Audit().Append(event.Decided(nil))
}

// save stores the account and what the row has brought.
func (u *ImportStaff) save(records ports.Records, staff domain.Staff, row domain.ImportRow, endSessions bool, now time.Time) error {
	if err := records.Staff().Save(staff); err != nil {
		return err
	}
	if endSessions {
		if _, err := records.Sessions().EndAll(staff.ID, domain.EndAccountImported, now); err != nil {
			return err
		}
	}
	return records.Imports().Remember(row.ID, row.State())
}

// epoch is when every session was last ended, as it is owed to everybody when the store has
// been put back. Who is new here may have been here before that, and signed out.
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

// merge returns the account as it is to be after the row.
func (u *ImportStaff) merge(records ports.Records, row domain.ImportRow, epoch, now time.Time) (
	staff domain.Staff, action domain.ImportAction, endSessions bool, err error,
) {
	last, err := records.Imports().Last(row.ID)
	if err != nil {
		return domain.Staff{}, "", false, err
	}
	staff, err = records.Staff().ByID(row.ID)
	switch {
	case errors.Is(err, domain.ErrStaffNotFound):
		action = domain.ImportAdded
		staff, err = domain.NewImportedStaff(row, now)
		staff.SessionsEndedAt = epoch
	case err == nil:
		action, endSessions, err = staff.Import(last, row, u.policy.Today(now), now)
	}
	if errors.Is(err, domain.ErrInvalidStaff) {
		return staff, domain.ImportRefused, false, rowProblem{err}
	}
	return staff, action, endSessions, err
}

// firstSeen remembers in which row an id and an address came first.
type firstSeen struct {
	ids    map[domain.StaffID]int
	emails map[domain.EmailKey]int
}

func (s firstSeen) add(row domain.ImportRow) error {
	if first, ok := s.ids[row.ID]; ok {
		return fmt.Errorf("the same id as in row %d", first)
	}
	key := row.Profile.Email.Key()
	if first, ok := s.emails[key]; ok {
		return fmt.Errorf("the same e-mail address as in row %d, letter case aside", first)
	}
	s.ids[row.ID], s.emails[key] = row.Number, row.Number
	return nil
}
