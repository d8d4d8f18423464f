package application_test

import (
	"errors"
	"reflect"
	"testing"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
)

func TestVerifyAuditTrail(t *testing.T) {
	s := open(t)
	s.mustVerify(known{}, verified{})
	for _, page := range []int64{1, 999, 1000, 1001, 2000} { // pages are of 1000
		s.writeEvents(int(page - s.trailLength()))
		s.mustVerify(known{end: s.trailMark(page)}, verified{Events: page, First: 1, Last: page})
		s.mustVerify(known{}, verified{Events: page, First: 1, Last: page})
		s.mustBreak(known{end: domain.AuditMark{Sequence: page + 1}}, domain.TrailBreak{Sequence: page + 1, How: domain.TrailMissing})
	}
	s.mustBreak(known{s.trailMark(7), true}, domain.TrailBreak{Sequence: 7, How: domain.TrailReplaced})
	checkpoint := s.retire(1500)
	s.mustVerify(known{}, verified{Events: 500, First: 1501, Last: 2000, Checkpoint: checkpoint})
	checkpoint = s.retire(2000)
	s.mustVerify(known{end: checkpoint.Last}, verified{Checkpoint: checkpoint})
}

// An end that was written down outside the machine must be there, also while retention removes.
func TestVerifyAgainstAnAnchor(t *testing.T) {
	s := open(t)
	s.writeEvents(2500)
	anchor, other := s.trailMark(1200), s.trailMark(1200)
	other.Seal[0] ^= 1
	verify := func(anchor domain.AuditMark) error {
		_, err := s.verifyAuditTrail(known{}).Execute(t.Context(), application.VerifyAuditTrailQuery{Anchor: anchor})
		return err
	}
	mustBe := func(anchor domain.AuditMark, want domain.TrailBreak) {
		t.Helper()
		if damage, broken := errors.AsType[*domain.TrailBreak](verify(anchor)); !broken || *damage != want {
			t.Errorf("%v, want %v", damage, &want)
		}
	}
	if err := verify(anchor); err != nil {
		t.Errorf("what is there: %v", err)
	}
	mustBe(other, domain.TrailBreak{Sequence: 1200, How: domain.TrailReplaced})
	mustBe(domain.AuditMark{Sequence: 2501}, domain.TrailBreak{Sequence: 2501, How: domain.TrailMissing})
	var removed domain.AuditCheckpoint
	s.front = &beside{Store: &s.store, happen: func(view int) {
		if view == 2 {
			removed = s.retire(1300)
		}
	}}
	if err := verify(anchor); err != nil {
		t.Errorf("removed when it had been found: %v", err)
	}
	s.front = &s.store
	if err := verify(anchor); !errors.Is(err, domain.ErrAnchorRetired) {
		t.Errorf("removed: %v, want ErrAnchorRetired", err)
	}
	if err := verify(removed.Last); err != nil {
		t.Errorf("the last that was removed: %v", err)
	}
}

func TestVerifyFindsTampering(t *testing.T) {
	for _, sequence := range []int64{1, 2, 1000, 1001, 1500} {
		s := open(t)
		s.writeEvents(1500)
		s.front = tampered{Store: &s.store, spoil: func(e *domain.SealedEvent) {
			if e.Sequence == sequence {
				e.Outcome = domain.OutcomeFailure
			}
		}}
		s.mustBreak(known{}, domain.TrailBreak{Sequence: sequence, How: domain.TrailAltered, AtStart: sequence == 1})
	}
}

func TestVerifyWithAnotherKey(t *testing.T) {
	s := open(t)
	s.writeEvents(5)
	key := s.store.AuditKey
	s.store.AuditKey = domain.NewAuditKey(domain.NewSecret("another sixteen bytes"))
	s.mustBreak(known{}, domain.TrailBreak{Sequence: 1, How: domain.TrailAltered, AtStart: true})
	s.store.AuditKey = key
	s.retire(2)
	s.store.AuditKey = domain.NewAuditKey(domain.NewSecret("another sixteen bytes"))
	s.mustBreak(known{}, domain.TrailBreak{Sequence: 2, How: domain.TrailCheckpointForged, AtStart: true})
}

