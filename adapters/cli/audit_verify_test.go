package cli_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

const evidence = ": keep a copy of the data directory as it is, find out who could write to it, and compare the trail with a backup or an export"

func TestAuditVerify(t *testing.T) {
	s := newShop()
	same(t, s.do(t, "audit", "verify"), "the audit trail is whole: it has no events\n")
	s = withEvents(t)
	same(t, s.do(t, "audit", "verify"), "the audit trail is whole: 5 events, 1 to 5, are as they were written\n"+s.end(t))
	retired := s.retire(t, 2)
	same(t, s.do(t, "audit", "verify"), "the audit trail is whole: 3 events, 3 to 5, are as they were written; "+
		"those up to 2, of 2026-03-04T01:00:00+13:00 and before, were removed as old on 2027-03-04T01:00:00+13:00\n"+s.end(t))
	s.retire(t, 5)
	same(t, s.do(t, "audit", "verify"), "the audit trail is whole: it has no events; "+
		"those up to 5, of 2026-03-07T01:00:00+13:00 and before, were removed as old on 2027-03-07T01:00:00+13:00\n"+s.end(t))

	retired.At = retired.At.Add(time.Second)
	s.update(t, func(r ports.Records) error { return r.Audit().Retire(retired) })
	s.refuse(t, false, "the audit trail is broken at event 2: the checkpoint that stands for the events up to there, which were removed as old, "+
		"is not genuine, or audit.key is not the one it was sealed with"+evidence, "audit", "verify")
}

// end is the line about the end of the trail.
func (s *shop) end(t *testing.T) string {
	t.Helper()
	return "it ends with " + s.mark(t).String() + ": kept on another machine, that shows later with --anchor whether the trail still holds it\n"
}

