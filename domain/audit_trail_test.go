package domain_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/domain"
)

// sealedTrail is six events, each sealed after the one before it.
func sealedTrail(key domain.AuditKey) (trail []domain.SealedEvent) {
	var end domain.AuditMark
	for n := range 6 {
		event := fullEvent()
		event.Sequence, event.At = int64(n+1), sealedAt.Add(time.Duration(n)*time.Minute)
		sealed := domain.SealedEvent{AuditEvent: event, Seal: key.Seal(end, event)}
		trail, end = append(trail, sealed), sealed.Mark()
	}
	return trail
}

// retired is a checkpoint for the first events of a trail, which is returned without them.
func retired(trail []domain.SealedEvent, n int) (domain.AuditCheckpoint, []domain.SealedEvent) {
	return auditKey.Sign(domain.AuditCheckpoint{
		Last: trail[n-1].Mark(), At: trail[n-1].At, RemovedAt: sealedAt.AddDate(1, 0, 0),
	}), trail[n:]
}

// check goes through a trail and returns what is found, and how far it was whole.
func check(checkpoint domain.AuditCheckpoint, trail []domain.SealedEvent, newest domain.AuditMark) (domain.AuditMark, error) {
	c, err := domain.NewTrailCheck(auditKey, checkpoint)
	if err != nil {
		return domain.AuditMark{}, err
	}
	for _, event := range trail {
		if err := c.Next(event); err != nil {
			return c.Last(), err
		}
	}
	return c.Last(), c.End(newest)
}

func TestWholeTrail(t *testing.T) {
	trail := sealedTrail(auditKey)
	checkpoint, rest := retired(trail, 4)
	gone, nothing := retired(trail, 6)
	last := trail[5].Mark()
	for name, test := range map[string]struct {
		checkpoint domain.AuditCheckpoint
		trail      []domain.SealedEvent
		newest     domain.AuditMark
		want       domain.AuditMark
	}{
		"nothing yet":                {},
		"nothing known of its end":   {trail: trail, want: last},
		"up to the known end":        {trail: trail, newest: last, want: last},
		"beyond the known end":       {trail: trail, newest: trail[2].Mark(), want: last},
		"after a checkpoint":         {checkpoint, rest, last, last},
		"end before the checkpoint":  {checkpoint, rest, trail[0].Mark(), last},
		"nothing after a checkpoint": {gone, nothing, last, last},
	} {
		if got, err := check(test.checkpoint, test.trail, test.newest); err != nil || got != test.want {
			t.Errorf("%s: %v, whole up to %d, want %d", name, err, got.Sequence, test.want.Sequence)
		}
	}
}

