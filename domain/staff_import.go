package domain

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// An ImportRow is one person as the shop's job system exports them.
type ImportRow struct {
	// Number counts the rows of the export from one.
	Number  int
	ID      StaffID
	Profile Profile
	Hash    PasswordHash
	// NeedsReset: a change of the password was due at the time of the export.
	NeedsReset bool
	// Problem is why the row could not be read; the other fields may be missing then.
	Problem error
}

// An ImportedState is what an import brought, kept to tell later what has changed at the
// source since. It compares with ==.
type ImportedState struct {
	Profile    Profile
	NeedsReset bool
	// PasswordDigest stands for the hash: one that has been replaced here must not
	// survive.
	PasswordDigest string
}

// State returns what is remembered of the row.
func (r ImportRow) State() ImportedState {
	sum := sha256.Sum256([]byte(r.Hash.Reveal()))
	return ImportedState{Profile: r.Profile, NeedsReset: r.NeedsReset, PasswordDigest: hex.EncodeToString(sum[:])}
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

// NewImportedStaff makes the account of a row that is seen for the first time.
func NewImportedStaff(row ImportRow, now time.Time) (Staff, error) {
	staff, err := NewStaff(row.ID, row.Profile, now)
	if err != nil {
		return Staff{}, err
	}
	staff.Credentials = Credentials{Hash: row.Hash, NeedsReset: row.NeedsReset}
	return staff, nil
}

// Import takes over what has changed at the source since last, which is what the import
// before this one brought (zero if the account was added here), and leaves alone what has
// changed here only: a row that is imported again changes nothing, even when the person
// has signed in (which betters the hash) or was deactivated since. A password that was
// changed here stays, whatever the source says of it.
//
// endSessions reports whether the change means that every session is over.
func (s *Staff) Import(last ImportedState, row ImportRow, today Date, now time.Time) (action ImportAction, endSessions bool, err error) {
	if err := row.Profile.Validate(); err != nil {
		return ImportRefused, false, err
	}
	before := *s
	if last == (ImportedState{}) {
		s.Profile = row.Profile
	} else {
		s.Profile.take(last.Profile, row.Profile)
	}
	newPassword := s.Credentials.take(last, row)
	if s.Profile == before.Profile && s.Credentials == before.Credentials {
		return ImportUnchanged, false, nil
	}
	shut := before.CheckStanding(today) == nil && s.CheckStanding(today) != nil
	cameBack := before.hasLeft(today) && !s.hasLeft(today)
	endSessions = newPassword || shut || cameBack
	if endSessions {
		s.EndSessions(now)
	}
	s.UpdatedAt = now
	return ImportUpdated, endSessions, nil
}

// take copies what has changed at the source, unless the password was changed here, and
// reports whether the password is another one.
func (c *Credentials) take(last ImportedState, row ImportRow) (newPassword bool) {
	if !c.ChangedAt.IsZero() {
		return false
	}
	takeChange(&c.NeedsReset, last.NeedsReset, row.NeedsReset)
	if newPassword = row.State().PasswordDigest != last.PasswordDigest; newPassword {
		c.Hash = row.Hash
		c.Version++
	}
	return newPassword
}

// take copies each field of row that differs from last.
func (p *Profile) take(last, row Profile) {
	takeChange(&p.Email, last.Email, row.Email)
	takeChange(&p.FirstName, last.FirstName, row.FirstName)
	takeChange(&p.LastName, last.LastName, row.LastName)
	takeChange(&p.PreferredName, last.PreferredName, row.PreferredName)
	takeChange(&p.HasPreferredName, last.HasPreferredName, row.HasPreferredName)
	takeChange(&p.IsActive, last.IsActive, row.IsActive)
	takeChange(&p.IsOfficeStaff, last.IsOfficeStaff, row.IsOfficeStaff)
	takeChange(&p.IsWorkshopStaff, last.IsWorkshopStaff, row.IsWorkshopStaff)
	takeChange(&p.IsSuperuser, last.IsSuperuser, row.IsSuperuser)
	takeChange(&p.DateLeft, last.DateLeft, row.DateLeft)
}

func takeChange[T comparable](field *T, last, row T) {
	if row != last {
		*field = row
	}
}