func (s *shop) mark(t *testing.T) (end domain.AuditMark) {
	t.Helper()
	if err := s.store.View(t.Context(), func(r ports.Records) (err error) {
		end, err = r.Audit().Head()
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return end
}

// What was printed once, and kept on another machine, shows what nothing here can.
func TestAuditVerifyAnchor(t *testing.T) {
	s := withEvents(t)
	anchor := s.mark(t)
	same(t, s.do(t, "audit", "verify", "--anchor", anchor.String()), "the audit trail is whole: 5 events, 1 to 5, are as they were written\n"+s.end(t))
	other := anchor
	other.Seal[0] ^= 1
	s.refuse(t, false, "the audit trail is broken at event 5: another event was known to be there; the database was put back to an earlier state, "+
		"and written to since"+evidence, "audit", "verify", "--anchor", other.String())
	later := anchor
	later.Sequence = 9
	s.refuse(t, false, "the audit trail is broken at event 6: it is missing, perhaps with others after it"+evidence, "audit", "verify", "--anchor", later.String())
	s.retire(t, 5)
	s.do(t, "audit", "verify", "--anchor", anchor.String())
	s.refuse(t, false, "the audit trail is broken at event 5: another event was known to be there; the database was put back to an earlier state, "+
		"and written to since, or audit.key is not the one it was sealed with"+evidence, "audit", "verify", "--anchor", other.String())
	anchor.Sequence = 4
	s.refuse(t, false, "the event of --anchor was removed as old, so it cannot be compared: take one that was printed later", "audit", "verify", "--anchor", anchor.String())
	for _, text := range []string{"", "5", "5:", ":" + anchor.Seal.String(), "0:" + anchor.Seal.String(), "05:" + anchor.Seal.String(), anchor.String() + "0", "x:" + anchor.Seal.String()} {
		s.refuse(t, true, fmt.Sprintf("invalid value %q for flag -anchor: give a number and a seal as audit verify has printed them, 7:0a…", text), "audit", "verify", "--anchor", text)
	}
}

// retire removes events a year after the last of them.
func (s *shop) retire(t *testing.T, last int64) (signed domain.AuditCheckpoint) {
	t.Helper()
	s.update(t, func(r ports.Records) error {
		for event := range r.Audit().Trail(last-1, 1) {
			signed = s.store.AuditKey.Sign(domain.AuditCheckpoint{Last: event.Mark(), At: event.At, RemovedAt: event.At.AddDate(1, 0, 0)})
		}
		return r.Audit().Retire(signed)
	})
	return signed
}

func TestAuditVerifyTellsOfGaps(t *testing.T) {
	s := withEvents(t)
	s.update(t, func(r ports.Records) error {
		return r.Audit().Append(domain.AuditEvent{At: porttest.Noon, Kind: domain.EventDatabaseRollback})
	})
	same(t, s.do(t, "audit", "verify"), "the audit trail is whole: 6 events, 1 to 6, are as they were written\n"+s.end(t)+
		"event 6, 2026-03-03T01:00:00+13:00: database_rollback: the database was put back to an earlier state, "+
		"and what was written after that is not in the trail\n")
}

// A spoilt store yields what a function makes of the trail.
type spoilt struct {
	ports.Store
	change    func([]domain.SealedEvent) []domain.SealedEvent
	unguarded []string
}

func (s spoilt) View(ctx context.Context, read func(ports.Records) error) error {
	return s.Store.View(ctx, func(r ports.Records) error { return read(spoiltRecords{r, s}) })
}

type spoiltRecords struct {
	ports.Records
	store spoilt
}

func (r spoiltRecords) Audit() ports.AuditRecords { return spoiltAudit{r.Records.Audit(), r.store} }

type spoiltAudit struct {
	ports.AuditRecords
	store spoilt
}

func (r spoiltAudit) Unguarded() ([]string, error) { return r.store.unguarded, nil }

func (r spoiltAudit) Trail(after int64, limit int) iter.Seq2[domain.SealedEvent, error] {
	return func(yield func(domain.SealedEvent, error) bool) {
		var all []domain.SealedEvent
		for event := range r.AuditRecords.Trail(after, limit) {
			all = append(all, event)
		}
		if r.store.change != nil {
			all = r.store.change(all)
		}
		for _, event := range all {
			if !yield(event, nil) {
				return
			}
		}
	}
}

func TestAuditVerifyNamesTheFirst(t *testing.T) {
	type trail = []domain.SealedEvent
	for _, test := range []struct {
		change   func(trail) trail
		sentence string
	}{
		{func(all trail) trail { all[2].Outcome = domain.OutcomeSuccess; return all },
			"3: it is not as it was written; it was changed, moved or put in, or the seal before it was changed"},
		{func(all trail) trail { all[0].Outcome = domain.OutcomeSuccess; return all },
			"1: it is not as it was written; it was changed, moved or put in, or the seal before it was changed, or audit.key is not the one it was sealed with"},
		{func(all trail) trail { return append(all[:2], all[3:]...) }, "3: it is missing, perhaps with others after it"},
		{func(all trail) trail { return all[1:] }, "1: it is missing, perhaps with others after it"},
		{func(all trail) trail { return append(all, all[1]) }, "2: it was put in where no event belongs"},
	} {
		s := withEvents(t)
		s.spoilt = spoilt{Store: &s.store, change: test.change}
		result := s.run(t, nil, "audit", "verify")
		result.refused(t, false, "the audit trail is broken at event "+test.sentence+evidence)
		if !errors.Is(result.failure, domain.ErrTrailBroken) || result.out.Len() > 0 {
			t.Errorf("%v; printed %q", result.failure, &result.out)
		}
	}
}

func TestAuditVerifyMissesItsGuards(t *testing.T) {
	s := withEvents(t)
	s.spoilt = spoilt{Store: &s.store, unguarded: []string{"trigger a is missing", "trigger b does not \u202ebelong there"}}
	s.refuse(t, false, "the chain of events is whole, but the database is no longer protected: trigger a is missing, trigger b does not \\u202ebelong there: "+
		"somebody has been at the database; "+evidence[2:], "audit", "verify")
}
