package application

import (
	"context"

	"gatehouse/ports"
)

// CheckReadiness tells whether the store can be read and written right now.
//
// Errors: [domain.ErrUnavailable].
type CheckReadiness struct {
	probe ports.Probe
}

// CheckReadinessQuery is empty.
type CheckReadinessQuery struct{}

// CheckReadinessResult is empty: the service is ready.
type CheckReadinessResult struct{}

// NewCheckReadiness makes the use case.
func NewCheckReadiness(probe ports.Probe) *CheckReadiness { return &CheckReadiness{probe} }

// Execute implements [ports.UseCase].
func (u *CheckReadiness) Execute(ctx context.Context, _ CheckReadinessQuery) (CheckReadinessResult, error) {
	return CheckReadinessResult{}, u.probe.Probe(ctx)
}
