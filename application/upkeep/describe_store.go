package upkeep

import (
	"context"

	"gatehouse/ports"
)

// DescribeStore reports the size and the state of the store to an operator.
//
// Errors: [domain.ErrUnavailable].
type DescribeStore struct {
	upkeep ports.Upkeep
	clock  ports.Clock
}

// DescribeStoreQuery is empty.
type DescribeStoreQuery struct{}

// NewDescribeStore makes the use case.
func NewDescribeStore(upkeep ports.Upkeep, clock ports.Clock) *DescribeStore {
	return &DescribeStore{upkeep, clock}
}

// Execute implements [ports.UseCase].
func (u *DescribeStore) Execute(ctx context.Context, _ DescribeStoreQuery) (ports.StoreReport, error) {
	return u.upkeep.Report(ctx, u.clock())
}
