package ports

import (
	"time"

	"gatehouse/domain"
)

// ThrottleRecords are the counters of wrong passwords. Times come back in UTC, to the
// millisecond.
type ThrottleRecords interface {
	// Counter returns the counter with the key, or an empty one.
	Counter(key domain.CounterKey) (domain.Counter, error)
	// Save stores the counter under its key, new or not. It removes an empty one.
	Save(counter domain.Counter) error
	// OfAccount returns the counters of the account, in the order of kinds and places.
	OfAccount(account domain.AccountKey) ([]domain.Counter, error)
	// Free removes the counters of the account. It returns how many.
	Free(account domain.AccountKey) (int, error)
	// Forget removes counters of the kind, limit at most, and returns how many. It removes those
	// that have fewer failures than below and were last used before the instant.
	Forget(kind domain.CounterKind, below int, before time.Time, limit int) (int, error)
}
