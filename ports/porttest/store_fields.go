package porttest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"gatehouse/domain"
	"gatehouse/ports"
)

// A fieldTest saves records of one kind that differ in one field each, and reads each back
// through every method that returns it.
type fieldTest[T any] struct {
	base T
	// fixed are the fields that name a record: with another value it would be another record.
	fixed []string
	save  func(ports.Records, T) error
	doors map[string]func(ports.Records, T) (T, error)
	// outside reads without a View; nil if there is no such method.
	outside func(ports.Store, T) (T, error)
}

// fieldTests has a test for each kind of record, by the method of [ports.Records].
func fieldTests() map[string]func(*testing.T, ports.Store) {
	return map[string]func(*testing.T, ports.Store){
		"Staff":     staffFields,
		"Sessions":  sessionFields,
		"Imports":   importFields,
		"Throttle":  counterFields,
		"Links":     linkFields,
		"Outbox":    mailFields,
		"Deletions": deletionFields,
		"Audit":     func(t *testing.T, store ports.Store) { eventFields(t, store); checkpointFields(t, store) },
	}
}

// storeFields tests that a store gives back every field of every record.
func storeFields(t *testing.T, open func(*testing.T) ports.Store) {
	all := reflect.TypeFor[ports.Records]()
	for i := range all.NumMethod() {
		name := all.Method(i).Name
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test := fieldTests()[name]
			if test == nil {
				t.Fatalf("no test saves each field of the records that %s returns: add one to fieldTests", name)
			}
			test(t, open(t))
		})
	}
}

// kept is the one place that names what a store is not meant to give back as it was saved.
func kept[T any](record T) T {
	record = rounded(record)
	switch r := any(&record).(type) {
	case *domain.Counter:
		if r.Empty() { // it counts nothing, so it is removed
			*r = domain.Counter{CounterKey: r.CounterKey}
		}
	case *domain.AuditEvent:
		r.Sequence = 0 // the store gives each event its own; the tests of the trail check it
	}
	return record
}

// possible makes a record valid again after one of its fields was changed.
func possible[T any](record T) T {
	switch r := any(&record).(type) {
	case *domain.Staff:
		r.Profile = possible(r.Profile)
	case *domain.ImportedState:
		r.Profile = possible(r.Profile)
	case *domain.Profile:
		if !r.HasPreferredName { // then there is none to keep
			r.PreferredName = ""
		}
	case *domain.Session:
		if r.StaffID != staffID(1) { // it belongs to somebody who is there
			r.StaffID = staffID(2)
		}
		if r.EndedAt.IsZero() { // nothing has ended it
			r.EndReason = ""
		}
	}
	return record
}

func (f fieldTest[T]) run(t *testing.T, store ports.Store) {
	f.write(t, store, "all fields", possible(f.base), false)
	variants(f.base, f.fixed, func(path string, variant T) {
		variant = possible(variant)
		f.write(t, store, path+" changed", variant, true)
		f.write(t, store, path+" as before", possible(f.base), false)
		f.write(t, store, path+" changed without a look", variant, false)
		f.write(t, store, path+" as before, after a look", possible(f.base), true)
	})
}

// write saves a record, after reading it or not, and compares what comes back within the
// update and after it.
func (f fieldTest[T]) write(t *testing.T, store ports.Store, what string, record T, look bool) {
	t.Helper()
	f.read(t, what, store, record) // so that a store which remembers has something to remember
	update(t, store, func(r ports.Records) error {
		if look {
			for _, door := range f.doors {
				_, _ = door(r, record)
			}
		}
		if err := f.save(r, record); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		return f.compare(t, what+", in the update", r, record)
	})
	view(t, store, func(r ports.Records) error { return f.compare(t, what, r, record) })
	for range 2 { // the second time it may be remembered
		if got := f.read(t, what, store, record); f.outside != nil {
			sameFields(t, what+", outside", got, kept(record))
		}
	}
	if t.Failed() {
		t.FailNow() // the next ones would say the same again
	}
}

func (f fieldTest[T]) compare(t *testing.T, what string, r ports.Records, record T) error {
	t.Helper()
	for name, door := range f.doors {
		got, err := door(r, record)
		if errors.Is(err, errNotThere) {
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %s: %w", what, name, err)
		}
		sameFields(t, what+": "+name, got, kept(record))
	}
	return nil
}

func (f fieldTest[T]) read(t *testing.T, what string, store ports.Store, record T) (got T) {
	t.Helper()
	if f.outside == nil {
		return got
	}
	got, err := f.outside(store, record)
	if err != nil && !domain.IsRefusal(err) {
		t.Fatalf("%s: %v", what, err)
	}
	return got
}

// errNotThere is for a record that a method leaves out, as it should.
var errNotThere = errors.New("it is left out")

