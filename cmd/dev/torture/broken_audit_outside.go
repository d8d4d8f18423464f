package main

import (
	"context"

	"gatehouse/domain"
	"gatehouse/ports"
)

// auditOutside stores a change, and then its audit events in a step of their own.
type auditOutside struct{ ports.Store }

// Update implements [ports.Store], wrongly.
func (s auditOutside) Update(ctx context.Context, change func(ports.Records) error) error {
	var later []domain.AuditEvent
	err := s.Store.Update(ctx, func(r ports.Records) error { return change(withoutAudit{r, &later}) })
	if err != nil {
		return err
	}
	return s.Store.Update(ctx, func(r ports.Records) error {
		for _, event := range later {
			if err := r.Audit().Append(event); err != nil {
				return err
			}
		}
		return nil
	})
}

type withoutAudit struct {
	ports.Records
	later *[]domain.AuditEvent
}

// Audit implements [ports.Records].
func (r withoutAudit) Audit() ports.AuditRecords { return laterAudit{r.Records.Audit(), r.later} }

type laterAudit struct {
	ports.AuditRecords
	later *[]domain.AuditEvent
}

// Append implements [ports.AuditRecords].
func (r laterAudit) Append(event domain.AuditEvent) error {
	*r.later = append(*r.later, event)
	return nil
}
