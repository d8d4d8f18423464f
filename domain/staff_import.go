package domain

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
)

// An ImportRow is one person in a list of staff, such as an export of the shop's job system. A
// list may leave fields out.
type ImportRow struct {
	// Number counts the rows of the list from one.
	Number                                                int
	ID                                                    StaffID
	Email                                                 Said[Email]
	FirstName, LastName                                   Said[string]
	PreferredName                                         Said[PreferredName]
	IsActive, IsOfficeStaff, IsWorkshopStaff, IsSuperuser Said[bool]
	DateLeft                                              Said[Date]
	Hash                                                  Said[PasswordHash]
	// NeedsReset: a change of the password was due when the list was made.
	NeedsReset Said[bool]
	// Problem says why the row could not be read. Other fields may be missing then.
	Problem error
}

// A StaffList is a list of staff as it was read.
type StaffList struct {
	Rows []ImportRow
	// Unknown are names of columns that Gatehouse does not know. One may be misspelt.
	Unknown []string
}

// NewImportRow makes a row with every field.
func NewImportRow(number int, id StaffID, profile Profile, hash PasswordHash, needsReset bool) ImportRow {
	return ImportRow{
		Number:          number,
		ID:              id,
		Email:           Says(profile.Email),
		FirstName:       Says(profile.FirstName),
		LastName:        Says(profile.LastName),
		PreferredName:   Says(profile.preferredName()),
		IsActive:        Says(profile.IsActive),
		IsOfficeStaff:   Says(profile.IsOfficeStaff),
		IsWorkshopStaff: Says(profile.IsWorkshopStaff),
		IsSuperuser:     Says(profile.IsSuperuser),
		DateLeft:        Says(profile.DateLeft),
		Hash:            Says(hash),
		NeedsReset:      Says(needsReset),
	}
}

// Settle decides what empty fields mean. Empty names are empty; an empty date_left means that the
// person has not left; an empty password is unusable. An address cannot be empty, and an empty
// flag is neither true nor false. It returns what is wrong with the row, field by field.
func (r *ImportRow) Settle() (problems []string) {
	for _, problem := range []string{
		r.Email.settle("email"),
		r.FirstName.settle("first_name", ""),
		r.LastName.settle("last_name", ""),
		r.IsActive.settle("is_active"),
		r.IsSuperuser.settle("is_superuser"),
		r.DateLeft.settle("date_left", Date{}),
		r.PreferredName.settle("preferred_name", PreferredName{}),
		r.IsOfficeStaff.settle("is_office_staff"),
		r.IsWorkshopStaff.settle("is_workshop_staff"),
		r.Hash.settle("password", UnusablePassword),
		r.NeedsReset.settle("password_needs_reset"),
	} {
		if problem != "" {
			problems = append(problems, problem)
		}
	}
	return problems
}

// check settles the row, and refuses it with an [ErrInvalidStaff] that names the fields.
func (r *ImportRow) check() error {
	if problems := r.Settle(); len(problems) > 0 {
		return fmt.Errorf("%w: %s", ErrInvalidStaff, strings.Join(problems, "; "))
	}
	return nil
}

// Assumed names the fields about rights that the row of a new person leaves out. Such a person is
// active, has not left, has no rights, and need not change the password.
func (r ImportRow) Assumed() (fields []string) {
	for _, field := range []struct {
		name string
		said bool
	}{
		{"is_active", r.IsActive.Given()},
		{"date_left", r.DateLeft.Given()},
		{"is_office_staff", r.IsOfficeStaff.Given()},
		{"is_workshop_staff", r.IsWorkshopStaff.Given() || r.IsOfficeStaff.Given()},
		{"is_superuser", r.IsSuperuser.Given()},
		{"password_needs_reset", r.NeedsReset.Given()},
	} {
		if !field.said {
			fields = append(fields, field.name)
		}
	}
	return fields
}

// digest is what is remembered of the hash.
func (r ImportRow) digest() string {
	sum := sha256.Sum256([]byte(r.Hash.Value.Reveal()))
	return hex.EncodeToString(sum[:])
}

// An ImportedState is what lists have said of an account. It shows later what has changed at the
// source. A field that no list has said is as it was here after the first import. It compares with
// ==, and is zero if no list has brought the account.
type ImportedState struct {
	Profile    Profile
	NeedsReset bool
	// PasswordDigest stands for the hash, because a replaced hash must not survive. It is "" if
	// no list has said one.
	PasswordDigest string
}

// An ImportAction is what an import did with a row.
type ImportAction string

// The actions.
const (
	ImportAdded     ImportAction = "added"
	ImportUpdated   ImportAction = "updated"
	ImportUnchanged ImportAction = "unchanged"
	ImportRefused   ImportAction = "refused"
)

// An Imported is the result for one row.
type Imported struct {
	Action ImportAction
	// EndSessions: every session of the person must end.
	EndSessions bool
	// State is what is to be remembered of the account.
	State ImportedState
}

