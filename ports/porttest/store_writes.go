package porttest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// A method is one of the methods of the records, found by reflection: a new one is tested
// without being listed.
type method struct{ records, name string }

// methods returns all of them.
func methods() (all []method) {
	kinds := reflect.TypeFor[ports.Records]()
	for i := range kinds.NumMethod() {
		records := kinds.Method(i).Type.Out(0)
		for j := range records.NumMethod() {
			all = append(all, method{kinds.Method(i).Name, records.Method(j).Name})
		}
	}
	return all
}

// call calls the method with the first values of arguments, and returns what it returns as text.
func (m method) call(r ports.Records) (result string, err error) { return m.callWith(r, 1) }

// callWith calls it with the n-th values.
func (m method) callWith(r ports.Records, n int) (result string, err error) {
	f := reflect.ValueOf(r).MethodByName(m.records).Call(nil)[0].MethodByName(m.name)
	known := arguments(r, n)
	var in []reflect.Value
	for i := range f.Type().NumIn() {
		value, is := known[f.Type().In(i)]
		if !is {
			return "", fmt.Errorf("porttest: say in arguments what %s.%s is called with for a %v", m.records, m.name, f.Type().In(i))
		}
		in = append(in, reflect.ValueOf(value))
	}
	for _, out := range f.Call(in) {
		text, failure := drain(out.Interface())
		result, err = result+text+"\n", errors.Join(err, failure)
	}
	return result, err
}

// drain returns a value as text, or what a sequence yields.
func drain(value any) (text string, err error) {
	switch v := value.(type) {
	case error:
		return "", v
	case iter.Seq2[domain.Staff, error]:
		return drainAll(v)
	case iter.Seq2[domain.SealedEvent, error]:
		return drainAll(v)
	case iter.Seq2[domain.AuditEvent, error]:
		return drainAll(v)
	}
	return fmt.Sprintf("%+v", value), nil
}

func drainAll[T any](all iter.Seq2[T, error]) (text string, err error) {
	for value, err := range all {
		if err != nil {
			return "", err
		}
		text += fmt.Sprintf("%+v\n", value)
	}
	return text, nil
}

// aCentury is after everything in the fixture is over.
var aCentury = Noon.AddDate(100, 0, 0)

// arguments are what methods are called with, by type: every call that writes changes something
// of what fill has stored, and every call that reads finds something. The n-th values differ in
// what they hold, not in what they are about.
func arguments(r ports.Records, n int) map[reflect.Type]any {
	head, _ := r.Audit().Head()
	person, session := Person(1), Session(1, Person(1))
	person.FirstName = fmt.Sprint("Another ", n)
	session.UserAgent = fmt.Sprint("another/", n)
	all := map[reflect.Type]any{}
	for _, value := range []any{
		person, person.ID, person.Email.Key(), session, session.ID, domain.TokenID("adopted"), domain.EndRevoked,
		Client().Address, Client().UserAgent, aCentury, 100, int64(0),
		domain.ImportedState{PasswordDigest: fmt.Sprint("another ", n)},
		counter(domain.AccountCounter, "a", "", 7+n), domain.AccountCounter, counter(domain.AccountCounter, "a", "", 7).CounterKey,
		link("a", 7+n), domain.AccountKey("a"), mail(7 + n), mail(1).ID, mail(1).Kind,
		domain.Deletion{ID: person.ID, At: Noon, Version: int64(7 + n)},
		domain.AuditEvent{At: Noon, Kind: domain.EventSignOut}, ports.AuditFilter{},
		domain.AuditCheckpoint{Last: head, At: Noon, RemovedAt: Noon},
	} {
		all[reflect.TypeOf(value)] = value
	}
	return all
}

// fill stores one record of each kind, and some more. Of the trail it leaves one event.
func fill(t *testing.T, store ports.Store) {
	t.Helper()
	person := Person(1)
	person.Credentials.Hash = domain.NewPasswordHash("a$b")
	adopted := Session(2, person)
	adopted.AdoptedToken = "adopted"
	update(t, store, func(r ports.Records) error {
		return errors.Join(
			retireAll(r),
			r.Staff().Save(person), r.Staff().Save(Person(2)),
			r.Sessions().Save(Session(1, person)), r.Sessions().Save(adopted), r.Sessions().Save(Session(3, Person(2))),
			r.Imports().Remember(person.ID, domain.ImportedState{PasswordDigest: "x"}),
			r.Throttle().Save(counter(domain.AccountCounter, "a", "", 1)),
			r.Links().Save(link("a", 1)), r.Outbox().Save(mail(1)),
			r.Deletions().Save(domain.Deletion{ID: person.ID, At: Noon, Version: 1}),
			r.Audit().Append(domain.AuditEvent{At: Noon, Kind: domain.EventSignIn}),
		)
	})
}

