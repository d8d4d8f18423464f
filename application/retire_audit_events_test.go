package application_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
)

type retire = application.RetireAuditEventsCommand

func TestRetireAuditEvents(t *testing.T) {
	s := openOld(t)
	s.events(500*oneDay, 401*oneDay, 400*oneDay+time.Millisecond, 400*oneDay, oneDay, 0)
	if got := execute(s, s.retireAuditEvents(), retire{}); got.Count != 3 {
		t.Errorf("%d events are retired, want 3", got.Count)
	}
	s.mustTrail(4, 5, 6)
	s.mustNote(ports.TaskRetireAudit, &ports.HousekeepingRun{Task: ports.TaskRetireAudit, At: s.clock.Now(), Removed: 3})
	s.view(func(r ports.Records) error {
		checkpoint, err := r.Audit().Checkpoint()
		if checkpoint.Last.Sequence != 3 || !checkpoint.At.Equal(s.clock.Now().Add(-400*oneDay-time.Millisecond)) || !checkpoint.RemovedAt.Equal(s.clock.Now()) {
			t.Errorf("the checkpoint is %+v", checkpoint)
		}
		return err
	})

	if got := execute(s, s.retireAuditEvents(), retire{}); got.Count != 0 {
		t.Errorf("at once %d more events are retired", got.Count)
	}
	s.clock.Advance(oneDay)
	s.events(0)
	execute(s, s.retireAuditEvents(), retire{})
	s.mustTrail(5, 6, 7)
}

// Events that come after a newer one, because the clock was put back, wait for it.
func TestEventsRetireInTheirOrder(t *testing.T) {
	s := openOld(t)
	s.events(500*oneDay, oneDay, 500*oneDay, 0)
	execute(s, s.retireAuditEvents(), retire{})
	s.mustTrail(2, 3, 4)
}

func TestTheNewestEventStays(t *testing.T) {
	s := openOld(t)
	execute(s, s.retireAuditEvents(), retire{}) // there is none
	s.events(600*oneDay, 500*oneDay)
	execute(s, s.retireAuditEvents(), retire{})
	s.mustTrail(2)
	s.events(0)
	execute(s, s.retireAuditEvents(), retire{})
	s.mustTrail(3)
}

func TestRetentionCanBeOff(t *testing.T) {
	s := openOld(t)
	s.policy.AuditRetention = 0
	s.events(10_000*oneDay, 0)
	execute(s, s.retireAuditEvents(), retire{})
	s.mustTrail(1, 2)
}

func TestEventsRetireInBatches(t *testing.T) {
	s := openOld(t)
	s.events(slices.Repeat([]time.Duration{500 * oneDay}, 600)...)
	s.events(0)
	var ends []int64
	s.front = &counted{Store: &s.store, after: func(int) {
		s.view(func(r ports.Records) error {
			checkpoint, err := r.Audit().Checkpoint()
			ends = append(ends, checkpoint.Last.Sequence)
			return err
		})
	}}
	got := execute(s, s.retireAuditEvents(), retire{})
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
	s.mustTrail(601)
}

// What somebody has changed is not removed, and no checkpoint is signed over it.
func TestABrokenTrailIsKept(t *testing.T) {
	s := openOld(t)
	s.events(500*oneDay, 500*oneDay, 0)
	other := domain.NewAuditKey(domain.NewSecret("another key of sixteen bytes"))
	_, err := application.NewRetireAuditEvents(&s.store, &s.store, other, s.clock.Now, s.policy).Execute(t.Context(), retire{})
	if !errors.Is(err, domain.ErrTrailBroken) {
		t.Errorf("retiring what another key has sealed: %v, want %v", err, domain.ErrTrailBroken)
	}
	s.mustTrail(1, 2, 3)
	s.mustNote(ports.TaskRetireAudit, nil)

	s.update(func(r ports.Records) error { // a checkpoint that the key has not signed
		return r.Audit().Retire(domain.AuditCheckpoint{Last: domain.AuditMark{Sequence: 1}})
	})
	if _, err := s.retireAuditEvents().Execute(t.Context(), retire{}); !errors.Is(err, domain.ErrTrailBroken) {
		t.Errorf("going on from a forged checkpoint: %v, want %v", err, domain.ErrTrailBroken)
	}
}

// Somebody else retires between the look and the update: nothing is removed twice.
func TestRetiringBesideAnother(t *testing.T) {
	s := openOld(t)
	s.events(500*oneDay, 500*oneDay, 0)
	s.front = &overtaken{Store: &s.store, first: func() {
		execute(s, application.NewRetireAuditEvents(&s.store, &s.store, auditKey, s.clock.Now, s.policy), retire{})
	}}
	if got := execute(s, s.retireAuditEvents(), retire{}); got.Count != 0 {
		t.Errorf("%d events are retired after another has retired them", got.Count)
	}
	s.mustTrail(3)
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
		s := openOld(t)
		s.events(500*oneDay, 500*oneDay, 0)
		front := &faulty{Store: &s.store, calls: n}
		s.front = front
		_, err := s.retireAuditEvents().Execute(t.Context(), retire{})
		if !front.failed {
			if err != nil || n < 8 {
				t.Errorf("without a fault, at call %d: %v", n, err)
			}
			return
		}
		if !errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("with a fault at call %d: %v", n, err)
		}
		s.mustTrail(1, 2, 3)
		s.mustNote(ports.TaskRetireAudit, nil)
	}
}
