package ports

import (
	"time"

	"gatehouse/domain"
)

// LinkRecords are the one-time links, one to an account. Times come back in UTC, to the
// millisecond.
type LinkRecords interface {
	// Of returns the link of the account: one that works for nobody if there is none.
	Of(account domain.AccountKey) (domain.Link, error)
	// Save stores the link in place of the account's.
	Save(link domain.Link) error
	// Forget removes links that have expired before the instant, limit at most, and returns
	// how many.
	Forget(before time.Time, limit int) (int, error)
}
