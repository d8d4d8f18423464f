package sqlite

import (
	"database/sql"
	"iter"

	"gatehouse/domain"
)

type staffRecords struct{ access }

const selectStaff = `
SELECT id,
       email,
       first_name,
       last_name,
       preferred_name,
       is_active,
       is_office_staff,
       is_workshop_staff,
       is_superuser,
       date_left,
       password,
       password_needs_reset,
       password_version,
       password_changed_at,
       sessions_ended_at,
       created_at,
       updated_at
  FROM staff`

type scanner interface{ Scan(into ...any) error }

func scanStaff(row scanner) (staff domain.Staff, err error) {
	var preferred, left sql.NullString
	var hash string
	var changed, ended, created, updated storedTime
	err = row.Scan(
		&staff.ID, &staff.Email, &staff.FirstName, &staff.LastName, &preferred,
		&staff.IsActive, &staff.IsOfficeStaff, &staff.IsWorkshopStaff, &staff.IsSuperuser, &left,
		&hash, &staff.Credentials.NeedsReset, &staff.Credentials.Version, &changed,
		&ended, &created, &updated,
	)
	staff.PreferredName, staff.HasPreferredName = preferred.String, preferred.Valid
	staff.DateLeft = storedDate(left.String)
	staff.Credentials.Hash = domain.NewPasswordHash(hash)
	staff.Credentials.ChangedAt = changed.Time
	staff.SessionsEndedAt, staff.CreatedAt, staff.UpdatedAt = ended.Time, created.Time, updated.Time
	return staff, err
}

func (r staffRecords) one(query string, args ...any) (domain.Staff, error) {
	staff, err := scanFirst(r, scanStaff, query, args...)
	if err != nil {
		return domain.Staff{}, absent(domain.ErrStaffNotFound, "reading staff", err)
	}
	return staff, nil
}

// ByID implements [ports.StaffFinder].
func (r staffRecords) ByID(id domain.StaffID) (domain.Staff, error) {
	return r.one(selectStaff+` WHERE id = ?`, string(id))
}

// ByEmail implements [ports.StaffFinder].
func (r staffRecords) ByEmail(key domain.EmailKey) (domain.Staff, error) {
	return r.one(selectStaff+` WHERE email_key = ?`, string(key))
}

// Nearest implements [ports.StaffFinder].
func (r staffRecords) Nearest(id domain.StaffID) (domain.Staff, error) {
	staff, err := r.one(selectStaff+` WHERE password_usable AND id >= ? ORDER BY id LIMIT 1`, string(id))
	if err == domain.ErrStaffNotFound {
		return r.one(selectStaff + ` WHERE password_usable ORDER BY id LIMIT 1`)
	}
	return staff, err
}

// All implements [ports.StaffFinder].
func (r staffRecords) All() iter.Seq2[domain.Staff, error] {
	return each(r, "reading staff", scanStaff, selectStaff+` ORDER BY email_key`)
}

// scanFirst reads the first row of a query. The error of one without rows is [sql.ErrNoRows].
func scanFirst[T any](c access, scan func(scanner) (T, error), query string, args ...any) (none T, err error) {
	found, err := c.first(query, args...)
	if err != nil {
		return none, err
	}
	return scan(found)
}

// each yields the rows of a query, and stops after an error.
func each[T any](c access, operation string, scan func(scanner) (T, error), query string, args ...any) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		rows, err := c.rows(query, args...)
		if err != nil {
			yield(none, unavailable(operation, err))
			return
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			value, err := scan(rows)
			if !yield(value, unavailable(operation, err)) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(none, unavailable(operation, err))
		}
	}
}

// Save implements [ports.StaffRecords].
func (r staffRecords) Save(staff domain.Staff) error {
	var preferred any
	if staff.HasPreferredName {
		preferred = staff.PreferredName
	}
	_, err := r.run(`
INSERT INTO staff (
       id,
       email,
       email_key,
       first_name,
       last_name,
       preferred_name,
       is_active,
       is_office_staff,
       is_workshop_staff,
       is_superuser,
       date_left,
       password,
       password_usable,
       password_needs_reset,
       password_version,
       password_changed_at,
       sessions_ended_at,
       created_at,
       updated_at
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
       email                = excluded.email,
       email_key            = excluded.email_key,
       first_name           = excluded.first_name,
       last_name            = excluded.last_name,
       preferred_name       = excluded.preferred_name,
       is_active            = excluded.is_active,
       is_office_staff      = excluded.is_office_staff,
       is_workshop_staff    = excluded.is_workshop_staff,
       is_superuser         = excluded.is_superuser,
       date_left            = excluded.date_left,
       password             = excluded.password,
       password_usable      = excluded.password_usable,
       password_needs_reset = excluded.password_needs_reset,
       password_version     = excluded.password_version,
       password_changed_at  = excluded.password_changed_at,
       sessions_ended_at    = excluded.sessions_ended_at,
       created_at           = excluded.created_at,
       updated_at           = excluded.updated_at`,
		string(staff.ID), string(staff.Email), string(staff.Email.Key()),
		staff.FirstName, staff.LastName, preferred,
		staff.IsActive, staff.IsOfficeStaff, staff.IsWorkshopStaff, staff.IsSuperuser, nullable(staff.DateLeft.String()),
		staff.Credentials.Hash.Reveal(), staff.Credentials.Hash.Usable(), staff.Credentials.NeedsReset,
		staff.Credentials.Version, millis(staff.Credentials.ChangedAt),
		millis(staff.SessionsEndedAt), staff.CreatedAt.UnixMilli(), staff.UpdatedAt.UnixMilli(),
	)
	if isDuplicate(err) {
		return domain.ErrEmailTaken
	}
	return unavailable("storing staff", err)
}

// Delete implements [ports.StaffRecords]. The schema deletes the sessions and the import along
// with the account. It cannot do so where the account may be an address that nobody has.
func (r staffRecords) Delete(id domain.StaffID) error {
	deleted, err := r.run(`DELETE FROM staff WHERE id = ?`, string(id))
	if err == nil && deleted == 0 {
		return domain.ErrStaffNotFound
	}
	for _, statement := range []string{
		`DELETE FROM link WHERE account = ?`,
		`DELETE FROM outbox WHERE account = ?`,
		`DELETE FROM throttle WHERE account = ?`,
	} {
		if err == nil {
			_, err = r.run(statement, string(id))
		}
	}
	return unavailable("deleting staff", err)
}
