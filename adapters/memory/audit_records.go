package memory

import (
	"iter"
	"slices"

	"gatehouse/domain"
	"gatehouse/ports"
)

type auditRecords struct{ *records }

func (r auditRecords) Append(event domain.AuditEvent) error {
	if err := r.writable(); err != nil {
		return err
	}
	end, _ := r.Head()
	event = stored(event)
	event.Sequence = end.Sequence + 1
	r.state.events = append(r.state.events, domain.SealedEvent{AuditEvent: event, Seal: r.key.Seal(end, event)})
	return nil
}

func (r auditRecords) Head() (domain.AuditMark, error) {
	if len(r.state.events) == 0 {
		return r.state.checkpoint.Last, nil
	}
	return r.state.events[len(r.state.events)-1].Mark(), nil
}

func (r auditRecords) Checkpoint() (domain.AuditCheckpoint, error) { return r.state.checkpoint, nil }

func (r auditRecords) Retire(checkpoint domain.AuditCheckpoint) error {
	if err := r.writable(); err != nil {
		return err
	}
	r.state.checkpoint = stored(checkpoint)
	r.state.events = slices.DeleteFunc(slices.Clone(r.state.events), func(e domain.SealedEvent) bool {
		return e.Sequence <= checkpoint.Last.Sequence
	})
	return nil
}

func (r auditRecords) Unguarded() ([]string, error) { return nil, nil }

func (r auditRecords) Trail(after int64, limit int) iter.Seq2[domain.SealedEvent, error] {
	return func(yield func(domain.SealedEvent, error) bool) {
		for _, event := range r.state.events {
			if event.Sequence <= after {
				continue
			}
			if limit--; limit < 0 || !yield(event, nil) {
				return
			}
		}
	}
}

func (r auditRecords) Events(filter ports.AuditFilter) iter.Seq2[domain.AuditEvent, error] {
	return func(yield func(domain.AuditEvent, error) bool) {
		left := filter.Limit
		for _, event := range slices.Backward(r.state.events) {
			if !filter.Matches(event.AuditEvent) {
				continue
			}
			if !yield(event.AuditEvent, nil) {
				return
			}
			if left--; left == 0 {
				return
			}
		}
	}
}
