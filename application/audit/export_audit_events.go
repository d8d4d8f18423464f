package audit

import (
	"context"
	"math"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// ExportAuditEvents writes the matching events one after the other, oldest first. The memory it needs does
// not grow with their number. Events that are appended after its start are left out.
//
// Errors: [domain.ErrNotAllowed]; [domain.ErrStaffNotFound] for an unknown address; [domain.ErrTrailBroken]
// at an event that was altered; [domain.ErrUnavailable]; those of Write.
type ExportAuditEvents struct {
	store ports.Store
	clock ports.Clock
}

// ExportAuditEventsQuery selects events as [ListAuditEventsQuery] does.
type ExportAuditEventsQuery struct {
	Email  string
	Filter ports.AuditFilter
	// Write gets each event. It may be slow, because the store is not locked meanwhile. An error ends the
	// export.
	Write  func(domain.SealedEvent) error
	Client domain.Client
}

// ExportAuditEventsResult counts the events that were written.
type ExportAuditEventsResult struct {
	Events int64
}

// NewExportAuditEvents makes the use case.
func NewExportAuditEvents(store ports.Store, clock ports.Clock) *ExportAuditEvents {
	return &ExportAuditEvents{store, clock}
}

// Execute implements [ports.UseCase].
func (u *ExportAuditEvents) Execute(ctx context.Context, query ExportAuditEventsQuery) (result ExportAuditEventsResult, err error) {
	if err := steps.PermitReading(ctx, u.store, domain.EventAuditRead, query.Client, u.clock()); err != nil {
		return ExportAuditEventsResult{}, err
	}
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
	after, end int64                // sequences: the last one read, and the last one to read
	found      []domain.SealedEvent // of the last page
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

// read reads a page. After an empty one the export is complete.
func (e *export) read(records ports.Records) error {
	e.found = e.found[:0]
	last := e.end
	for event, err := range records.Audit().Trail(e.after, trailPage) {
		if err != nil {
			return err
		}
		last = event.Sequence
		if event.Altered { // the filter cannot be applied to an altered event
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