func TestBrokenTrail(t *testing.T) {
	whole := sealedTrail(auditKey)
	checkpoint, rest := retired(whole, 2)
	forged, _ := retired(whole, 2)
	forged.Last.Sequence = 3
	for name, test := range map[string]struct {
		spoil      func(trail []domain.SealedEvent) []domain.SealedEvent
		checkpoint domain.AuditCheckpoint
		want       domain.TrailBreak
	}{
		"altered flag": {func(trail []domain.SealedEvent) []domain.SealedEvent {
			trail[2].Altered = true
			return trail
		}, domain.AuditCheckpoint{}, domain.TrailBreak{Sequence: 3, How: domain.TrailAltered}},
		"seal": {func(trail []domain.SealedEvent) []domain.SealedEvent {
			trail[5].Seal[0]++
			return trail
		}, domain.AuditCheckpoint{}, domain.TrailBreak{Sequence: 6, How: domain.TrailAltered}},
		"first changed": {func(trail []domain.SealedEvent) []domain.SealedEvent {
			trail[0].Outcome = domain.OutcomeSuccess
			return trail
		}, domain.AuditCheckpoint{}, domain.TrailBreak{Sequence: 1, How: domain.TrailAltered, AtStart: true}},
		"another key": {func([]domain.SealedEvent) []domain.SealedEvent {
			return sealedTrail(domain.NewAuditKey(domain.NewSecret("another sixteen bytes")))
		}, domain.AuditCheckpoint{}, domain.TrailBreak{Sequence: 1, How: domain.TrailAltered, AtStart: true}},
		"first removed": {func(trail []domain.SealedEvent) []domain.SealedEvent {
			return trail[1:]
		}, domain.AuditCheckpoint{}, domain.TrailBreak{Sequence: 1, How: domain.TrailMissing, AtStart: true}},
		"middle removed": {func(trail []domain.SealedEvent) []domain.SealedEvent {
			return slices.Delete(trail, 2, 4)
		}, domain.AuditCheckpoint{}, domain.TrailBreak{Sequence: 3, How: domain.TrailMissing}},
		"removed and renumbered": {func(trail []domain.SealedEvent) []domain.SealedEvent {
			trail = slices.Delete(trail, 2, 3)
			trail[2].Sequence = 3
			return trail
		}, domain.AuditCheckpoint{}, domain.TrailBreak{Sequence: 3, How: domain.TrailAltered}},
		"last removed": {func(trail []domain.SealedEvent) []domain.SealedEvent {
			return trail[:4]
		}, domain.AuditCheckpoint{}, domain.TrailBreak{Sequence: 5, How: domain.TrailMissing}},
		"all removed": {func([]domain.SealedEvent) []domain.SealedEvent {
			return nil
		}, domain.AuditCheckpoint{}, domain.TrailBreak{Sequence: 1, How: domain.TrailMissing, AtStart: true}},
		"doubled": {func(trail []domain.SealedEvent) []domain.SealedEvent {
			return slices.Insert(trail, 3, trail[2])
		}, domain.AuditCheckpoint{}, domain.TrailBreak{Sequence: 3, How: domain.TrailInserted}},
		"before the first": {func(trail []domain.SealedEvent) []domain.SealedEvent {
			early := trail[0]
			early.Sequence = 0
			return slices.Insert(trail, 0, early)
		}, domain.AuditCheckpoint{}, domain.TrailBreak{Sequence: 0, How: domain.TrailInserted, AtStart: true}},
		"exchanged": {func(trail []domain.SealedEvent) []domain.SealedEvent {
			trail[2], trail[3] = trail[3], trail[2]
			trail[2].Sequence, trail[3].Sequence = 3, 4
			return trail
		}, domain.AuditCheckpoint{}, domain.TrailBreak{Sequence: 3, How: domain.TrailAltered}},
		"of what a checkpoint stands for": {func(trail []domain.SealedEvent) []domain.SealedEvent {
			return trail[1:]
		}, checkpoint, domain.TrailBreak{Sequence: 2, How: domain.TrailInserted, AtStart: true}},
		"removed after a checkpoint": {func([]domain.SealedEvent) []domain.SealedEvent {
			return rest[1:]
		}, checkpoint, domain.TrailBreak{Sequence: 3, How: domain.TrailMissing, AtStart: true}},
		"checkpoint removed": {func([]domain.SealedEvent) []domain.SealedEvent {
			return rest
		}, domain.AuditCheckpoint{}, domain.TrailBreak{Sequence: 1, How: domain.TrailMissing, AtStart: true}},
		"checkpoint forged": {func(trail []domain.SealedEvent) []domain.SealedEvent {
			return trail[3:]
		}, forged, domain.TrailBreak{Sequence: 3, How: domain.TrailCheckpointForged, AtStart: true}},
	} {
		_, err := check(test.checkpoint, test.spoil(slices.Clone(whole)), whole[5].Mark())
		damage, broken := errors.AsType[*domain.TrailBreak](err)
		if !broken || *damage != test.want || !errors.Is(err, domain.ErrTrailBroken) {
			t.Errorf("%s: %v, want %v", name, err, &test.want)
		}
	}
}

// A place that was written down elsewhere is found again, or missed.
func TestExpect(t *testing.T) {
	trail := sealedTrail(auditKey)
	checkpoint, rest := retired(trail, 3)
	other := func(mark domain.AuditMark) domain.AuditMark { mark.Seal[0] ^= 1; return mark }
	for name, test := range map[string]struct {
		anchor domain.AuditMark
		want   error // or nil
		at     int64
		how    domain.TrailDamage
	}{
		"none":                      {},
		"in the trail":              {anchor: trail[4].Mark()},
		"the last":                  {anchor: trail[5].Mark()},
		"the last that was removed": {anchor: trail[2].Mark()},
		"removed before":            {anchor: trail[1].Mark(), want: domain.ErrAnchorRetired},
		"another in its place":      {anchor: other(trail[4].Mark()), want: domain.ErrTrailBroken, at: 5, how: domain.TrailReplaced},
		"another that was removed":  {anchor: other(trail[2].Mark()), want: domain.ErrTrailBroken, at: 3, how: domain.TrailReplaced},
		"beyond the end":            {anchor: domain.AuditMark{Sequence: 9}, want: domain.ErrTrailBroken, at: 7, how: domain.TrailMissing},
	} {
		c, err := domain.NewTrailCheck(auditKey, checkpoint)
		if err == nil {
			err = c.Expect(test.anchor)
		}
		for _, event := range rest {
			if err == nil {
				err = c.Next(event)
			}
		}
		if err == nil {
			err = c.End(domain.AuditMark{})
		}
		damage, broken := errors.AsType[*domain.TrailBreak](err)
		if !errors.Is(err, test.want) || broken && (damage.Sequence != test.at || damage.How != test.how) {
			t.Errorf("%s: %v, want %v at %d: %s", name, err, test.want, test.at, test.how)
		}
	}
}

