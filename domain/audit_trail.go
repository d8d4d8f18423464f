package domain

import "fmt"

// A TrailCheck follows the audit trail from its beginning, and finds the first place that was
// changed. It must not be used concurrently.
type TrailCheck struct {
	key         AuditKey
	start, last AuditMark
	// newer: an event was sealed in the present way, and no later one may be in the old way.
	newer bool
	// anchor is a place that the trail must hold; the zero one is none.
	anchor AuditMark
}

// NewTrailCheck begins after the events that a checkpoint stands for.
//
// Errors: [ErrTrailBroken].
func NewTrailCheck(key AuditKey, checkpoint AuditCheckpoint) (*TrailCheck, error) {
	if checkpoint != (AuditCheckpoint{}) && !key.Signs(checkpoint) {
		return nil, &TrailBreak{checkpoint.Last.Sequence, TrailCheckpointForged, true}
	}
	return &TrailCheck{key: key, start: checkpoint.Last, last: checkpoint.Last}, nil
}

// Next takes the event that comes next in the trail.
//
// Errors: [ErrTrailBroken].
func (c *TrailCheck) Next(event SealedEvent) error {
	due := c.last.Sequence + 1
	switch {
	case event.Sequence > due:
		return c.broken(due, TrailMissing)
	case event.Sequence < due:
		return c.broken(event.Sequence, TrailInserted)
	case event.Altered, !c.sealed(event):
		return c.broken(event.Sequence, TrailAltered)
	}
	if event.Sequence == c.anchor.Sequence && event.Mark() != c.anchor {
		return c.broken(event.Sequence, TrailReplaced)
	}
	c.last = event.Mark()
	return nil
}

// Expect gives the check a place that was written down outside the store. Call it before the first
// event. Of the removed events only the last can be compared.
//
// Errors: [ErrTrailBroken]; [ErrAnchorRetired] if the event was removed as old.
func (c *TrailCheck) Expect(anchor AuditMark) error {
	switch {
	case anchor == (AuditMark{}) || anchor.Sequence > c.start.Sequence:
		c.anchor = anchor
		return nil
	case anchor.Sequence < c.start.Sequence:
		return ErrAnchorRetired
	case anchor != c.start:
		return c.broken(anchor.Sequence, TrailReplaced)
	}
	return nil
}

func (c *TrailCheck) sealed(event SealedEvent) bool {
	if same(c.key.Seal(c.last, event.AuditEvent), event.Seal) {
		c.newer = true
		return true
	}
	return !c.newer && c.key.SealedBefore(c.last, event)
}

func (c *TrailCheck) broken(sequence int64, how TrailDamage) error {
	return &TrailBreak{sequence, how, c.last == c.start}
}

// End takes the newest event that was written, as known from outside the store.
//
// Errors: [ErrTrailBroken] if the trail ends before it, or before what is expected.
func (c *TrailCheck) End(newest AuditMark) error {
	if max(newest.Sequence, c.anchor.Sequence) > c.last.Sequence {
		return c.broken(c.last.Sequence+1, TrailMissing)
	}
	return nil
}

// Last is the last place that was found to be whole.
func (c *TrailCheck) Last() AuditMark { return c.last }

// A TrailBreak is the first place in the audit trail that was changed. It wraps [ErrTrailBroken].
type TrailBreak struct {
	Sequence int64
	How      TrailDamage
	// AtStart: not one event before it was found to be whole. If nothing is missing, the key
	// may be another one than the trail was sealed with.
	AtStart bool
}

// A TrailDamage is what has been done to an audit trail.
type TrailDamage string

// The damages. TrailAltered: the event was changed, exchanged or inserted, or the one
// before it was; or the key is another one. TrailReplaced: the event is whole, but at an
// earlier time another was in its place. TrailEndUnknown: all that is there is whole, but how
// far it had come is not known any more.
const (
	TrailAltered          TrailDamage = "altered"
	TrailMissing          TrailDamage = "missing"
	TrailInserted         TrailDamage = "inserted"
	TrailReplaced         TrailDamage = "replaced"
	TrailCheckpointForged TrailDamage = "checkpoint_forged"
	TrailEndUnknown       TrailDamage = "end_unknown"
)

// Error names the event and the damage.
func (b *TrailBreak) Error() string { return fmt.Sprintf("audit event %d: %s", b.Sequence, b.How) }

// Unwrap returns [ErrTrailBroken].
func (b *TrailBreak) Unwrap() error { return ErrTrailBroken }
