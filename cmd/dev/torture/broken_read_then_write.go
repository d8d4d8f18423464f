package main

import (
	"context"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// readThenWrite decides on what it reads in a step of its own, and writes in another
// without looking again.
type readThenWrite struct{ ports.Store }

// Update implements [ports.Store], wrongly.
func (s readThenWrite) Update(ctx context.Context, change func(ports.Records) error) error {
	var writes deferred
	if err := s.View(ctx, func(r ports.Records) error { return change(readRecords{r, &writes}) }); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(r ports.Records) error {
		for _, write := range writes {
			if err := write(r); err != nil {
				return err
			}
		}
		return nil
	})
}

// deferred are what is to be written, in order.
type deferred []func(ports.Records) error

func (d *deferred) add(write func(ports.Records) error) error {
	*d = append(*d, write)
	return nil
}

// readRecords read now and write later.
type readRecords struct {
	ports.Records
	writes *deferred
}

// Staff implements [ports.Records].
func (r readRecords) Staff() ports.StaffRecords { return readStaff{r.Records.Staff(), r.writes} }

// Sessions implements [ports.Records].
func (r readRecords) Sessions() ports.SessionRecords {
	return readSessions{r.Records.Sessions(), r.writes}
}

// Audit implements [ports.Records].
func (r readRecords) Audit() ports.AuditRecords { return readAudit{r.Records.Audit(), r.writes} }

type readStaff struct {
	ports.StaffRecords
	writes *deferred
}

// Save implements [ports.StaffRecords].
func (s readStaff) Save(staff domain.Staff) error {
	return s.writes.add(func(r ports.Records) error { return r.Staff().Save(staff) })
}

type readSessions struct {
	ports.SessionRecords
	writes *deferred
}

// Save implements [ports.SessionRecords].
func (s readSessions) Save(session domain.Session) error {
	return s.writes.add(func(r ports.Records) error { return r.Sessions().Save(session) })
}

// EndAll implements [ports.SessionRecords].
func (s readSessions) EndAll(staff domain.StaffID, reason domain.EndReason, now time.Time) (int, error) {
	return 0, s.writes.add(func(r ports.Records) error {
		_, err := r.Sessions().EndAll(staff, reason, now)
		return err
	})
}

type readAudit struct {
	ports.AuditRecords
	writes *deferred
}

// Append implements [ports.AuditRecords].
func (a readAudit) Append(event domain.AuditEvent) error {
	return a.writes.add(func(r ports.Records) error { return r.Audit().Append(event) })
}
