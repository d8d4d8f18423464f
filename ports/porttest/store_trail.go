package porttest

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// AuditKey is the key with which a store under test must seal its audit trail.
func AuditKey() domain.AuditKey {
	return domain.NewAuditKey(domain.NewSecret("the key of every trail under test"))
}

// trail reads everything behind a sequence, in pages of a size.
func trail(t *testing.T, store ports.Store, after int64, page int) (all []domain.SealedEvent) {
	t.Helper()
	for more := true; more; {
		more = false
		if len(all) > 100 {
			t.Fatalf("the trail has no end: %v", sequencesOf(all))
		}
		view(t, store, func(r ports.Records) error {
			for event, err := range r.Audit().Trail(after, page) {
				if err != nil {
					return err
				}
				all, after, more = append(all, event), event.Sequence, true
			}
			return nil
		})
	}
	return all
}

func sequencesOf(events []domain.SealedEvent) (sequences []int64) {
	for _, event := range events {
		sequences = append(sequences, event.Sequence)
	}
	return sequences
}

func head(t *testing.T, store ports.Store) (mark domain.AuditMark) {
	t.Helper()
	view(t, store, func(r ports.Records) (err error) {
		mark, err = r.Audit().Head()
		return err
	})
	return mark
}

func checkpointOf(t *testing.T, store ports.Store) (checkpoint domain.AuditCheckpoint) {
	t.Helper()
	view(t, store, func(r ports.Records) (err error) {
		checkpoint, err = r.Audit().Checkpoint()
		return err
	})
	return checkpoint
}

// mustBeWhole checks that the trail is sealed from its beginning to the n-th event.
func mustBeWhole(t *testing.T, store ports.Store, n int64) {
	t.Helper()
	check, err := domain.NewTrailCheck(AuditKey(), checkpointOf(t, store))
	if err != nil {
		t.Fatal(err)
	}
	for _, event := range trail(t, store, math.MinInt64, 2) {
		if err := check.Next(event); err != nil {
			t.Fatal(err)
		}
	}
	if last := check.Last(); last != head(t, store) || last.Sequence != n {
		t.Errorf("the trail is whole up to %d and ends at %d, want %d", last.Sequence, head(t, store).Sequence, n)
	}
}

func auditTrail(t *testing.T, store ports.Store) {
	if mark := head(t, store); mark != (domain.AuditMark{}) {
		t.Errorf("the end of an empty trail is %+v", mark)
	}
	if all := trail(t, store, math.MinInt64, 9); len(all) != 0 {
		t.Errorf("an empty trail has %d events", len(all))
	}
	appendSamples(t, store)
	for i, event := range trail(t, store, math.MinInt64, 3) {
		want := sampleEvents()[i]
		want.Sequence = int64(i + 1)
		sameTime(t, "At", event.At, want.At)
		event.At = want.At
		if event.AuditEvent != want || event.Altered {
			t.Errorf("the trail has %+v, want %+v", event, want)
		}
	}
	for after, want := range map[int64][]int64{math.MinInt64: {1, 2}, 0: {1, 2}, 2: {3, 4}, 4: {5}, 5: nil} {
		view(t, store, func(r ports.Records) error {
			var got []int64
			for event := range r.Audit().Trail(after, 2) {
				got = append(got, event.Sequence)
			}
			if !slices.Equal(got, want) {
				t.Errorf("after %d come %v, want %v", after, got, want)
			}
			return nil
		})
	}
	mustBeWhole(t, store, 5)
}

// auditSealsInOneUpdate appends twice in one change, and once in a change that fails.
func auditSealsInOneUpdate(t *testing.T, store ports.Store) {
	samples := sampleEvents()
	twice := func(r ports.Records) error {
		if err := r.Audit().Append(samples[0]); err != nil {
			return err
		}
		if mark, err := r.Audit().Head(); err != nil || mark.Sequence%2 == 0 {
			t.Errorf("between two events the end is at %d, %v", mark.Sequence, err)
		}
		return r.Audit().Append(samples[1])
	}
	update(t, store, twice)
	_ = store.Update(t.Context(), func(r ports.Records) error { _ = r.Audit().Append(samples[2]); return domain.ErrEmailTaken })
	update(t, store, twice)
	mustBeWhole(t, store, 4)
}