func TestMarksInText(t *testing.T) {
	mark := domain.AuditMark{Sequence: 7, Seal: counting()}
	if got, is := domain.ParseAuditMark(mark.String()); !is || got != mark || !strings.HasPrefix(mark.String(), "7:000102") {
		t.Errorf("%s is read as %v, %t", mark, got, is)
	}
	for _, text := range []string{"", "7", "7:", "07" + mark.String()[1:], "+" + mark.String(), "-" + mark.String(), mark.String() + " ", domain.AuditMark{}.String()} {
		if _, is := domain.ParseAuditMark(text); is {
			t.Errorf("%q is taken for a place in the trail", text)
		}
	}
}

// Events of versions that did not sign the end are good before newer ones, and nowhere else.
func TestTrailOfTwoVersions(t *testing.T) {
	event := func(n int64) domain.AuditEvent { return domain.AuditEvent{Sequence: n, At: time.UnixMilli(-1)} }
	parse := func(text string) domain.Seal { seal, _ := domain.ParseSeal(text); return seal }
	checkpoint := auditKey.Sign(domain.AuditCheckpoint{Last: domain.AuditMark{Sequence: 41, Seal: counting()}})
	old := domain.SealedEvent{AuditEvent: event(42), Seal: parse("ab6f6b49678209be2d9d0bbb6716cc77c8240c55952561eaa239ddb53eb0257d")}
	newer := domain.SealedEvent{AuditEvent: event(43), Seal: auditKey.Seal(old.Mark(), event(43))}
	if last, err := check(checkpoint, []domain.SealedEvent{old, newer}, newer.Mark()); err != nil || last.Sequence != 43 {
		t.Errorf("old, new: %v, whole up to %d", err, last.Sequence)
	}
	first := domain.SealedEvent{AuditEvent: event(41), Seal: auditKey.Seal(domain.AuditMark{Sequence: 40}, event(41))}
	before := auditKey.Sign(domain.AuditCheckpoint{Last: domain.AuditMark{Sequence: 40}})
	last := domain.SealedEvent{AuditEvent: event(42), Seal: sealedBefore(first.Mark(), 42)}
	if !auditKey.SealedBefore(first.Mark(), last) {
		t.Fatal("the last event is not of an earlier version")
	}
	_, err := check(before, []domain.SealedEvent{first, last}, last.Mark())
	if damage, broken := errors.AsType[*domain.TrailBreak](err); !broken || damage.Sequence != 42 || damage.How != domain.TrailAltered {
		t.Errorf("new, old: %v", err)
	}
}

// sealedBefore is the seal of a bare event of a version that did not sign the end.
func sealedBefore(previous domain.AuditMark, sequence int64) (seal domain.Seal) {
	mac := hmac.New(sha256.New, []byte("sixteen bytes or more"))
	mac.Write([]byte("gatehouse audit event 1"))
	mac.Write(previous.Seal[:])
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(sequence)))
	mac.Write(binary.BigEndian.AppendUint64(nil, math.MaxUint64)) // -1 ms
	mac.Write(make([]byte, 11*4))                                 // no text
	mac.Sum(seal[:0])
	return seal
}

// Whatever is changed of an event, it is the one that is named.
func TestEveryChangeIsFound(t *testing.T) {
	for name, change := range eventChanges {
		trail := sealedTrail(auditKey)
		change(&trail[3].AuditEvent)
		want := domain.TrailBreak{Sequence: 4, How: domain.TrailAltered}
		if name == "sequence" {
			want.How = domain.TrailMissing
		}
		_, err := check(domain.AuditCheckpoint{}, trail, domain.AuditMark{})
		if damage, broken := errors.AsType[*domain.TrailBreak](err); !broken || *damage != want {
			t.Errorf("%s: %v, want %v", name, err, &want)
		}
	}
}
