package audit

import (
	"context"

	"gatehouse/domain"
	"gatehouse/ports"
)

// ListAuditEvents returns the newest events that match, newest first.
//
// Errors: [domain.ErrStaffNotFound] if an address is asked for that nobody has,
// [domain.ErrUnavailable].
type ListAuditEvents struct {
	store ports.Store
}

// ListAuditEventsQuery selects events: those of the person with the address Email, unless
// it is empty, and those that the filter lets through.
type ListAuditEventsQuery struct {
	Email  string
	Filter ports.AuditFilter
}

// NewListAuditEvents makes the use case.
func NewListAuditEvents(store ports.Store) *ListAuditEvents { return &ListAuditEvents{store} }

// Execute implements [ports.UseCase].
func (u *ListAuditEvents) Execute(ctx context.Context, query ListAuditEventsQuery) (events []domain.AuditEvent, err error) {
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
	return events, err
}
