package sqlite

import (
	"context"

	codes "modernc.org/sqlite/lib"

	"gatehouse/domain"
	"gatehouse/ports"
)

// A batch is the updates that share a transaction. What nearly every request does, which
// is to change a session that is there and to append to the audit trail, is collected
// and given to SQLite at the end; such a change is undone by dropping what it collected.
// Anything else goes to SQLite at once, within a savepoint.
type batch struct {
	records    // by a [change]
	connection *connection
	cache      *cache
	// accepted is what the changes before the running one have collected, and running
	// what that one has.
	accepted, running layer
	savepoint         bool // of the running change is open
	written           bool // something has been given to SQLite
	// broken is the first error after which the transaction may be gone: SQLite rolls all of it
	// back when a disk is full or fails (https://www.sqlite.org/lang_transaction.html, 3). What
	// was written after that would be committed at once.
	broken error
}

func newBatch(connection *connection, cache *cache) *batch {
	b := &batch{connection: connection, cache: cache, accepted: newLayer(), running: newLayer()}
	b.records = records{change{b}}
	return b
}

// A layer is what is collected.
type layer struct {
	changes
	unwritten []domain.SessionID // of the sessions that are not yet written to SQLite
	events    []domain.SealedEvent
	// counted: rows have been added, so the commit will count. One that turns out to change
	// no byte does not.
	counted bool
}

// changes are what the cache does not have yet.
type changes struct {
	sessions map[domain.SessionID]*domain.Session
	staff    map[domain.StaffID]*domain.Staff // nil: not to be kept
	// everything: more than is listed here.
	everything bool
}

func newLayer() layer {
	return layer{changes: changes{
		sessions: map[domain.SessionID]*domain.Session{}, staff: map[domain.StaffID]*domain.Staff{},
	}}
}

// begin starts the transaction. No other process can write from then on. A batch can begin
// again when it has been committed.
func (b *batch) begin() error {
	if err := b.connection.lock(); err != nil {
		return unavailable("beginning to write", err)
	}
	if !b.cache.begin() {
		b.connection.trail.forget()
	}
	b.accepted.reset()
	b.savepoint, b.written, b.broken = false, false, nil
	return nil
}

// commit ends it.
func (b *batch) commit() error {
	if err := b.write(&b.accepted); err != nil {
		return err
	}
	if !b.written { // the commit would not be counted
		_, err := b.connection.run("ROLLBACK")
		return unavailable("ending a transaction", err)
	}
	if _, err := b.connection.run("COMMIT"); err != nil {
		return unavailable("committing", err) // should it have happened, it was counted
	}
	if b.accepted.counted {
		b.cache.committed(b.accepted.changes)
	} else {
		b.cache.uncertain()
	}
	return nil
}

// accept keeps what the running change has done.
func (b *batch) accept() error {
	if err := b.release(); err != nil {
		return err
	}
	b.accepted.events = append(b.accepted.events, b.running.events...)
	b.accepted.take(b.running.changes)
	b.accepted.counted = b.accepted.counted || b.running.counted
	b.accepted.unwritten = append(b.accepted.unwritten, b.running.unwritten...)
	b.running.reset()
	return nil
}

// undo drops what the running change has done, and puts the trail back to its end before.
func (b *batch) undo(end trailEnd) error {
	if b.savepoint {
		if _, err := b.connection.run("ROLLBACK TO change"); err != nil {
			return unavailable("undoing a change", err)
		}
	}
	b.connection.trail = end
	b.accepted.everything = b.accepted.everything || b.running.everything
	b.running.reset()
	return b.release()
}

func (b *batch) release() error {
	if b.broken != nil || !b.savepoint {
		return b.broken
	}
	b.savepoint = false
	_, err := b.connection.run("RELEASE change")
	return unavailable("releasing a savepoint", err)
}

