package audit_test

import (
	"errors"
	"reflect"
	"testing"

	"gatehouse/application/audit"
	"gatehouse/application/internal/apptest"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

func TestVerifyAuditTrail(t *testing.T) {
	s := apptest.Open(t)
	s.MustVerify(apptest.Known{}, apptest.Verified{})
	for _, page := range []int64{1, 999, 1000, 1001, 2000} { // pages are of 1000
		s.WriteEvents(int(page - s.TrailLength()))
		s.MustVerify(apptest.Known{End: s.TrailMark(page)}, apptest.Verified{Events: page, First: 1, Last: page})
		s.MustVerify(apptest.Known{}, apptest.Verified{Events: page, First: 1, Last: page})
		s.MustBreak(apptest.Known{End: domain.AuditMark{Sequence: page + 1}}, domain.TrailBreak{Sequence: page + 1, How: domain.TrailMissing})
	}
	s.MustBreak(apptest.Known{End: s.TrailMark(7), Forgotten: true}, domain.TrailBreak{Sequence: 7, How: domain.TrailReplaced})
	checkpoint := s.Retire(1500)
	s.MustVerify(apptest.Known{}, apptest.Verified{Events: 500, First: 1501, Last: 2000, Checkpoint: checkpoint})
	checkpoint = s.Retire(2000)
	s.MustVerify(apptest.Known{End: checkpoint.Last}, apptest.Verified{Checkpoint: checkpoint})
}

// An end that was written down outside the machine must be there, also while retention removes.
func TestVerifyAgainstAnAnchor(t *testing.T) {
	s := apptest.Open(t)
	s.WriteEvents(2500)
	anchor, other := s.TrailMark(1200), s.TrailMark(1200)
	other.Seal[0] ^= 1
	verify := func(anchor domain.AuditMark) error {
		_, err := s.VerifyAuditTrail(apptest.Known{}).Execute(t.Context(), audit.VerifyAuditTrailQuery{Client: porttest.Operator(), Anchor: anchor})
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
	s.Front = &apptest.Beside{Store: &s.Store, Happen: func(view int) {
		if view == 2 {
			removed = s.Retire(1300)
		}
	}}
	if err := verify(anchor); err != nil {
		t.Errorf("removed when it had been found: %v", err)
	}
	s.Front = &s.Store
	if err := verify(anchor); !errors.Is(err, domain.ErrAnchorRetired) {
		t.Errorf("removed: %v, want ErrAnchorRetired", err)
	}
	if err := verify(removed.Last); err != nil {
		t.Errorf("the last that was removed: %v", err)
	}
}

func TestVerifyFindsTampering(t *testing.T) {
	for _, sequence := range []int64{1, 2, 1000, 1001, 1500} {
		s := apptest.Open(t)
		s.WriteEvents(1500)
		s.Front = apptest.Tampered{Store: &s.Store, Spoil: func(e *domain.SealedEvent) {
			if e.Sequence == sequence {
				e.Outcome = domain.OutcomeFailure
			}
		}}
		s.MustBreak(apptest.Known{}, domain.TrailBreak{Sequence: sequence, How: domain.TrailAltered, AtStart: sequence == 1})
	}
}

func TestVerifyWithAnotherKey(t *testing.T) {
	s := apptest.Open(t)
	s.WriteEvents(5)
	key := s.Store.AuditKey
	s.Store.AuditKey = domain.NewAuditKey(domain.NewSecret("another sixteen bytes"))
	s.MustBreak(apptest.Known{}, domain.TrailBreak{Sequence: 1, How: domain.TrailAltered, AtStart: true})
	s.Store.AuditKey = key
	s.Retire(2)
	s.Store.AuditKey = domain.NewAuditKey(domain.NewSecret("another sixteen bytes"))
	s.MustBreak(apptest.Known{}, domain.TrailBreak{Sequence: 2, How: domain.TrailCheckpointForged, AtStart: true})
}

func TestVerifyTellsOfGaps(t *testing.T) {
	s := apptest.Open(t)
	s.WriteEvents(1)
	var gaps []domain.AuditEvent
	for i, kind := range []domain.EventKind{domain.EventDatabaseRestore, domain.EventDatabaseRollback} {
		gap := domain.NewAuditEvent(kind, domain.Client{}, s.Clock.Now()).Decided(nil)
		s.Update(func(r ports.Records) error { return r.Audit().Append(gap) })
		gap.Sequence = int64(i + 2)
		gaps = append(gaps, gap)
	}
	s.MustVerify(apptest.Known{}, apptest.Verified{Events: 3, First: 1, Last: 3, Gaps: gaps})
}

// A trail whose end is not known any more is whole as far as it goes, and may go on.
func TestVerifyWithoutAHistory(t *testing.T) {
	s := apptest.Open(t)
	s.WriteEvents(5)
	s.MustBreak(apptest.Known{Forgotten: true}, domain.TrailBreak{Sequence: 6, How: domain.TrailEndUnknown})
}

func TestVerifyTellsWhatIsUnguarded(t *testing.T) {
	s := apptest.Open(t)
	s.WriteEvents(1001)
	s.Front = apptest.Tampered{Store: &s.Store, Unguarded: []string{"a trigger is missing"}}
	s.MustVerify(apptest.Known{}, apptest.Verified{Events: 1001, First: 1, Last: 1001, Unguarded: []string{"a trigger is missing"}})
}

// The service goes on while the trail is verified.
func TestVerifyMeanwhile(t *testing.T) {
	t.Run("more is written", func(t *testing.T) {
		s := apptest.Open(t)
		s.WriteEvents(1000)
		s.Front = &apptest.Beside{Store: &s.Store, Happen: func(int) { s.WriteEvents(600) }}
		s.MustVerify(apptest.Known{End: s.TrailMark(1000)}, apptest.Verified{Events: 1600, First: 1, Last: 1600})
	})
	t.Run("what was checked is removed", func(t *testing.T) {
		s := apptest.Open(t)
		s.WriteEvents(1500)
		var checkpoint domain.AuditCheckpoint
		front := &apptest.Beside{Store: &s.Store, Happen: func(view int) {
			if view == 1 {
				checkpoint = s.Retire(700)
			}
		}}
		s.Front = front
		got := apptest.Execute(s, s.VerifyAuditTrail(apptest.Known{}), audit.VerifyAuditTrailQuery{Client: porttest.Operator()})
		if want := (apptest.Verified{Events: 1500, First: 1, Last: 1500, End: s.TrailEnd(), Checkpoint: checkpoint}); !reflect.DeepEqual(got, want) || front.Views != 3 {
			t.Errorf("verified in %d pages: %+v, want %+v", front.Views, got, want)
		}
	})
	t.Run("what was not checked yet is removed", func(t *testing.T) {
		s := apptest.Open(t)
		s.WriteEvents(3500)
		var checkpoint domain.AuditCheckpoint
		s.Front = &apptest.Beside{Store: &s.Store, Happen: func(view int) {
			if view == 1 {
				checkpoint = s.Retire(2100)
			}
		}}
		got := apptest.Execute(s, s.VerifyAuditTrail(apptest.Known{}), audit.VerifyAuditTrailQuery{Client: porttest.Operator()})
		if want := (apptest.Verified{Events: 1400, First: 2101, Last: 3500, End: s.TrailEnd(), Checkpoint: checkpoint}); !reflect.DeepEqual(got, want) {
			t.Errorf("verified: %+v, want %+v", got, want)
		}
	})
	t.Run("a checkpoint is forged", func(t *testing.T) {
		s := apptest.Open(t)
		s.WriteEvents(3500)
		s.Front = &apptest.Beside{Store: &s.Store, Happen: func(view int) {
			if view == 1 {
				s.Update(func(r ports.Records) error {
					return r.Audit().Retire(domain.AuditCheckpoint{Last: domain.AuditMark{Sequence: 500}})
				})
			}
		}}
		s.MustBreak(apptest.Known{}, domain.TrailBreak{Sequence: 500, How: domain.TrailCheckpointForged, AtStart: true})
	})
}

func TestVerifyAuditTrailFails(t *testing.T) {
	const pages = 2
	for calls := 1; ; calls++ {
		s := apptest.Open(t)
		s.WriteEvents(1500)
		store := &apptest.Faulty{Store: &s.Store, Calls: calls}
		s.Front = store
		got, err := s.VerifyAuditTrail(apptest.Known{}).Execute(t.Context(), audit.VerifyAuditTrailQuery{Client: porttest.Operator()})
		if !store.Failed {
			if err != nil || calls != 3*pages+3 {
				t.Errorf("without a fault at call %d: %v", calls, err)
			}
			return
		}
		if !errors.Is(err, domain.ErrUnavailable) || errors.Is(err, domain.ErrTrailBroken) || !reflect.DeepEqual(got, apptest.Verified{}) {
			t.Errorf("with a fault at call %d: %+v, %v", calls, got, err)
		}
	}
}
