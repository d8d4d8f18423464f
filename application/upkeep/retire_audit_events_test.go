package upkeep_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"gatehouse/application/internal/apptest"
	"gatehouse/application/upkeep"
	"gatehouse/domain"
	"gatehouse/ports"
)

type retire = upkeep.RetireAuditEventsCommand

func TestRetireAuditEvents(t *testing.T) {
	s := apptest.OpenOld(t)
	s.Events(500*apptest.OneDay, 401*apptest.OneDay, 400*apptest.OneDay+time.Millisecond, 400*apptest.OneDay, apptest.OneDay, 0)
	if got := apptest.Execute(s, s.RetireAuditEvents(), retire{}); got.Count != 3 {
		t.Errorf("%d events are retired, want 3", got.Count)
	}
	s.MustTrail(4, 5, 6)
	s.MustNote(ports.TaskRetireAudit, &ports.HousekeepingRun{Task: ports.TaskRetireAudit, At: s.Clock.Now(), Removed: 3})
	s.View(func(r ports.Records) error {
		checkpoint, err := r.Audit().Checkpoint()
		if checkpoint.Last.Sequence != 3 || !checkpoint.At.Equal(s.Clock.Now().Add(-400*apptest.OneDay-time.Millisecond)) || !checkpoint.RemovedAt.Equal(s.Clock.Now()) {
			t.Errorf("the checkpoint is %+v", checkpoint)
		}
		return err
	})

	if got := apptest.Execute(s, s.RetireAuditEvents(), retire{}); got.Count != 0 {
		t.Errorf("at once %d more events are retired", got.Count)
	}
	s.Clock.Advance(apptest.OneDay)
	s.Events(0)
	apptest.Execute(s, s.RetireAuditEvents(), retire{})
	s.MustTrail(5, 6, 7)
}

// Events that come after a newer one, because the clock was put back, wait for it.
func TestEventsRetireInTheirOrder(t *testing.T) {
	s := apptest.OpenOld(t)
	s.Events(500*apptest.OneDay, apptest.OneDay, 500*apptest.OneDay, 0)
	apptest.Execute(s, s.RetireAuditEvents(), retire{})
	s.MustTrail(2, 3, 4)
}

func TestTheNewestEventStays(t *testing.T) {
	s := apptest.OpenOld(t)
	apptest.Execute(s, s.RetireAuditEvents(), retire{}) // there is none
	s.Events(600*apptest.OneDay, 500*apptest.OneDay)
	apptest.Execute(s, s.RetireAuditEvents(), retire{})
	s.MustTrail(2)
	s.Events(0)
	apptest.Execute(s, s.RetireAuditEvents(), retire{})
	s.MustTrail(3)
}

func TestRetentionCanBeOff(t *testing.T) {
	s := apptest.OpenOld(t)
	s.Policy.AuditRetention = 0
	s.Events(10_000*apptest.OneDay, 0)
	apptest.Execute(s, s.RetireAuditEvents(), retire{})
	s.MustTrail(1, 2)
}

func TestEventsRetireInBatches(t *testing.T) {
	s := apptest.OpenOld(t)
	s.Events(slices.Repeat([]time.Duration{500 * apptest.OneDay}, 600)...)
	s.Events(0)
	var ends []int64
	s.Front = &apptest.Counted{Store: &s.Store, After: func(int) {
		s.View(func(r ports.Records) error {
			checkpoint, err := r.Audit().Checkpoint()
			ends = append(ends, checkpoint.Last.Sequence)
			return err
		})
	}}
	got := apptest.Execute(s, s.RetireAuditEvents(), retire{})
	if got.Count != 600 || len(ends) != 6 || ends[len(ends)-1] != 600 {
		t.Errorf("%d events are retired, in updates up to %v", got.Count, ends)
	}
	last := int64(0)
	for _, end := range ends {
		if end-last > 100 {
			t.Errorf("an update retires %d events", end-last)
		}
		last = end
	}
	s.MustTrail(601)
}

// What somebody has changed is not removed, and no checkpoint is signed over it.
func TestABrokenTrailIsKept(t *testing.T) {
	s := apptest.OpenOld(t)
	s.Events(500*apptest.OneDay, 500*apptest.OneDay, 0)
	other := domain.NewAuditKey(domain.NewSecret("another key of sixteen bytes"))
	_, err := upkeep.NewRetireAuditEvents(&s.Store, &s.Store, other, s.Clock.Now, s.Policy).Execute(t.Context(), retire{})
	if !errors.Is(err, domain.ErrTrailBroken) {
		t.Errorf("retiring what another key has sealed: %v, want %v", err, domain.ErrTrailBroken)
	}
	s.MustTrail(1, 2, 3)
	s.MustNote(ports.TaskRetireAudit, nil)

	s.Update(func(r ports.Records) error { // a checkpoint that the key has not signed
		return r.Audit().Retire(domain.AuditCheckpoint{Last: domain.AuditMark{Sequence: 1}})
	})
	if _, err := s.RetireAuditEvents().Execute(t.Context(), retire{}); !errors.Is(err, domain.ErrTrailBroken) {
		t.Errorf("going on from a forged checkpoint: %v, want %v", err, domain.ErrTrailBroken)
	}
}

// Somebody else retires between the look and the update: nothing is removed twice.
func TestRetiringBesideAnother(t *testing.T) {
	s := apptest.OpenOld(t)
	s.Events(500*apptest.OneDay, 500*apptest.OneDay, 0)
	s.Front = &overtaken{Store: &s.Store, first: func() {
		apptest.Execute(s, upkeep.NewRetireAuditEvents(&s.Store, &s.Store, apptest.AuditKey, s.Clock.Now, s.Policy), retire{})
	}}
	if got := apptest.Execute(s, s.RetireAuditEvents(), retire{}); got.Count != 0 {
		t.Errorf("%d events are retired after another has retired them", got.Count)
	}
	s.MustTrail(3)
}

// An overtaken store does something else first when it is to be updated.
type overtaken struct {
	ports.Store
	first func()
}

func (o *overtaken) Update(ctx context.Context, change func(ports.Records) error) error {
	o.first()
	return o.Store.Update(ctx, change)
}

func TestRetiringFails(t *testing.T) {
	for n := 1; ; n++ {
		s := apptest.OpenOld(t)
		s.Events(500*apptest.OneDay, 500*apptest.OneDay, 0)
		front := &apptest.Faulty{Store: &s.Store, Calls: n}
		s.Front = front
		_, err := s.RetireAuditEvents().Execute(t.Context(), retire{})
		if !front.Failed {
			if err != nil || n < 8 {
				t.Errorf("without a fault, at call %d: %v", n, err)
			}
			return
		}
		if !errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("with a fault at call %d: %v", n, err)
		}
		s.MustTrail(1, 2, 3)
		s.MustNote(ports.TaskRetireAudit, nil)
	}
}
