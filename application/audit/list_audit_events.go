package audit

import (
	"context"

	"gatehouse/application/internal/steps"
	"gatehouse/domain"
	"gatehouse/ports"
)

// ListAuditEvents returns the newest matching events, newest first.
//
// Errors: [domain.ErrNotAllowed], [domain.ErrStaffNotFound] for an unknown address, [domain.ErrUnavailable].
type ListAuditEvents struct {
	store ports.Store
	clock ports.Clock
}

// ListAuditEventsQuery selects events by a filter. If Email is not empty, they are those about the person
// with this address.
type ListAuditEventsQuery struct {
	Email  string
	Filter ports.AuditFilter
	Client domain.Client
}

// NewListAuditEvents makes the use case.
func NewListAuditEvents(store ports.Store, clock ports.Clock) *ListAuditEvents {
	return &ListAuditEvents{store, clock}
}

// Execute implements [ports.UseCase].
func (u *ListAuditEvents) Execute(ctx context.Context, query ListAuditEventsQuery) (events []domain.AuditEvent, err error) {
	if err := steps.PermitReading(ctx, u.store, domain.EventAuditRead, query.Client, u.clock()); err != nil {
		return nil, err
	}
	err = u.store.View(ctx, func(records ports.Records) error {
		filter := query.Filter
		if query.Email != "" {
			staff, err := records.Staff().ByEmail(domain.Email(query.Email).Key())
			if err != nil {
				return err
			}
			filter.Staff = staff.ID
		}
		for event, err := range records.Audit().Events(filter) {
			if err != nil {
				return err
			}
			events = append(events, event)
		}
		return nil
	})
	return steps.Result(events, err)
}
