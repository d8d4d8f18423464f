package memory

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"gatehouse/ports"
)

var _ ports.Upkeep = (*Store)(nil)

// Checkpoint implements [ports.Upkeep]: everything is always where it stays.
func (s *Store) Checkpoint(ctx context.Context) (int, error) { return 0, s.check(ctx) }

// Optimize implements [ports.Upkeep]: there is nothing to look over.
func (s *Store) Optimize(ctx context.Context) (int, error) { return 0, s.check(ctx) }

// Note implements [ports.Upkeep].
func (s *Store) Note(ctx context.Context, run ports.HousekeepingRun) error {
	if err := s.check(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runs = copied(s.runs)
	s.runs[run.Task] = stored(run)
	return nil
}

// Report implements [ports.Upkeep]. Nothing is known of a file.
func (s *Store) Report(ctx context.Context, now time.Time) (ports.StoreReport, error) {
	if err := s.check(ctx); err != nil {
		return ports.StoreReport{}, err
	}
	s.mu.RLock()
	state, runs := s.state, s.runs
	s.mu.RUnlock()
	report := ports.StoreReport{
		Engine:     "memory",
		Staff:      len(state.staff),
		Outbox:     len(state.outbox),
		Checkpoint: state.checkpoint,
		Runs: slices.SortedFunc(maps.Values(runs), func(a, b ports.HousekeepingRun) int {
			return cmp.Compare(a.Task, b.Task)
		}),
	}
	for _, session := range state.sessions {
		if session.Over() || !session.ExpiresAt.After(now) {
			report.Over++
		} else {
			report.Running++
		}
	}
	if n := len(state.events); n > 0 {
		first, last := state.events[0], state.events[n-1]
		report.First = ports.AuditMoment{Sequence: first.Sequence, At: first.At}
		report.Last = ports.AuditMoment{Sequence: last.Sequence, At: last.At}
	}
	return report, nil
}