// retire removes the events up to one of them, as retention does.
func retire(t *testing.T, store ports.Store, last domain.SealedEvent) (signed domain.AuditCheckpoint) {
	t.Helper()
	signed = AuditKey().Sign(domain.AuditCheckpoint{Last: last.Mark(), At: last.At, RemovedAt: Noon.AddDate(1, 0, 0)})
	update(t, store, func(r ports.Records) error { return r.Audit().Retire(signed) })
	return signed
}

func auditRetire(t *testing.T, store ports.Store) {
	if checkpoint := checkpointOf(t, store); checkpoint != (domain.AuditCheckpoint{}) {
		t.Errorf("before anything is retired, the checkpoint is %+v", checkpoint)
	}
	appendSamples(t, store)
	all := trail(t, store, 0, 9)
	for _, step := range []struct {
		last int
		left []int64
	}{{2, []int64{3, 4, 5}}, {3, []int64{4, 5}}} {
		signed := retire(t, store, all[step.last-1])
		if got := checkpointOf(t, store); !sameCheckpoint(got, signed) {
			t.Errorf("the checkpoint is %+v, want %+v", got, signed)
		}
		if got := sequencesOf(trail(t, store, math.MinInt64, 9)); !slices.Equal(got, step.left) {
			t.Errorf("after retiring up to %d there are %v", step.last, got)
		}
		if got := len(events(t, store, ports.AuditFilter{})); got != len(step.left) {
			t.Errorf("after retiring up to %d Events yields %d", step.last, got)
		}
		mustBeWhole(t, store, 5)
	}
}

func auditRetireAll(t *testing.T, store ports.Store) {
	appendSamples(t, store)
	last := trail(t, store, 0, 9)[4]
	retire(t, store, last)
	if mark := head(t, store); mark != last.Mark() {
		t.Errorf("with all events retired the end is %+v, want %+v", mark, last.Mark())
	}
	mustBeWhole(t, store, 5)
	appendSamples(t, store)
	if got, want := sequencesOf(trail(t, store, 0, 9)), []int64{6, 7, 8, 9, 10}; !slices.Equal(got, want) {
		t.Errorf("after retiring all there are %v, want %v", got, want)
	}
	mustBeWhole(t, store, 10)
}

// auditRetireFails leaves both the events and the checkpoint as they were.
func auditRetireFails(t *testing.T, store ports.Store) {
	appendSamples(t, store)
	signed := AuditKey().Sign(domain.AuditCheckpoint{Last: trail(t, store, 0, 9)[1].Mark(), At: Noon, RemovedAt: Noon})
	_ = store.Update(t.Context(), func(r ports.Records) error { _ = r.Audit().Retire(signed); return domain.ErrEmailTaken })
	if got := len(trail(t, store, 0, 9)); got != 5 || checkpointOf(t, store) != (domain.AuditCheckpoint{}) {
		t.Errorf("an Update that failed has left %d events and the checkpoint %+v", got, checkpointOf(t, store))
	}
}

func auditGuarded(t *testing.T, store ports.Store) {
	appendSamples(t, store)
	view(t, store, func(r ports.Records) error {
		problems, err := r.Audit().Unguarded()
		if len(problems) != 0 {
			t.Errorf("a trail that nobody has touched: %q", problems)
		}
		return err
	})
}

func sameCheckpoint(a, b domain.AuditCheckpoint) bool {
	same := a.At.Equal(b.At) && a.RemovedAt.Equal(b.RemovedAt)
	a.At, a.RemovedAt, b.At, b.RemovedAt = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	return same && a == b
}

// LostHistory runs the contract of [ports.History] on one that has lost an event.
func LostHistory(t *testing.T, history ports.History) {
	t.Helper()
	ended, end := context.WithCancel(t.Context())
	end()
	if err := history.Accept(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("accepting with an ended context: %v, want %v", err, context.Canceled)
	}
	if _, lost := history.Lost(); !lost {
		t.Error("nothing is lost although accepting has failed")
	}
	if err := history.Accept(t.Context()); err != nil {
		t.Errorf("accepting: %v", err)
	}
	if mark, lost := history.Lost(); lost || mark != (domain.AuditMark{}) {
		t.Errorf("event %d is lost although that was accepted", mark.Sequence)
	}
}
