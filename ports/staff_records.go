package ports

import (
	"iter"

	"gatehouse/domain"
)

// StaffRecords are the accounts. Times come back in UTC, to the millisecond.
type StaffRecords interface {
	StaffFinder

	// Save stores the account under its id, new or not. If another account has the same
	// e-mail key, nothing is stored and the error is [domain.ErrEmailTaken].
	Save(staff domain.Staff) error
	// Delete removes the account and all that belongs to it, or returns
	// [domain.ErrStaffNotFound]: its sessions, its one-time link, the letters that wait for
	// it, its counters of wrong passwords, and what its import brought. Its audit events
	// stay.
	Delete(id domain.StaffID) error
}

// A StaffFinder looks accounts up.
type StaffFinder interface {
	// ByID returns [domain.ErrStaffNotFound] when there is no such account.
	ByID(id domain.StaffID) (domain.Staff, error)
	// ByEmail returns [domain.ErrStaffNotFound] when no account has this key.
	ByEmail(key domain.EmailKey) (domain.Staff, error)
	// Nearest returns the account with a usable password whose id is the first at or
	// after id, and from the start when there is none; [domain.ErrStaffNotFound] if no
	// account has a usable password. It serves to do for an unknown address the work
	// that a known one would cost.
	Nearest(id domain.StaffID) (domain.Staff, error)
	// All yields every account in the order of e-mail keys, and stops after an error.
	All() iter.Seq2[domain.Staff, error]
}
