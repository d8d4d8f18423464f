package sqlite

import (
	"errors"
	"iter"
	"slices"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// The records of an update: see [batch].

func (b *batch) Staff() ports.StaffRecords { return batchStaff{staffRecords{b.connection}, b} }
func (b *batch) Sessions() ports.SessionRecords {
	return batchSessions{sessionRecords{b.connection}, b}
}
func (b *batch) Imports() ports.ImportRecords { return batchImports{importRecords{b.connection}, b} }
func (b *batch) Throttle() ports.ThrottleRecords {
	return batchThrottle{throttleRecords{b.connection}, b}
}
func (b *batch) Links() ports.LinkRecords    { return batchLinks{linkRecords{b.connection}, b} }
func (b *batch) Outbox() ports.OutboxRecords { return batchOutbox{outboxRecords{b.connection}, b} }
func (b *batch) Deletions() ports.DeletionRecords {
	return batchDeletions{deletionRecords{b.connection}, b}
}
func (b *batch) Audit() ports.AuditRecords { return batchAudit{auditRecords{b.connection}, b} }

// sql runs SQL that writes, or that must see all that was written.
func (b *batch) sql(do func() error) error {
	if err := b.direct(); err != nil {
		return err
	}
	return do()
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
	staff, err := r.staffRecords.ByID(id)
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
	return r.batch.sql(func() error { return r.staffRecords.Save(staff) })
}

// Delete implements [ports.StaffRecords].
func (r batchStaff) Delete(id domain.StaffID) error {
	return r.batch.sql(func() error {
		r.batch.unknown()
		return r.staffRecords.Delete(id)
	})
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
	session, err := r.sessionRecords.ByID(id)
	if err == nil {
		r.batch.running.sessions[id] = &session
	}
	return session, err
}

// ByAdoptedToken implements [ports.SessionRecords].
func (r batchSessions) ByAdoptedToken(staff domain.StaffID, token domain.TokenID) (found domain.Session, err error) {
	err = r.batch.sql(func() error { found, err = r.sessionRecords.ByAdoptedToken(staff, token); return err })
	return found, err
}

// OfStaff implements [ports.SessionRecords].
func (r batchSessions) OfStaff(staff domain.StaffID) (found []domain.Session, err error) {
	err = r.batch.sql(func() error { found, err = r.sessionRecords.OfStaff(staff); return err })
	return found, err
}

// Save implements [ports.SessionRecords]. A session that is known to be there is written
// later: that cannot fail for a reason of its own.
func (r batchSessions) Save(session domain.Session) error {
	if r.batch.session(session.ID) == nil {
		return r.batch.sql(func() error {
			r.batch.running.sessions[session.ID] = &session
			return r.sessionRecords.Save(session)
		})
	}
	r.batch.running.sessions[session.ID] = &session
	if !slices.Contains(r.batch.running.unwritten, session.ID) {
		r.batch.running.unwritten = append(r.batch.running.unwritten, session.ID)
	}
	return nil
}

// EndAll implements [ports.SessionRecords].
func (r batchSessions) EndAll(staff domain.StaffID, reason domain.EndReason, now time.Time) (ended int, err error) {
	err = r.batch.sql(func() error {
		r.batch.unknown()
		ended, err = r.sessionRecords.EndAll(staff, reason, now)
		return err
	})
	return ended, err
}

// EndEvery implements [ports.SessionRecords].
func (r batchSessions) EndEvery(reason domain.EndReason, now time.Time) (ended int, err error) {
	err = r.batch.sql(func() error {
		r.batch.unknown()
		ended, err = r.sessionRecords.EndEvery(reason, now)
		return err
	})
	return ended, err
}

// Forget implements [ports.SessionRecords].
func (r batchSessions) Forget(before time.Time, limit int) (removed int, err error) {
	err = r.batch.sql(func() error {
		r.batch.unknown()
		removed, err = r.sessionRecords.Forget(before, limit)
		return err
	})
	return removed, err
}

// ForgetUnadopted implements [ports.SessionRecords].
func (r batchSessions) ForgetUnadopted(before time.Time, limit int) (removed int, err error) {
	err = r.batch.sql(func() error {
		r.batch.unknown()
		removed, err = r.sessionRecords.ForgetUnadopted(before, limit)
		return err
	})
	return removed, err
}

type batchImports struct {
	importRecords
	batch *batch
}

// Remember implements [ports.ImportRecords].
func (r batchImports) Remember(id domain.StaffID, state domain.ImportedState) error {
	return r.batch.sql(func() error { return r.importRecords.Remember(id, state) })
}

type batchThrottle struct {
	throttleRecords
	batch *batch
}

// Save implements [ports.ThrottleRecords].
func (r batchThrottle) Save(counter domain.Counter) error {
	return r.batch.sql(func() error { return r.throttleRecords.Save(counter) })
}

// Free implements [ports.ThrottleRecords].
func (r batchThrottle) Free(account domain.AccountKey) (removed int, err error) {
	err = r.batch.sql(func() error { removed, err = r.throttleRecords.Free(account); return err })
	return removed, err
}

// Forget implements [ports.ThrottleRecords].
func (r batchThrottle) Forget(kind domain.CounterKind, below int, before time.Time, limit int) (removed int, err error) {
	err = r.batch.sql(func() error { removed, err = r.throttleRecords.Forget(kind, below, before, limit); return err })
	return removed, err
}

type batchLinks struct {
	linkRecords
	batch *batch
}

// Save implements [ports.LinkRecords].
func (r batchLinks) Save(link domain.Link) error {
	return r.batch.sql(func() error { return r.linkRecords.Save(link) })
}

// Forget implements [ports.LinkRecords].
func (r batchLinks) Forget(before time.Time, limit int) (removed int, err error) {
	err = r.batch.sql(func() error { removed, err = r.linkRecords.Forget(before, limit); return err })
	return removed, err
}

type batchOutbox struct {
	outboxRecords
	batch *batch
}

// Save implements [ports.OutboxRecords].
func (r batchOutbox) Save(mail domain.Mail) error {
	return r.batch.sql(func() error { return r.outboxRecords.Save(mail) })
}

// RemoveOldest implements [ports.OutboxRecords].
func (r batchOutbox) RemoveOldest(kind domain.MailKind) error {
	return r.batch.sql(func() error { return r.outboxRecords.RemoveOldest(kind) })
}

// Remove implements [ports.OutboxRecords].
func (r batchOutbox) Remove(id domain.MailID) error {
	return r.batch.sql(func() error { return r.outboxRecords.Remove(id) })
}

type batchDeletions struct {
	deletionRecords
	batch *batch
}

// Save implements [ports.DeletionRecords].
func (r batchDeletions) Save(deletion domain.Deletion) error {
	return r.batch.sql(func() error { return r.deletionRecords.Save(deletion) })
}

// Forget implements [ports.DeletionRecords].
func (r batchDeletions) Forget(before time.Time, limit int) (removed int, err error) {
	err = r.batch.sql(func() error { removed, err = r.deletionRecords.Forget(before, limit); return err })
	return removed, err
}

type batchAudit struct {
	auditRecords
	batch *batch
}

// Append implements [ports.AuditRecords].
func (r batchAudit) Append(event domain.AuditEvent) error {
	end, err := r.batch.end()
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
	end, err := r.batch.end()
	if err != nil {
		return domain.AuditMark{}, err
	}
	return end.mark, nil
}

// Retire implements [ports.AuditRecords].
func (r batchAudit) Retire(checkpoint domain.AuditCheckpoint) error {
	return r.batch.sql(func() error { return r.auditRecords.Retire(checkpoint) })
}

// Trail implements [ports.AuditRecords].
func (r batchAudit) Trail(after int64, limit int) iter.Seq2[domain.SealedEvent, error] {
	return afterwards(r.batch.direct, r.auditRecords.Trail(after, limit))
}

// Events implements [ports.AuditRecords].
func (r batchAudit) Events(filter ports.AuditFilter) iter.Seq2[domain.AuditEvent, error] {
	return afterwards(r.batch.direct, r.auditRecords.Events(filter))
}

// afterwards yields what rows does once prepare has succeeded.
func afterwards[T any](prepare func() error, rows iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if err := prepare(); err != nil {
			var none T
			yield(none, err)
			return
		}
		rows(yield)
	}
}

// errVanished is for an update of a session that was there, which nobody can have removed
// within the transaction.
var errVanished = errors.New("a session is not there any more")
