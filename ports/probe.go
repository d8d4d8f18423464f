package ports

import "context"

// A Probe tries whether a [Store] can do its work.
type Probe interface {
	// Probe reads, and writes something that nobody sees; the error of a store that
	// cannot wraps [gatehouse/domain.ErrUnavailable]. It may be called often: a result may be up
	// to a second old.
	Probe(ctx context.Context) error
}
