package memory

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"
	"sync"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// A Store is a [ports.Store] in memory. The zero Store is empty and ready.
type Store struct {
	mu    sync.RWMutex
	state state
	runs  map[ports.HousekeepingTask]ports.HousekeepingRun // never changed once it is the store's
	// AuditKey seals the audit trail. Set it before the store is shared.
	AuditKey domain.AuditKey
	// Broken, when set, is called before each View and Update; its error, if any, is
	// returned instead. Set it before the store is shared.
	Broken func() error
	// Room, when set, tells what [Store.Probe] says. Set it before the store is shared.
	Room func() domain.Room
	lost domain.AuditMark
}

var (
	_ ports.Store = (*Store)(nil)
	_ ports.Probe = (*Store)(nil)

	_ ports.History = (*Store)(nil)
)

// A state is never changed once it is the store's.
type state struct {
	staff     map[domain.StaffID]domain.Staff
	sessions  map[domain.SessionID]domain.Session
	imports   map[domain.StaffID]domain.ImportedState
	counters  map[domain.CounterKey]domain.Counter
	links     map[domain.AccountKey]domain.Link
	outbox    map[domain.MailID]domain.Mail
	deletions map[domain.StaffID]domain.Deletion
	events    []domain.SealedEvent
	// checkpoint stands for the events before the first.
	checkpoint domain.AuditCheckpoint
}

func (s state) clone() state {
	return state{
		staff:     copied(s.staff),
		sessions:  copied(s.sessions),
		imports:   copied(s.imports),
		counters:  copied(s.counters),
		links:     copied(s.links),
		outbox:    copied(s.outbox),
		deletions: copied(s.deletions),
		events:    slices.Clip(s.events), // nobody changes one in place

		checkpoint: s.checkpoint,
	}
}

// stored returns the record as a store gives it back: with times in UTC, to the millisecond.
func stored[T any](record T) T {
	roundTimes(reflect.ValueOf(&record).Elem())
	return record
}

func roundTimes(value reflect.Value) {
	if at, is := value.Addr().Interface().(*time.Time); is {
		*at = time.UnixMilli(at.UnixMilli()).UTC()
		return
	}
	switch value.Kind() {
	case reflect.Struct:
		for i := range value.NumField() {
			if value.Type().Field(i).IsExported() {
				roundTimes(value.Field(i))
			}
		}
	case reflect.Array:
		for i := range value.Len() {
			roundTimes(value.Index(i))
		}
	}
}

func copied[K comparable, V any](from map[K]V) map[K]V {
	to := make(map[K]V, len(from))
	maps.Copy(to, from)
	return to
}

// Update implements [ports.Store].
func (s *Store) Update(ctx context.Context, change func(ports.Records) error) error {
	if err := s.check(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	draft := s.state.clone()
	if err := change(&records{state: &draft, key: s.AuditKey}); err != nil {
		return err
	}
	s.state = draft
	return nil
}

// View implements [ports.Store].
func (s *Store) View(ctx context.Context, read func(ports.Records) error) error {
	if err := s.check(ctx); err != nil {
		return err
	}
	s.mu.RLock()
	snapshot := s.state
	s.mu.RUnlock()
	return read(&records{state: &snapshot, readOnly: true})
}

// Session implements [ports.Store].
func (s *Store) Session(ctx context.Context, id domain.SessionID) (owner domain.Staff, session domain.Session, err error) {
	err = s.View(ctx, func(r ports.Records) error {
		if session, err = r.Sessions().ByID(id); err != nil {
			return err
		}
		owner, err = r.Staff().ByID(session.StaffID)
		return err
	})
	return owner, session, err
}

// Probe implements [ports.Probe].
func (s *Store) Probe(ctx context.Context) (domain.Room, error) {
	if s.Room == nil {
		return domain.RoomUnknown, s.check(ctx)
	}
	return s.Room(), s.check(ctx)
}

func (s *Store) check(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.Broken != nil {
		return s.Broken()
	}
	return nil
}

var errReadOnly = errors.New("memory: writing in a View")

// records implements the ports that are seen from within one Update or View.
type records struct {
	state    *state
	key      domain.AuditKey
	readOnly bool
}

func (r *records) Staff() ports.StaffRecords      { return staffRecords{r} }
func (r *records) Sessions() ports.SessionRecords { return sessionRecords{r} }
func (r *records) Imports() ports.ImportRecords   { return importRecords{r} }
func (r *records) Throttle() ports.ThrottleRecords {
	return throttleRecords{r}
}
func (r *records) Links() ports.LinkRecords         { return linkRecords{r} }
func (r *records) Outbox() ports.OutboxRecords      { return outboxRecords{r} }
func (r *records) Deletions() ports.DeletionRecords { return deletionRecords{r} }
func (r *records) Audit() ports.AuditRecords        { return auditRecords{r} }

func (r *records) writable() error {
	if r.readOnly {
		return errReadOnly
	}
	return nil
}

// Lose makes the store say that it held an event which it does not hold, until that is
// accepted.
func (s *Store) Lose(event domain.AuditMark) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lost = event
}

// Lost implements [ports.History].
func (s *Store) Lost() (domain.AuditMark, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.lost, s.lost != domain.AuditMark{}
}

// Newest implements [ports.History]: of what was lost; nothing else is known.
func (s *Store) Newest() domain.AuditMark {
	lost, _ := s.Lost()
	return lost
}

// Accept implements [ports.History].
func (s *Store) Accept(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.Lose(domain.AuditMark{})
	return nil
}
