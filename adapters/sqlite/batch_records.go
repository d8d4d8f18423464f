package sqlite

import (
	"database/sql"
	"errors"
	"slices"

	"gatehouse/domain"
	"gatehouse/ports"
)

// The records of an update. None is given the connection: they write, and read, with a [change].
// Those of which something is cached or collected are here; the others are those of [records].

func (b *batch) Staff() ports.StaffRecords {
	return batchStaff{staffRecords{listless{change{b}}}, b}
}
func (b *batch) Sessions() ports.SessionRecords {
	return batchSessions{sessionRecords{listless{change{b}}}, b}
}
func (b *batch) Audit() ports.AuditRecords { return batchAudit{auditRecords{change{b}}, b} }

// A change is the [access] of the change that is running. What it writes is within the
// savepoint, so it is undone alone, and what it reads includes all that was collected.
type change struct{ batch *batch }

func (c change) run(statement string, args ...any) (int64, error) {
	if err := c.batch.direct(); err != nil {
		return 0, err
	}
	changed, err := c.batch.connection.run(statement, args...)
	return changed, c.batch.watch("writing", err)
}

func (c change) first(query string, args ...any) (*sql.Row, error) {
	if err := c.batch.settle(); err != nil {
		return nil, err
	}
	return c.batch.connection.first(query, args...)
}

func (c change) rows(query string, args ...any) (*sql.Rows, error) {
	if err := c.batch.settle(); err != nil {
		return nil, err
	}
	return c.batch.connection.rows(query, args...)
}

func (c change) end() (*trailEnd, error) { return c.batch.connection.end() }

// A listless change does not list which sessions and accounts it writes. So everything may be
// another than is cached, until a method that lists them says otherwise.
type listless struct{ change }

func (l listless) run(statement string, args ...any) (int64, error) {
	if err := l.batch.direct(); err != nil {
		return 0, err
	}
	l.batch.unknown()
	return l.change.run(statement, args...)
}

type batchStaff struct {
	staffRecords
	batch *batch
}

// ByID implements [ports.StaffFinder].
func (r batchStaff) ByID(id domain.StaffID) (domain.Staff, error) {
	if found := r.batch.account(id); found != nil {
		return *found, nil
	}
	staff, err := staffRecords{r.batch.connection}.ByID(id) // no account is ever collected
	if _, changed := r.batch.accepted.staff[id]; err == nil && !changed {
		if _, changed := r.batch.running.staff[id]; !changed {
			r.batch.running.staff[id] = &staff
		}
	}
	return staff, err
}

// Save implements [ports.StaffRecords].
func (r batchStaff) Save(staff domain.Staff) error {
	r.batch.running.staff[staff.ID] = nil
	return staffRecords{change{r.batch}}.Save(staff)
}

type batchSessions struct {
	sessionRecords
	batch *batch
}

// ByID implements [ports.SessionRecords].
func (r batchSessions) ByID(id domain.SessionID) (domain.Session, error) {
	if found := r.batch.session(id); found != nil {
		return *found, nil
	}
	session, err := sessionRecords{r.batch.connection}.ByID(id) // it is not a collected one
	if err == nil {
		r.batch.running.sessions[id] = &session
	}
	return session, err
}

// Save implements [ports.SessionRecords]. A session that is known to be there, and was only
// used or ended, is written later: that cannot fail for a reason of its own.
func (r batchSessions) Save(session domain.Session) error {
	session = asStored(session)
	if before := r.batch.session(session.ID); before == nil || !onlyUsed(*before, session) {
		if err := (sessionRecords{change{r.batch}}).Save(session); err != nil {
			return err
		}
	} else if !slices.Contains(r.batch.running.unwritten, session.ID) {
		r.batch.running.unwritten = append(r.batch.running.unwritten, session.ID)
	}
	r.batch.running.sessions[session.ID] = &session
	return nil
}

type batchAudit struct {
	auditRecords
	batch *batch
}

// Append implements [ports.AuditRecords].
func (r batchAudit) Append(event domain.AuditEvent) error {
	end, err := r.end()
	if err != nil {
		return err
	}
	sealed := end.sealed(event)
	r.batch.running.events = append(r.batch.running.events, sealed)
	end.mark = sealed.Mark()
	return nil
}

// Head implements [ports.AuditRecords].
func (r batchAudit) Head() (domain.AuditMark, error) {
	end, err := r.end()
	if err != nil {
		return domain.AuditMark{}, err
	}
	return end.mark, nil
}

// errVanished is for an update of a session that was there, which nobody can have removed
// within the transaction.
var errVanished = errors.New("a session is not there any more")
