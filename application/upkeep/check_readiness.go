package upkeep

import (
	"context"

	"gatehouse/domain"
	"gatehouse/ports"
)

// CheckReadiness tells whether the store can be read and written right now, and has room for what comes.
//
// Errors: [domain.ErrUnavailable], also where the room is less than [domain.Room.Check] wants.
type CheckReadiness struct {
	probe ports.Probe
}

// CheckReadinessQuery is empty.
type CheckReadinessQuery struct{}

// CheckReadinessResult is how much room there is when the service is ready.
type CheckReadinessResult struct {
	Room domain.Room
}

// NewCheckReadiness makes the use case.
func NewCheckReadiness(probe ports.Probe) *CheckReadiness { return &CheckReadiness{probe} }

// Execute implements [ports.UseCase].
func (u *CheckReadiness) Execute(ctx context.Context, _ CheckReadinessQuery) (CheckReadinessResult, error) {
	room, err := u.probe.Probe(ctx)
	if err != nil {
		return CheckReadinessResult{}, err
	}
	if err := room.Check(); err != nil {
		return CheckReadinessResult{}, err
	}
	return CheckReadinessResult{room}, nil
}
