package ports

import (
	"iter"

	"gatehouse/domain"
)

// StaffRecords are the accounts. Times come back in UTC, to the millisecond.
type StaffRecords interface {
	StaffFinder

	// Save stores the account under its id, new or not. It stores nothing if another account has
	// the same e-mail key. Errors: [domain.ErrEmailTaken].
	Save(staff domain.Staff) error
	// Delete removes the account and everything that belongs to it: sessions, one-time link,
	// waiting letters, counters of wrong passwords, and what its import brought. Its audit
	// events stay. Errors: [domain.ErrStaffNotFound].
	Delete(id domain.StaffID) error
}

// A StaffFinder looks accounts up.
type StaffFinder interface {
	// ByID returns [domain.ErrStaffNotFound] if there is no such account.
	ByID(id domain.StaffID) (domain.Staff, error)
	// ByEmail returns [domain.ErrStaffNotFound] if no account has this key.
	ByEmail(key domain.EmailKey) (domain.Staff, error)
	// Nearest returns the first account with a usable password whose id is at or after the id,
	// and starts over from the lowest id if there is none. An unknown address borrows the hash
	// of that account, so that it costs as much work as a known one. Errors:
	// [domain.ErrStaffNotFound] if no account has a usable password.
	Nearest(id domain.StaffID) (domain.Staff, error)
	// All yields every account in the order of e-mail keys. It stops after an error.
	All() iter.Seq2[domain.Staff, error]
}
