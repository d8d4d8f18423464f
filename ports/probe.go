package ports

import (
	"context"

	"gatehouse/domain"
)

// A Probe tries whether a [Store] works. It may be used concurrently.
type Probe interface {
	// Probe reads, makes a durable write that leaves no trace, and tells how much room is left.
	// All callers share a result for one second, so it may be called often. A caller who gives
	// up gets the error of the context; the others still get the result.
	//
	// Errors: [gatehouse/domain.ErrUnavailable] if the store does not work.
	Probe(ctx context.Context) (domain.Room, error)
}
