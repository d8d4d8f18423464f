package ports

import (
	"time"

	"gatehouse/domain"
)

// LinkRecords are the one-time links, at most one for each account. Times come back in UTC, to
// the millisecond.
type LinkRecords interface {
	// Of returns the link of the account. If there is none, it returns one that never works.
	Of(account domain.AccountKey) (domain.Link, error)
	// Save stores the link. It replaces the account's earlier one.
	Save(link domain.Link) error
	// Forget removes links that expired before the instant, limit at most. It returns how many.
	Forget(before time.Time, limit int) (int, error)
}
