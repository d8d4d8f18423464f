package ports

import "gatehouse/domain"

// ImportRecords remember what the last import said of each account.
type ImportRecords interface {
	// Last returns what was remembered of the account, or the zero state.
	Last(id domain.StaffID) (domain.ImportedState, error)
	// Remember replaces what is remembered of an account. The account must be stored; deleting
	// it deletes this too.
	Remember(id domain.StaffID, state domain.ImportedState) error
}
