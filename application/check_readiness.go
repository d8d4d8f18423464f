package application

import (
	"context"

	"gatehouse/ports"
)

// CheckReadiness tells whether the store can be read and written right now.
//
// Errors: [domain.ErrUnavailable].
type CheckReadiness struct {
	store ports.Store
}

// CheckReadinessQuery is empty.
type CheckReadinessQuery struct{}

// CheckReadinessResult is empty: the service is ready.
type CheckReadinessResult struct{}

// NewCheckReadiness makes the use case.
func NewCheckReadiness(store ports.Store) *CheckReadiness { return &CheckReadiness{store} }

// Execute implements [ports.UseCase].
func (u *CheckReadiness) Execute(ctx context.Context, _ CheckReadinessQuery) (CheckReadinessResult, error) {
	nothing := func(ports.Records) error { return nil }
	if err := u.store.View(ctx, nothing); err != nil {
		return CheckReadinessResult{}, err
	}
	return CheckReadinessResult{}, u.store.Update(ctx, nothing)
}
