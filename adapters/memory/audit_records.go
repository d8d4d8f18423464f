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
	event.Sequence = int64(len(r.state.events)) + 1
	r.state.events = append(r.state.events, event)
	return nil
}

func (r auditRecords) Events(filter ports.AuditFilter) iter.Seq2[domain.AuditEvent, error] {
	return func(yield func(domain.AuditEvent, error) bool) {
		left := filter.Limit
		for _, event := range slices.Backward(r.state.events) {
			if !matches(filter, event) {
				continue
			}
			if !yield(event, nil) {
				return
			}
			if left--; left == 0 {
				return
			}
		}
	}
}

func matches(filter ports.AuditFilter, event domain.AuditEvent) bool {
	return (filter.Staff == "" || event.StaffID == filter.Staff) &&
		(filter.Kind == "" || event.Kind == filter.Kind) &&
		(filter.Outcome == "" || event.Outcome == filter.Outcome) &&
		!event.At.Before(filter.Since) &&
		(filter.Until.IsZero() || event.At.Before(filter.Until))
}
