package ports

import "gatehouse/domain"

// ImportRecords remember what each account's last import brought.
type ImportRecords interface {
	// Last returns what was remembered of the account, or the zero state.
	Last(id domain.StaffID) (domain.ImportedState, error)
	// Remember replaces what is remembered of an account that is stored. It is forgotten
	// with the account.
	Remember(id domain.StaffID, state domain.ImportedState) error
}
