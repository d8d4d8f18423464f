package audit

import (
	"context"
	"math"

	"gatehouse/domain"
	"gatehouse/ports"
)

// ExportAuditEvents hands out the events that match, oldest first, one after the other: it
// needs no more memory for many than for few. It ends with the event that is the newest when
// it begins.
//
// Errors: [domain.ErrStaffNotFound] if an address is asked for that nobody has,
// [domain.ErrTrailBroken] at an event that cannot have been written as it is stored,
// [domain.ErrUnavailable], and those of Write.
type ExportAuditEvents struct {
	store ports.Store
}

// ExportAuditEventsQuery selects events as [ListAuditEventsQuery] does.
type ExportAuditEventsQuery struct {
	Email  string
	Filter ports.AuditFilter
	// Write gets each event. It may take its time: the store is not held up by it. Its
	// error ends the export.
	Write func(domain.SealedEvent) error
}

// ExportAuditEventsResult tells how many events were written.
type ExportAuditEventsResult struct {
	Events int64
}

// NewExportAuditEvents makes the use case.
func NewExportAuditEvents(store ports.Store) *ExportAuditEvents { return &ExportAuditEvents{store} }

// Execute implements [ports.UseCase].
func (u *ExportAuditEvents) Execute(ctx context.Context, query ExportAuditEventsQuery) (result ExportAuditEventsResult, err error) {
	e := export{filter: query.Filter}
	if err := u.store.View(ctx, func(records ports.Records) error { return e.begin(records, query.Email) }); err != nil {
		return ExportAuditEventsResult{}, err
	}
	for e.after < e.end {
		if err := u.store.View(ctx, e.read); err != nil {
			return ExportAuditEventsResult{}, err
		}
		for _, event := range e.found {
			if err := query.Write(event); err != nil {
				return ExportAuditEventsResult{}, err
			}
			if result.Events++; result.Events == int64(query.Filter.Limit) {
				return result, nil
			}
		}
		if e.broken != nil {
			return ExportAuditEventsResult{}, e.broken
		}
	}
	return result, nil
}

// An export is one pass over the trail.
type export struct {
	filter     ports.AuditFilter
	after, end int64                // sequences: what was read, and what is to be
	found      []domain.SealedEvent // on the page that was read last
	broken     error                // comes after them
}

func (e *export) begin(records ports.Records, email string) error {
	if email != "" {
		staff, err := records.Staff().ByEmail(domain.Email(email).Key())
		if err != nil {
			return err
		}
		e.filter.Staff = staff.ID
	}
	head, err := records.Audit().Head()
	e.after, e.end = math.MinInt64, head.Sequence
	return err
}

// read reads a page. An empty one is beyond the end.
func (e *export) read(records ports.Records) error {
	e.found = e.found[:0]
	last := e.end
	for event, err := range records.Audit().Trail(e.after, trailPage) {
		if err != nil {
			return err
		}
		last = event.Sequence
		if event.Altered { // which filter it would pass is not to be known
			e.broken = &domain.TrailBreak{Sequence: last, How: domain.TrailAltered}
			break
		}
		if last <= e.end && e.filter.Matches(event.AuditEvent) {
			e.found = append(e.found, event)
		}
	}
	e.after = last
	return nil
}