// the returns what a door returns that yields the one record there is, or leaves it out.
func the[T any](found []T, there bool) (one T, err error) {
	switch {
	case !there && len(found) == 0:
		return one, errNotThere
	case !there || len(found) != 1:
		return one, fmt.Errorf("%d records, want it alone: %t", len(found), there)
	}
	return found[0], nil
}

func staffFields(t *testing.T, store ports.Store) {
	base := filled[domain.Staff]()
	session := Session(1, base)
	update(t, store, func(r ports.Records) error { return errors.Join(r.Staff().Save(base), r.Sessions().Save(session)) })
	fieldTest[domain.Staff]{
		base: base, fixed: []string{"ID"},
		save: func(r ports.Records, s domain.Staff) error { return r.Staff().Save(s) },
		doors: map[string]func(ports.Records, domain.Staff) (domain.Staff, error){
			"ByID":    func(r ports.Records, s domain.Staff) (domain.Staff, error) { return r.Staff().ByID(s.ID) },
			"ByEmail": func(r ports.Records, s domain.Staff) (domain.Staff, error) { return r.Staff().ByEmail(s.Email.Key()) },
			"Nearest": func(r ports.Records, s domain.Staff) (domain.Staff, error) {
				found, err := r.Staff().Nearest(s.ID)
				if !s.Credentials.Hash.Usable() && errors.Is(err, domain.ErrStaffNotFound) {
					err = errNotThere
				}
				return found, err
			},
			"All": func(r ports.Records, _ domain.Staff) (found domain.Staff, err error) {
				for found, err = range r.Staff().All() {
				}
				return found, err
			},
		},
		outside: func(store ports.Store, _ domain.Staff) (domain.Staff, error) {
			owner, _, err := store.Session(context.Background(), session.ID)
			return owner, err
		},
	}.run(t, store)
}

func sessionFields(t *testing.T, store ports.Store) {
	save(t, store, Person(1), Person(2))
	base := filled[domain.Session]()
	base.StaffID = staffID(1)
	fieldTest[domain.Session]{
		base: base, fixed: []string{"ID"},
		save: func(r ports.Records, s domain.Session) error { return r.Sessions().Save(s) },
		doors: map[string]func(ports.Records, domain.Session) (domain.Session, error){
			"ByID": func(r ports.Records, s domain.Session) (domain.Session, error) { return r.Sessions().ByID(s.ID) },
			"ByAdoptedToken": func(r ports.Records, s domain.Session) (domain.Session, error) {
				found, err := r.Sessions().ByAdoptedToken(s.StaffID, s.AdoptedToken)
				if s.AdoptedToken == "" && errors.Is(err, domain.ErrSessionNotFound) {
					err = errNotThere
				}
				return found, err
			},
			"OfStaff": func(r ports.Records, s domain.Session) (domain.Session, error) {
				found, err := r.Sessions().OfStaff(s.StaffID)
				if err != nil {
					return domain.Session{}, err
				}
				return the(found, !s.Over())
			},
			"SignedInFrom": func(r ports.Records, s domain.Session) (domain.Session, error) {
				found, err := r.Sessions().SignedInFrom(s.StaffID, s.Address, s.UserAgent)
				if err == nil && !found {
					err = errors.New("nobody has signed in from there")
				}
				return kept(s), err
			},
		},
		outside: func(store ports.Store, s domain.Session) (domain.Session, error) {
			_, found, err := store.Session(context.Background(), s.ID)
			return found, err
		},
	}.run(t, store)
}

func importFields(t *testing.T, store ports.Store) {
	save(t, store, Person(1))
	fieldTest[domain.ImportedState]{
		base: filled[domain.ImportedState](),
		save: func(r ports.Records, s domain.ImportedState) error { return r.Imports().Remember(staffID(1), s) },
		doors: map[string]func(ports.Records, domain.ImportedState) (domain.ImportedState, error){
			"Last": func(r ports.Records, _ domain.ImportedState) (domain.ImportedState, error) {
				return r.Imports().Last(staffID(1))
			},
		},
	}.run(t, store)
}

func counterFields(t *testing.T, store ports.Store) {
	fieldTest[domain.Counter]{
		base: filled[domain.Counter](), fixed: []string{"CounterKey.Kind", "CounterKey.Account", "CounterKey.Place"},
		save: func(r ports.Records, c domain.Counter) error { return r.Throttle().Save(c) },
		doors: map[string]func(ports.Records, domain.Counter) (domain.Counter, error){
			"Counter": func(r ports.Records, c domain.Counter) (domain.Counter, error) {
				return r.Throttle().Counter(c.CounterKey)
			},
			"OfAccount": func(r ports.Records, c domain.Counter) (domain.Counter, error) {
				found, err := r.Throttle().OfAccount(c.Account)
				if err != nil {
					return domain.Counter{}, err
				}
				return the(found, !c.Empty())
			},
		},
	}.run(t, store)
}