// watch takes the error of a statement, and returns it. One that breaks a rule of the schema
// leaves the transaction as it was.
func (b *batch) watch(operation string, err error) error {
	if err == nil || isCode(err, codes.SQLITE_CONSTRAINT) {
		return err
	}
	err = unavailable(operation, err)
	if b.broken == nil {
		b.broken = err
	}
	return err
}

// direct gives SQLite everything, so that the running change can go on with SQL, and can be
// undone alone.
func (b *batch) direct() error {
	if b.broken != nil {
		return b.broken
	}
	if err := b.write(&b.accepted); err != nil {
		return b.watch("writing what was collected", err)
	}
	if !b.savepoint {
		if _, err := b.connection.run("SAVEPOINT change"); err != nil {
			return b.watch("setting a savepoint", err)
		}
		b.savepoint = true
	}
	b.written = true
	return b.watch("writing what was collected", b.write(&b.running))
}

// settle gives SQLite what was collected, if anything was, so that SQL can read it.
func (b *batch) settle() error {
	if b.broken != nil {
		return b.broken
	}
	if len(b.accepted.unwritten)+len(b.accepted.events)+len(b.running.unwritten)+len(b.running.events) == 0 {
		return nil
	}
	return b.direct()
}

// write writes the rest of a layer to SQLite.
func (b *batch) write(l *layer) error {
	for _, id := range l.unwritten {
		if err := (sessionRecords{b.connection}).update(*l.sessions[id]); err != nil {
			return err
		}
	}
	if err := (auditRecords{b.connection}).insert(l.events...); err != nil {
		return err
	}
	b.written = b.written || len(l.unwritten)+len(l.events) > 0
	l.counted = l.counted || len(l.events) > 0
	l.unwritten, l.events = l.unwritten[:0], l.events[:0]
	return nil
}

// session returns a session that has been seen in this transaction, or before.
func (b *batch) session(id domain.SessionID) *domain.Session {
	for _, l := range []*layer{&b.running, &b.accepted} {
		if found := l.sessions[id]; found != nil {
			return found
		}
	}
	if b.running.everything || b.accepted.everything {
		return nil
	}
	return b.cache.session(id)
}

// account returns an account that has been seen, unless it has been changed here.
func (b *batch) account(id domain.StaffID) *domain.Staff {
	for _, l := range []*layer{&b.running, &b.accepted} {
		if found, seen := l.staff[id]; seen {
			return found
		}
	}
	if b.running.everything || b.accepted.everything {
		return nil
	}
	return b.cache.account(id)
}

// unknown is called after SQL that changed more than can be listed.
func (b *batch) unknown() {
	b.running.everything = true
	clear(b.running.sessions)
	clear(b.running.staff)
	clear(b.accepted.sessions)
	clear(b.accepted.staff)
}

// reset empties the layer, and keeps its memory if that is not much.
func (l *layer) reset() {
	if max(cap(l.events), len(l.sessions), len(l.staff)) > 2*maxBatch {
		*l = newLayer()
		return
	}
	clear(l.sessions)
	clear(l.staff)
	l.everything, l.counted = false, false
	l.unwritten, l.events = l.unwritten[:0], l.events[:0]
}

func (c *changes) take(other changes) {
	for id, session := range other.sessions {
		c.sessions[id] = session
	}
	for id, staff := range other.staff {
		c.staff[id] = staff
	}
	c.everything = c.everything || other.everything
}

// An update is one caller's change, and what became of it.
type update struct {
	ctx      context.Context
	change   func(ports.Records) error
	err      error
	panicked any
	done     chan struct{} // nil for a caller who writes himself
}

// run runs one change. The error it returns is about the whole transaction; that of the
// change stays in u.
func (u *update) run(b *batch) error {
	if u.err = u.ctx.Err(); u.err != nil {
		return nil
	}
	end := b.connection.trail
	u.apply(b)
	if u.err != nil || u.panicked != nil {
		return b.undo(end)
	}
	return b.accept()
}

func (u *update) apply(b *batch) {
	defer func() { u.panicked = recover() }()
	u.err = u.change(b)
}
