package upkeep

import (
	"context"

	"gatehouse/domain"
	"gatehouse/ports"
)

// CheckReadiness succeeds if the store can be read and written now, and has room for more.
//
// Errors: [domain.ErrUnavailable], also if [domain.Room.Check] finds too little room.
type CheckReadiness struct {
	probe ports.Probe
}

// CheckReadinessQuery is empty.
type CheckReadinessQuery struct{}

// CheckReadinessResult is the room that is left.
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