func linkFields(t *testing.T, store ports.Store) {
	fieldTest[domain.Link]{
		base: filled[domain.Link](), fixed: []string{"Account"},
		save: func(r ports.Records, l domain.Link) error { return r.Links().Save(l) },
		doors: map[string]func(ports.Records, domain.Link) (domain.Link, error){
			"Of": func(r ports.Records, l domain.Link) (domain.Link, error) { return r.Links().Of(l.Account) },
		},
	}.run(t, store)
}

func mailFields(t *testing.T, store ports.Store) {
	fieldTest[domain.Mail]{
		base: filled[domain.Mail](), fixed: []string{"ID"},
		save: func(r ports.Records, m domain.Mail) error { return r.Outbox().Save(m) },
		doors: map[string]func(ports.Records, domain.Mail) (domain.Mail, error){
			"Due": func(r ports.Records, m domain.Mail) (domain.Mail, error) {
				found, err := r.Outbox().Due(m.DueAt, 9)
				if err != nil {
					return domain.Mail{}, err
				}
				return the(found, true)
			},
		},
	}.run(t, store)
}

func deletionFields(t *testing.T, store ports.Store) {
	fieldTest[domain.Deletion]{
		base: filled[domain.Deletion](), fixed: []string{"ID"},
		save: func(r ports.Records, d domain.Deletion) error { return r.Deletions().Save(d) },
		doors: map[string]func(ports.Records, domain.Deletion) (domain.Deletion, error){
			"Of": func(r ports.Records, d domain.Deletion) (domain.Deletion, error) { return r.Deletions().Of(d.ID) },
		},
	}.run(t, store)
}

// eventFields appends events, each of which has a field of its own that differs.
func eventFields(t *testing.T, store ports.Store) {
	fieldTest[domain.AuditEvent]{
		base: filled[domain.AuditEvent](), fixed: []string{"Sequence"},
		save: func(r ports.Records, e domain.AuditEvent) error { return r.Audit().Append(e) },
		doors: map[string]func(ports.Records, domain.AuditEvent) (domain.AuditEvent, error){
			"Events": func(r ports.Records, _ domain.AuditEvent) (found domain.AuditEvent, err error) {
				for found, err = range r.Audit().Events(ports.AuditFilter{Limit: 1}) {
				}
				found.Sequence = 0
				return found, err
			},
			"Trail": func(r ports.Records, _ domain.AuditEvent) (domain.AuditEvent, error) {
				found, err := newest(r)
				found.Sequence = 0
				return found.AuditEvent, err
			},
		},
	}.run(t, store)
}

// newest is the last event of the trail.
func newest(r ports.Records) (found domain.SealedEvent, err error) {
	head, err := r.Audit().Head()
	if err != nil {
		return found, err
	}
	for found, err = range r.Audit().Trail(head.Sequence-1, 9) {
	}
	if err == nil && (found.Mark() != head || found.Altered) {
		err = fmt.Errorf("the trail ends with %+v, want the whole event at %+v", found, head)
	}
	return found, err
}

// checkpointFields retires an event for each checkpoint: one only goes forward.
func checkpointFields(t *testing.T, store ports.Store) {
	retire := func(r ports.Records, c domain.AuditCheckpoint) error {
		if err := r.Audit().Append(domain.AuditEvent{At: Noon}); err != nil {
			return err
		}
		head, err := r.Audit().Head()
		c.Last.Sequence = head.Sequence
		return errors.Join(err, r.Audit().Retire(c))
	}
	fieldTest[domain.AuditCheckpoint]{
		base: filled[domain.AuditCheckpoint](), fixed: []string{"Last.Sequence"},
		save: retire,
		doors: map[string]func(ports.Records, domain.AuditCheckpoint) (domain.AuditCheckpoint, error){
			"Checkpoint": func(r ports.Records, c domain.AuditCheckpoint) (domain.AuditCheckpoint, error) {
				found, err := r.Audit().Checkpoint()
				if found.Last.Sequence < 1 {
					return found, fmt.Errorf("the checkpoint stands for no event: %+v", found)
				}
				found.Last.Sequence = c.Last.Sequence // that of an event which is there
				return found, err
			},
		},
	}.run(t, store)
}

// upkeepFields notes runs that differ in one field each.
func upkeepFields(t *testing.T, store KeptStore) {
	base := filled[ports.HousekeepingRun]()
	check := func(path string, run ports.HousekeepingRun) {
		note(t, store, run)
		got := report(t, store, Noon).Runs
		if len(got) != 1 {
			t.Fatalf("%s: %d runs, want one", path, len(got))
		}
		sameFields(t, path, got[0], kept(run))
	}
	check("all fields", base)
	variants(base, []string{"Task"}, func(path string, run ports.HousekeepingRun) {
		check(path, run)
		check(path+" as before", base)
	})
}