// NewImportedStaff makes the account of a row with a new id. [ImportRow.Assumed] says what is
// assumed about rights. Names that are left out are empty, and a password that is left out is
// unusable. A new person must have an address.
//
// Errors: [ErrInvalidStaff], which names the fields.
func NewImportedStaff(row ImportRow, now time.Time) (Staff, Imported, error) {
	if err := row.check(); err != nil {
		return Staff{}, Imported{Action: ImportRefused}, err
	}
	if !row.Email.Given() {
		return Staff{}, Imported{Action: ImportRefused}, fmt.Errorf("%w: %w", ErrInvalidStaff, errNoEmail)
	}
	staff := Staff{ID: row.ID, Credentials: Credentials{Hash: UnusablePassword}, CreatedAt: now, UpdatedAt: now}
	staff.IsActive = true
	staff.IsWorkshopStaff = row.IsOfficeStaff.Given() && !row.IsOfficeStaff.Value
	var state ImportedState
	staff.take(&state, row)
	staff.Credentials.Version = 0
	if err := staff.Profile.Validate(); err != nil {
		return Staff{}, Imported{Action: ImportRefused}, err
	}
	return staff, Imported{Action: ImportAdded, State: state}, nil
}

var errNoEmail = errors.New("email is missing, and nobody is here yet under this id")

// Import takes over what has changed at the source since last. last is what earlier imports
// brought, or zero if the account was added here. Changes made here stay. So importing a row again
// changes nothing, even if the person was deactivated since, or a sign-in improved the hash. A
// password that was changed here stays, whatever the list says. A field that the row leaves out
// stays too.
//
// Errors: [ErrInvalidStaff], which names the fields; then nothing has changed.
func (s *Staff) Import(last ImportedState, row ImportRow, today Date, now time.Time) (Imported, error) {
	if err := row.check(); err != nil {
		return Imported{Action: ImportRefused}, err
	}
	before := *s
	newPassword := s.take(&last, row)
	if err := s.Profile.Validate(); err != nil {
		*s = before
		return Imported{Action: ImportRefused}, err
	}
	if s.Profile == before.Profile && s.Credentials == before.Credentials {
		return Imported{Action: ImportUnchanged, State: last}, nil
	}
	shut := before.CheckStanding(today) == nil && s.CheckStanding(today) != nil
	cameBack := before.hasLeft(today) && !s.hasLeft(today)
	result := Imported{ImportUpdated, newPassword || shut || cameBack, last}
	if result.EndSessions {
		s.EndSessions(now)
	}
	s.UpdatedAt = now
	return result, nil
}

// take takes a row over into the account, and into what is remembered of the source. It
// reports whether the password is another one.
func (s *Staff) take(last *ImportedState, row ImportRow) (newPassword bool) {
	known := *last != ImportedState{}
	s.Profile.take(&last.Profile, row, known)
	return s.Credentials.take(last, row, known)
}

// take leaves the password alone if it was changed here.
func (c *Credentials) take(last *ImportedState, row ImportRow, known bool) (newPassword bool) {
	kept, digest := *c, last.PasswordDigest
	take(known, &c.NeedsReset, &last.NeedsReset, row.NeedsReset)
	if row.Hash.Given() {
		last.PasswordDigest = row.digest()
	}
	if !kept.ChangedAt.IsZero() {
		*c = kept
		return false
	}
	if newPassword = last.PasswordDigest != digest; newPassword {
		c.Hash = row.Hash.Value
		c.Version++
	}
	return newPassword
}

// take goes through the fields. If a list does not say who is workshop staff, everybody else than
// office staff is, as in the shop's Django. So a change of the one at the source changes the other.
func (p *Profile) take(last *Profile, row ImportRow, known bool) {
	preferred, lastPreferred, office := p.preferredName(), last.preferredName(), p.IsOfficeStaff
	take(known, &p.Email, &last.Email, row.Email)
	take(known, &p.FirstName, &last.FirstName, row.FirstName)
	take(known, &p.LastName, &last.LastName, row.LastName)
	take(known, &preferred, &lastPreferred, row.PreferredName)
	take(known, &p.IsActive, &last.IsActive, row.IsActive)
	take(known, &p.IsOfficeStaff, &last.IsOfficeStaff, row.IsOfficeStaff)
	if p.IsOfficeStaff != office && !row.IsWorkshopStaff.Given() {
		row.IsWorkshopStaff = Says(!p.IsOfficeStaff)
	}
	take(known, &p.IsWorkshopStaff, &last.IsWorkshopStaff, row.IsWorkshopStaff)
	take(known, &p.IsSuperuser, &last.IsSuperuser, row.IsSuperuser)
	take(known, &p.DateLeft, &last.DateLeft, row.DateLeft)
	p.PreferredName, p.HasPreferredName = preferred.Name, preferred.Has
	last.PreferredName, last.HasPreferredName = lastPreferred.Name, lastPreferred.Has
}

// take is the rule for each field. A field that is not said changes nothing. A field that is said
// is taken over if it differs from what the last list said, or if no list has said it before. What
// is here counts as said last then.
func take[T comparable](known bool, field, last *T, said Said[T]) {
	if said.Given() && (!known || said.Value != *last) {
		*field = said.Value
	}
	switch {
	case said.Given():
		*last = said.Value
	case !known:
		*last = *field
	}
}