func retireAll(r ports.Records) error {
	head, err := r.Audit().Head()
	checkpoint, failure := r.Audit().Checkpoint()
	if err != nil || failure != nil || head == checkpoint.Last {
		return errors.Join(err, failure)
	}
	return r.Audit().Retire(domain.AuditCheckpoint{Last: head, At: Noon, RemovedAt: Noon})
}

// readersAndWriters fills a store and tells the methods apart: what works in a View reads.
func readersAndWriters(t *testing.T, store ports.Store) (readers, writers []method) {
	t.Helper()
	fill(t, store)
	view(t, store, func(r ports.Records) error {
		for _, m := range methods() {
			if _, err := m.call(r); err == nil {
				readers = append(readers, m)
			} else {
				writers = append(writers, m)
			}
		}
		return nil
	})
	if len(readers) < 15 || len(writers) < 15 {
		t.Fatalf("%d methods read and %d write: want about twenty of each", len(readers), len(writers))
	}
	return readers, writers
}

// A state is what all readers return.
func state(r ports.Records, readers []method) (text string, err error) {
	for _, m := range readers {
		result, failure := m.call(r)
		if failure != nil && !domain.IsRefusal(failure) {
			err = errors.Join(err, fmt.Errorf("%s.%s: %w", m.records, m.name, failure))
		}
		text += fmt.Sprintf("%s.%s: %s%v\n", m.records, m.name, result, failure)
	}
	return text, err
}

// stateOf is the state in a View. What [ports.Store.Session] returns must be the same.
func stateOf(t *testing.T, store ports.Store, readers []method) (text string) {
	t.Helper()
	view(t, store, func(r ports.Records) (err error) {
		text, err = state(r, readers)
		for n := 1; n <= 3; n++ {
			id := Session(n, Person(1)).ID
			want, missing := r.Sessions().ByID(id)
			owner, got, err := store.Session(context.Background(), id)
			if (err == nil) != (missing == nil) {
				t.Errorf("Store.Session returns %v for a session of which a View says %v", err, missing)
				continue
			}
			sameFields(t, "Store.Session", got, want)
			if err == nil {
				account, _ := r.Staff().ByID(want.StaffID)
				sameFields(t, "the owner in Store.Session", owner, account)
			}
		}
		return err
	})
	return text
}

// use does what nearly every request does: a session is used, and the trail tells so.
func use(n int) func(ports.Records) error {
	return func(r ports.Records) error {
		session, err := r.Sessions().ByID(Session(n, Person(1)).ID)
		if err != nil && !domain.IsRefusal(err) {
			return err
		}
		if _, err := r.Staff().ByID(session.StaffID); err != nil && !domain.IsRefusal(err) {
			return err
		}
		if session.ID != "" {
			session.Generation++
			session.Use(Client(), session.LastUsedAt.Add(time.Second))
			if err := r.Sessions().Save(session); err != nil {
				return err
			}
		}
		return r.Audit().Append(domain.AuditEvent{At: Noon, Kind: domain.EventTokenRefresh, Session: session.ID})
	}
}

// together runs the changes one after the other, and returns their errors. If the store has WaitFor,
// the changes share a commit: WaitFor tells when all of them wait behind the update that is running.
func together(t *testing.T, store ports.Store, changes ...func(ports.Records) error) []error {
	t.Helper()
	return togetherAfter(t, store, func() {}, changes...)
}

// togetherAfter does the same, and calls begin just before.
func togetherAfter(t *testing.T, store ports.Store, begin func(), changes ...func(ports.Records) error) []error {
	t.Helper()
	failures := make([]error, len(changes))
	shared, shares := store.(interface{ WaitFor(updates int) })
	if !shares {
		begin()
		for i, change := range changes {
			failures[i] = store.Update(context.Background(), change)
		}
		return failures
	}
	var all sync.WaitGroup
	update(t, store, func(ports.Records) error {
		begin()
		for i, change := range changes {
			all.Go(func() { failures[i] = store.Update(context.Background(), change) })
			shared.WaitFor(i + 1)
		}
		return nil
	})
	all.Wait()
	return failures
}

// writes tests each method that writes. Its change is seen everywhere, also by the updates that share
// its commit. If its update fails, nothing is left of the change, and the other updates of the commit
// stay.
func writes(t *testing.T, open func(*testing.T) ports.Store) {
	readers, writers := readersAndWriters(t, open(t))
	for _, m := range writers {
		t.Run(m.records+"."+m.name, func(t *testing.T) {
			t.Parallel()
			writeIsSeen(t, open(t), readers, m)
			writeIsUndone(t, open(t), open(t), readers, m)
		})
	}
}

