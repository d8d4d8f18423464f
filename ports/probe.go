package ports

import (
	"context"

	"gatehouse/domain"
)

// A Probe tries whether a [Store] can do its work.
type Probe interface {
	// Probe reads, makes a durable write that nobody sees, and tells how much room there is. It may be
	// called often: a result is kept for a second, whoever asks. A caller who gives up gets the error of
	// the context, and nobody else gets it.
	//
	// The error of a store that cannot do its work wraps [gatehouse/domain.ErrUnavailable].
	Probe(ctx context.Context) (domain.Room, error)
}