func TestVerifyTellsOfGaps(t *testing.T) {
	s := open(t)
	s.writeEvents(1)
	var gaps []domain.AuditEvent
	for i, kind := range []domain.EventKind{domain.EventDatabaseRestore, domain.EventDatabaseRollback} {
		gap := domain.NewAuditEvent(kind, domain.Client{}, s.clock.Now()).Decided(nil)
		s.update(func(r ports.Records) error { return r.Audit().Append(gap) })
		gap.Sequence = int64(i + 2)
		gaps = append(gaps, gap)
	}
	s.mustVerify(known{}, verified{Events: 3, First: 1, Last: 3, Gaps: gaps})
}

// A trail whose end is not known any more is whole as far as it goes, and may go on.
func TestVerifyWithoutAHistory(t *testing.T) {
	s := open(t)
	s.writeEvents(5)
	s.mustBreak(known{forgotten: true}, domain.TrailBreak{Sequence: 6, How: domain.TrailEndUnknown})
}

func TestVerifyTellsWhatIsUnguarded(t *testing.T) {
	s := open(t)
	s.writeEvents(1001)
	s.front = tampered{Store: &s.store, unguarded: []string{"a trigger is missing"}}
	s.mustVerify(known{}, verified{Events: 1001, First: 1, Last: 1001, Unguarded: []string{"a trigger is missing"}})
}

// The service goes on while the trail is verified.
func TestVerifyMeanwhile(t *testing.T) {
	t.Run("more is written", func(t *testing.T) {
		s := open(t)
		s.writeEvents(1000)
		s.front = &beside{Store: &s.store, happen: func(int) { s.writeEvents(600) }}
		s.mustVerify(known{end: s.trailMark(1000)}, verified{Events: 1600, First: 1, Last: 1600})
	})
	t.Run("what was checked is removed", func(t *testing.T) {
		s := open(t)
		s.writeEvents(1500)
		var checkpoint domain.AuditCheckpoint
		front := &beside{Store: &s.store, happen: func(view int) {
			if view == 1 {
				checkpoint = s.retire(700)
			}
		}}
		s.front = front
		got := execute(s, s.verifyAuditTrail(known{}), application.VerifyAuditTrailQuery{})
		if want := (verified{Events: 1500, First: 1, Last: 1500, End: s.trailEnd(), Checkpoint: checkpoint}); !reflect.DeepEqual(got, want) || front.views != 3 {
			t.Errorf("verified in %d pages: %+v, want %+v", front.views, got, want)
		}
	})
	t.Run("what was not checked yet is removed", func(t *testing.T) {
		s := open(t)
		s.writeEvents(3500)
		var checkpoint domain.AuditCheckpoint
		s.front = &beside{Store: &s.store, happen: func(view int) {
			if view == 1 {
				checkpoint = s.retire(2100)
			}
		}}
		got := execute(s, s.verifyAuditTrail(known{}), application.VerifyAuditTrailQuery{})
		if want := (verified{Events: 1400, First: 2101, Last: 3500, End: s.trailEnd(), Checkpoint: checkpoint}); !reflect.DeepEqual(got, want) {
			t.Errorf("verified: %+v, want %+v", got, want)
		}
	})
	t.Run("a checkpoint is forged", func(t *testing.T) {
		s := open(t)
		s.writeEvents(3500)
		s.front = &beside{Store: &s.store, happen: func(view int) {
			if view == 1 {
				s.update(func(r ports.Records) error {
					return r.Audit().Retire(domain.AuditCheckpoint{Last: domain.AuditMark{Sequence: 500}})
				})
			}
		}}
		s.mustBreak(known{}, domain.TrailBreak{Sequence: 500, How: domain.TrailCheckpointForged, AtStart: true})
	})
}

func TestVerifyAuditTrailFails(t *testing.T) {
	const pages = 2
	for calls := 1; ; calls++ {
		s := open(t)
		s.writeEvents(1500)
		store := &faulty{Store: &s.store, calls: calls}
		s.front = store
		got, err := s.verifyAuditTrail(known{}).Execute(t.Context(), application.VerifyAuditTrailQuery{})
		if !store.failed {
			if err != nil || calls != 3*pages+3 {
				t.Errorf("without a fault at call %d: %v", calls, err)
			}
			return
		}
		if !errors.Is(err, domain.ErrUnavailable) || errors.Is(err, domain.ErrTrailBroken) || !reflect.DeepEqual(got, verified{}) {
			t.Errorf("with a fault at call %d: %+v, %v", calls, got, err)
		}
	}
}
