package sqlite

import (
	"database/sql"
	"encoding/json"
	"errors"

	"gatehouse/domain"
)

type importRecords struct{ access }

// storedProfile is how a profile is written down as JSON.
type storedProfile struct {
	Email           domain.Email `json:"email"`
	FirstName       string       `json:"first_name"`
	LastName        string       `json:"last_name"`
	PreferredName   *string      `json:"preferred_name"`
	IsActive        bool         `json:"is_active"`
	IsOfficeStaff   bool         `json:"is_office_staff"`
	IsWorkshopStaff bool         `json:"is_workshop_staff"`
	IsSuperuser     bool         `json:"is_superuser"`
	DateLeft        string       `json:"date_left"`
}

// Last implements [ports.ImportRecords].
func (r importRecords) Last(id domain.StaffID) (domain.ImportedState, error) {
	var text string
	var state domain.ImportedState
	err := row(r, `SELECT profile, needs_reset, password_digest FROM staff_import WHERE staff_id = ?`,
		[]any{string(id)}, &text, &state.NeedsReset, &state.PasswordDigest)
	if errors.Is(err, sql.ErrNoRows) {
		return domain.ImportedState{}, nil
	}
	if err != nil {
		return domain.ImportedState{}, unavailable("reading an import", err)
	}
	var p storedProfile
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return domain.ImportedState{}, unavailable("reading an import", err)
	}
	state.Profile = domain.Profile{
		Email: p.Email, FirstName: p.FirstName, LastName: p.LastName,
		IsActive: p.IsActive, IsOfficeStaff: p.IsOfficeStaff, IsWorkshopStaff: p.IsWorkshopStaff,
		IsSuperuser: p.IsSuperuser, DateLeft: storedDate(p.DateLeft),
	}
	if p.PreferredName != nil {
		state.Profile.PreferredName, state.Profile.HasPreferredName = *p.PreferredName, true
	}
	return state, nil
}

// Remember implements [ports.ImportRecords].
func (r importRecords) Remember(id domain.StaffID, state domain.ImportedState) error {
	p := state.Profile
	stored := storedProfile{
		Email: p.Email, FirstName: p.FirstName, LastName: p.LastName,
		IsActive: p.IsActive, IsOfficeStaff: p.IsOfficeStaff, IsWorkshopStaff: p.IsWorkshopStaff,
		IsSuperuser: p.IsSuperuser, DateLeft: p.DateLeft.String(),
	}
	if p.HasPreferredName {
		stored.PreferredName = &p.PreferredName
	}
	text, err := json.Marshal(stored)
	if err != nil {
		return unavailable("storing an import", err)
	}
	_, err = r.run(`
INSERT INTO staff_import (
       staff_id,
       profile,
       needs_reset,
       password_digest
) VALUES (?, ?, ?, ?)
ON CONFLICT (staff_id) DO UPDATE SET
       profile         = excluded.profile,
       needs_reset     = excluded.needs_reset,
       password_digest = excluded.password_digest`, string(id), string(text), state.NeedsReset, state.PasswordDigest)
	return unavailable("storing an import", err)
}
