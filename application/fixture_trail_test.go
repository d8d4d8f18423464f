package application_test

import (
	"context"
	"iter"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// A known is what a [ports.History] says.
type known struct {
	end       domain.AuditMark
	forgotten bool
}

func (k known) Lost() (domain.AuditMark, bool) { return k.end, k.forgotten }
func (k known) Newest() domain.AuditMark       { return k.end }
func (k known) Accept() error                  { return nil }

// A beside is a store, and something that happens after each View of it.
type beside struct {
	ports.Store
	views  int
	happen func(view int)
}

func (m *beside) View(ctx context.Context, read func(ports.Records) error) error {
	err := m.Store.View(ctx, read)
	m.views++
	m.happen(m.views)
	return err
}

// A tampered store has an audit trail that is not what was written.
type tampered struct {
	ports.Store
	spoil     func(*domain.SealedEvent)
	unguarded []string
}

func (s tampered) View(ctx context.Context, read func(ports.Records) error) error {
	return s.Store.View(ctx, func(r ports.Records) error { return read(tamperedRecords{r, s}) })
}

type tamperedRecords struct {
	ports.Records
	store tampered
}

func (r tamperedRecords) Audit() ports.AuditRecords { return tamperedAudit{r.Records.Audit(), r.store} }

type tamperedAudit struct {
	ports.AuditRecords
	store tampered
}

func (r tamperedAudit) Unguarded() ([]string, error) { return r.store.unguarded, nil }

func (r tamperedAudit) Trail(after int64, limit int) iter.Seq2[domain.SealedEvent, error] {
	return func(yield func(domain.SealedEvent, error) bool) {
		for event, err := range r.AuditRecords.Trail(after, limit) {
			if r.store.spoil != nil {
				r.store.spoil(&event)
			}
			if !yield(event, err) {
				return
			}
		}
	}
}

// writeEvents appends n events to the trail, a second apart.
func (s *shop) writeEvents(n int) {
	s.t.Helper()
	s.update(func(r ports.Records) error {
		for range n {
			s.clock.Advance(time.Second)
			event := domain.NewAuditEvent(domain.EventSignIn, porttest.Client(), s.clock.Now()).Decided(nil)
			if err := r.Audit().Append(event); err != nil {
				return err
			}
		}
		return nil
	})
}

// trailMark is the place of an event in the trail.
func (s *shop) trailMark(sequence int64) (mark domain.AuditMark) {
	s.t.Helper()
	s.view(func(r ports.Records) error {
		for event, err := range r.Audit().Trail(sequence-1, 1) {
			mark = event.Mark()
			return err
		}
		return nil
	})
	return mark
}

// retire removes events as retention does.
func (s *shop) retire(last int64) domain.AuditCheckpoint {
	s.t.Helper()
	checkpoint := s.store.AuditKey.Sign(domain.AuditCheckpoint{Last: s.trailMark(last), At: porttest.Noon, RemovedAt: s.clock.Now()})
	s.update(func(r ports.Records) error { return r.Audit().Retire(checkpoint) })
	return checkpoint
}

func (s *shop) verifyAuditTrail(history ports.History) *application.VerifyAuditTrail {
	return application.NewVerifyAuditTrail(s.front, history, s.store.AuditKey)
}

func (s *shop) exportAuditEvents() *application.ExportAuditEvents {
	return application.NewExportAuditEvents(s.front)
}