func writeIsSeen(t *testing.T, store ports.Store, readers []method, m method) {
	fill(t, store)
	before := stateOf(t, store, readers)
	var within, after string
	failures := together(t, store, use(1), func(r ports.Records) error {
		_, err := m.call(r)
		if err != nil {
			return err
		}
		within, err = state(r, readers)
		return err
	}, func(r ports.Records) (err error) {
		after, err = state(r, readers)
		return err
	})
	if err := errors.Join(failures...); err != nil {
		t.Fatal(err)
	}
	now := stateOf(t, store, readers)
	if now == before {
		t.Fatal("the call changes nothing: give it other arguments")
	}
	sameState(t, "its own update", within, now)
	sameState(t, "the next update in the same commit", after, now)
}

// sameState says where two states differ.
func sameState(t *testing.T, who, got, want string) {
	t.Helper()
	sees := strings.Split(got, "\n")
	for i, line := range strings.Split(want, "\n") {
		if i >= len(sees) || sees[i] != line {
			t.Fatalf("%s sees %q, want %q", who, sees[min(i, len(sees)-1)], line)
		}
	}
}

// writeIsUndone runs three updates, of which the middle one fails, and compares the store with another
// one that never got the middle update.
func writeIsUndone(t *testing.T, store, other ports.Store, readers []method, m method) {
	refused := errors.New("refused")
	fill(t, store)
	fill(t, other)
	stateOf(t, store, readers) // so that a store which remembers has something to remember
	failures := together(t, store, use(1), func(r ports.Records) error {
		_, err := m.call(r)
		return errors.Join(err, use(1)(r), use(2)(r), refused)
	}, func(r ports.Records) error {
		return errors.Join(use(1)(r), use(3)(r), refused)
	}, func(r ports.Records) error {
		err := errors.Join(use(2)(r), use(1)(r))
		_, failure := m.call(r)
		return errors.Join(err, failure, use(3)(r), refused)
	}, use(1))
	if err := errors.Join(failures[0], failures[4]); err != nil {
		t.Fatal(err)
	}
	for _, err := range failures[1:4] {
		if !errors.Is(err, refused) || errors.Is(err, domain.ErrUnavailable) {
			t.Fatalf("an update that fails returns %v", err)
		}
	}
	for _, err := range together(t, other, use(1), use(1)) {
		if err != nil {
			t.Fatal(err)
		}
	}
	sameState(t, "who comes after updates that failed", stateOf(t, store, readers), stateOf(t, other, readers))
}

// A step is one of the updates of a mixed commit: the writers that it calls, with the n-th values,
// between uses of sessions.
type step struct {
	calls []method
	n     int
	fails bool
}

func (s step) run(r ports.Records) error {
	err := use(1)(r)
	for _, m := range s.calls {
		if _, failure := m.callWith(r, s.n); failure != nil {
			return failure // as a use case does, which goes on after no error
		}
		err = errors.Join(err, use(1+s.n%3)(r))
	}
	if s.fails {
		err = errors.Join(err, errors.New("refused"))
	}
	return err
}

// mixedCommits runs updates of several writers each, of which some fail, in shared commits, and
// each in a commit of its own in another store, without those that fail. Both must come to the
// same, and the last update of a commit must see what a View sees after it.
func mixedCommits(t *testing.T, open func(*testing.T) ports.Store) {
	const rounds, updates = 40, 5
	store, alone := open(t), open(t)
	readers, writers := readersAndWriters(t, open(t))
	chance := rand.New(rand.NewPCG(1, 2))
	for round := range rounds {
		fill(t, store) // what was removed is there again
		fill(t, alone)
		stateOf(t, store, readers)
		var changes []func(ports.Records) error
		for i := range updates {
			s := step{n: round*updates + i, fails: chance.IntN(3) == 0}
			for range 1 + chance.IntN(3) {
				s.calls = append(s.calls, writers[chance.IntN(len(writers))])
			}
			changes = append(changes, s.run)
		}
		var seen string
		changes = append(changes, func(r ports.Records) (err error) {
			seen, err = state(r, readers)
			return err
		})
		failures := together(t, store, changes...)
		for i, change := range changes[:updates] {
			if failures[i] == nil {
				update(t, alone, change)
			} else if errors.Is(failures[i], domain.ErrUnavailable) && alone.Update(context.Background(), change) == nil {
				t.Fatalf("round %d: update %d fails in a shared commit only: %v", round, i, failures[i])
			}
		}
		now := stateOf(t, store, readers)
		sameState(t, fmt.Sprintf("round %d: the last update", round), seen, now)
		sameState(t, fmt.Sprintf("round %d: who comes after it", round), now, stateOf(t, alone, readers))
	}
}

// CallEach calls every method of the records, and returns their errors by the names of the
// methods.
func CallEach(r ports.Records) map[string]error {
	failures := map[string]error{}
	for _, m := range methods() {
		_, failures[m.records+"."+m.name] = m.call(r)
	}
	return failures
}
