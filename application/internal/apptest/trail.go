package apptest

import (
	"context"
	"iter"
	"time"

	"gatehouse/application/audit"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// A Known is what a [ports.History] says.
type Known struct {
	End       domain.AuditMark
	Forgotten bool
}

func (k Known) Lost() (domain.AuditMark, bool) { return k.End, k.Forgotten }
func (k Known) Newest() domain.AuditMark       { return k.End }
func (k Known) Accept(context.Context) error   { return nil }

// A Beside is a store, and something that happens after each View of it.
type Beside struct {
	ports.Store
	Views  int
	Happen func(view int)
}

func (m *Beside) View(ctx context.Context, read func(ports.Records) error) error {
	err := m.Store.View(ctx, read)
	m.Views++
	m.Happen(m.Views)
	return err
}

// A Tampered store has an audit trail that is not what was written.
type Tampered struct {
	ports.Store
	Spoil     func(*domain.SealedEvent)
	Unguarded []string
}

func (s Tampered) View(ctx context.Context, read func(ports.Records) error) error {
	return s.Store.View(ctx, func(r ports.Records) error { return read(tamperedRecords{r, s}) })
}

type tamperedRecords struct {
	ports.Records
	store Tampered
}

func (r tamperedRecords) Audit() ports.AuditRecords { return tamperedAudit{r.Records.Audit(), r.store} }

type tamperedAudit struct {
	ports.AuditRecords
	store Tampered
}

func (r tamperedAudit) Unguarded() ([]string, error) { return r.store.Unguarded, nil }

func (r tamperedAudit) Trail(after int64, limit int) iter.Seq2[domain.SealedEvent, error] {
	return func(yield func(domain.SealedEvent, error) bool) {
		for event, err := range r.AuditRecords.Trail(after, limit) {
			if r.store.Spoil != nil {
				r.store.Spoil(&event)
			}
			if !yield(event, err) {
				return
			}
		}
	}
}

// WriteEvents appends n events to the trail, a second apart.
func (s *Shop) WriteEvents(n int) {
	s.T.Helper()
	s.Update(func(r ports.Records) error {
		for range n {
			s.Clock.Advance(time.Second)
			event := domain.NewAuditEvent(domain.EventSignIn, porttest.Client(), s.Clock.Now()).Decided(nil)
			if err := r.Audit().Append(event); err != nil {
				return err
			}
		}
		return nil
	})
}

// TrailMark is the place of an event in the trail.
func (s *Shop) TrailMark(sequence int64) (mark domain.AuditMark) {
	s.T.Helper()
	s.View(func(r ports.Records) error {
		for event, err := range r.Audit().Trail(sequence-1, 1) {
			mark = event.Mark()
			return err
		}
		return nil
	})
	return mark
}

// Retire removes events as retention does.
func (s *Shop) Retire(last int64) domain.AuditCheckpoint {
	s.T.Helper()
	checkpoint := s.Store.AuditKey.Sign(domain.AuditCheckpoint{Last: s.TrailMark(last), At: porttest.Noon, RemovedAt: s.Clock.Now()})
	s.Update(func(r ports.Records) error { return r.Audit().Retire(checkpoint) })
	return checkpoint
}

func (s *Shop) VerifyAuditTrail(history ports.History) *audit.VerifyAuditTrail {
	return audit.NewVerifyAuditTrail(s.Front, history, s.Store.AuditKey, s.Clock.Now)
}

func (s *Shop) ExportAuditEvents() *audit.ExportAuditEvents {
	return audit.NewExportAuditEvents(s.Front, s.Clock.Now)
}
