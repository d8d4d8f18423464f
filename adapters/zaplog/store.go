package zaplog

import (
	"context"
	"net/netip"

	"github.com/google/wire"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"gatehouse/domain"
	"gatehouse/ports"
)

// Set wraps the store that is provided as [Inner].
var Set = wire.NewSet(New, wire.Bind(new(ports.Store), new(*Store)))

// Inner is the store that keeps the records.
type Inner ports.Store

// A Store is a [ports.Store] whose audit events are logged. It may be used concurrently.
type Store struct {
	inner ports.Store
	log   *zap.Logger
}

var _ ports.Store = (*Store)(nil)

// New wraps inner.
func New(inner Inner, log *zap.Logger) *Store { return &Store{inner, log} }

// View implements [ports.Store].
func (s *Store) View(ctx context.Context, read func(ports.Records) error) error {
	return s.inner.View(ctx, read)
}

// Session implements [ports.Store].
func (s *Store) Session(ctx context.Context, id domain.SessionID) (domain.Staff, domain.Session, error) {
	return s.inner.Session(ctx, id)
}

// Update implements [ports.Store].
func (s *Store) Update(ctx context.Context, change func(ports.Records) error) error {
	var appended []domain.AuditEvent
	err := s.inner.Update(ctx, func(r ports.Records) error {
		return change(records{r, &appended})
	})
	if err != nil {
		return err
	}
	for i := range appended {
		s.write(&appended[i])
	}
	return nil
}

// write logs one event: what went well as information, anything else as a warning.
func (s *Store) write(event *domain.AuditEvent) {
	level := zapcore.InfoLevel
	if event.Outcome != domain.OutcomeSuccess {
		level = zapcore.WarnLevel
	}
	if entry := s.log.Check(level, "audit"); entry != nil {
		entry.Write(zap.Inline((*loggedEvent)(event)))
	}
}

// A loggedEvent writes itself into a line, without a list of fields in between: there is a
// line for every request.
type loggedEvent domain.AuditEvent

// MarshalLogObject implements [zapcore.ObjectMarshaler].
func (e *loggedEvent) MarshalLogObject(line zapcore.ObjectEncoder) error {
	line.AddString("kind", string(e.Kind))
	line.AddString("outcome", string(e.Outcome))
	for _, optional := range [...]struct{ key, value string }{
		{"reason", string(e.Reason)},
		{"staff_id", string(e.StaffID)},
		{"subject", string(e.Subject)},
		{"session_id", string(e.Session)},
		{"user_agent", e.Client.UserAgent},
		{"request_id", e.Client.RequestID},
		{"actor", string(e.Client.Actor.Kind)},
		{"actor_id", string(e.Client.Actor.Staff)},
		{"operator", e.Client.Actor.Name},
		{"client", address(e.Client.Address)},
		{"previous_address", address(e.PreviousAddress)},
	} {
		if optional.value != "" {
			line.AddString(optional.key, optional.value)
		}
	}
	return nil
}

// address is empty for none.
func address(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

// records notes what is appended to the audit trail.
type records struct {
	ports.Records
	appended *[]domain.AuditEvent
}

func (r records) Audit() ports.AuditRecords { return auditRecords{r.Records.Audit(), r.appended} }

type auditRecords struct {
	ports.AuditRecords
	appended *[]domain.AuditEvent
}

// Append implements [ports.AuditRecords].
func (r auditRecords) Append(event domain.AuditEvent) error {
	err := r.AuditRecords.Append(event)
	if err == nil {
		*r.appended = append(*r.appended, event)
	}
	return err
}
