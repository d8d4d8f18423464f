package porttest

import (
	"context"
	"slices"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// A KeptStore is a store and its upkeep.
type KeptStore interface {
	ports.Store
	ports.Upkeep
}

// Upkeep tests a [ports.Upkeep]. open returns an empty store whose audit events are sealed
// with the key.
func Upkeep(t *testing.T, key domain.AuditKey, open func(*testing.T) KeptStore) {
	groups := []struct {
		name string
		test func(*testing.T, KeptStore)
	}{
		{"empty", upkeepEmpty},
		{"counts", upkeepCounts},
		{"trail", func(t *testing.T, store KeptStore) { upkeepTrail(t, key, store) }},
		{"notes", upkeepNotes},
		{"fields", upkeepFields},
		{"changes nothing", upkeepChangesNothing},
		{"cancelled", upkeepCancelled},
	}
	for _, group := range groups {
		t.Run(group.name, func(t *testing.T) { group.test(t, open(t)) })
	}
}

func report(t *testing.T, store KeptStore, now time.Time) ports.StoreReport {
	t.Helper()
	got, err := store.Report(context.Background(), now)
	if err != nil {
		t.Fatalf("Report: %v", err)
	}
	return got
}

func upkeepEmpty(t *testing.T, store KeptStore) {
	got := report(t, store, Noon)
	if got.Staff != 0 || got.Running != 0 || got.Over != 0 || got.Events() != 0 || got.First != got.Last || len(got.Runs) != 0 {
		t.Errorf("an empty store reports %+v", got)
	}
	if got.Checkpoint != (domain.AuditCheckpoint{}) || got.Engine == "" {
		t.Errorf("an empty store reports %+v", got)
	}
}

func upkeepCounts(t *testing.T, store KeptStore) {
	save(t, store, Person(1), Person(2), Person(3))
	now := Noon.Add(time.Hour)
	all := []domain.Session{Session(1, Person(1)), Session(2, Person(1)), Session(3, Person(2)), Session(4, Person(3))}
	all[1].ExpiresAt = now.Add(time.Millisecond)
	all[2].ExpiresAt = now
	all[3].End(domain.EndSignedOut, Noon)
	update(t, store, func(r ports.Records) error {
		for _, session := range all {
			if err := r.Sessions().Save(session); err != nil {
				return err
			}
		}
		return nil
	})
	if got := report(t, store, now); got.Staff != 3 || got.Running != 2 || got.Over != 2 {
		t.Errorf("3 people, 2 running sessions and 2 that are over are reported as %d, %d and %d", got.Staff, got.Running, got.Over)
	}
}

func upkeepTrail(t *testing.T, key domain.AuditKey, store KeptStore) {
	appendSamples(t, store)
	samples := sampleEvents()
	checkpoint := domain.AuditCheckpoint{At: samples[1].At, RemovedAt: Noon.Add(time.Hour)}
	update(t, store, func(r ports.Records) error {
		for event, err := range r.Audit().Trail(1, 1) {
			if err != nil {
				return err
			}
			checkpoint.Last = event.Mark()
		}
		checkpoint = key.Sign(checkpoint)
		return r.Audit().Retire(checkpoint)
	})
	got := report(t, store, Noon)
	if got.First.Sequence != 3 || got.Last.Sequence != 5 || got.Events() != 3 {
		t.Errorf("events 3 to 5 are there, reported are %d to %d, %d", got.First.Sequence, got.Last.Sequence, got.Events())
	}
	if !got.First.At.Equal(samples[2].At) || !got.Last.At.Equal(samples[4].At) {
		t.Errorf("the trail goes from %v to %v", got.First.At, got.Last.At)
	}
	if !key.Signs(got.Checkpoint) || got.Checkpoint.Last != checkpoint.Last || !got.Checkpoint.At.Equal(checkpoint.At) {
		t.Errorf("the checkpoint is %+v, want %+v", got.Checkpoint, checkpoint)
	}
}

func upkeepNotes(t *testing.T, store KeptStore) {
	first := ports.HousekeepingRun{Task: ports.TaskRetireAudit, At: Noon, Took: 1234567 * time.Microsecond, Removed: 7}
	other := ports.HousekeepingRun{Task: ports.TaskForgetSessions, At: Noon.Add(time.Second)}
	again := ports.HousekeepingRun{Task: ports.TaskRetireAudit, At: Noon.Add(time.Hour), Took: time.Millisecond}
	for _, run := range []ports.HousekeepingRun{first, other} {
		note(t, store, run)
	}
	if got := report(t, store, Noon).Runs; !slices.Equal(got, []ports.HousekeepingRun{other, first}) {
		t.Errorf("the runs are %+v, want %+v and %+v", got, other, first)
	}
	note(t, store, again)
	if got := report(t, store, Noon).Runs; !slices.Equal(got, []ports.HousekeepingRun{other, again}) {
		t.Errorf("the runs are %+v, want %+v and %+v", got, other, again)
	}
}

func note(t *testing.T, store KeptStore, run ports.HousekeepingRun) {
	t.Helper()
	if err := store.Note(context.Background(), run); err != nil {
		t.Fatalf("Note: %v", err)
	}
}

func upkeepChangesNothing(t *testing.T, store KeptStore) {
	save(t, store, Person(1))
	appendSamples(t, store)
	before := report(t, store, Noon)
	if _, err := store.Checkpoint(context.Background()); err != nil {
		t.Errorf("Checkpoint: %v", err)
	}
	if _, err := store.Optimize(context.Background()); err != nil {
		t.Errorf("Optimize: %v", err)
	}
	after := report(t, store, Noon)
	if after.Staff != before.Staff || after.First != before.First || after.Last != before.Last {
		t.Errorf("upkeep turns %+v into %+v", before, after)
	}
	if !exists(t, store, staffID(1)) {
		t.Error("nobody is there after upkeep")
	}
	if tables, err := store.Optimize(context.Background()); tables != 0 || err != nil {
		t.Errorf("what was just optimized is optimized again: %d tables, %v", tables, err)
	}
}

func upkeepCancelled(t *testing.T, store KeptStore) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for name, call := range map[string]func() error{
		"Checkpoint": func() error { _, err := store.Checkpoint(ctx); return err },
		"Optimize":   func() error { _, err := store.Optimize(ctx); return err },
		"Note":       func() error { return store.Note(ctx, ports.HousekeepingRun{Task: ports.TaskOptimize, At: Noon}) },
		"Report":     func() error { _, err := store.Report(ctx, Noon); return err },
	} {
		if call() == nil {
			t.Errorf("%s does not heed a context that is over", name)
		}
	}
}
