package apptest

import (
	"context"
	"fmt"
	"iter"
	"net/netip"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// A Faulty store fails at one of the calls to it and its records. The end of an Update,
// where it would be made durable, counts as a call too.
type Faulty struct {
	ports.Store
	Calls  int // until the one that fails
	Failed bool
}

func (f *Faulty) fail() error {
	if f.Calls--; f.Calls != 0 {
		return nil
	}
	f.Failed = true
	return fmt.Errorf("disk full: %w", domain.ErrUnavailable)
}

func (f *Faulty) View(ctx context.Context, read func(ports.Records) error) error {
	if err := f.fail(); err != nil {
		return err
	}
	return f.Store.View(ctx, func(r ports.Records) error { return read(faultyRecords{r, f}) })
}

func (f *Faulty) Session(ctx context.Context, id domain.SessionID) (domain.Staff, domain.Session, error) {
	if err := f.fail(); err != nil {
		return domain.Staff{}, domain.Session{}, err
	}
	return f.Store.Session(ctx, id)
}

func (f *Faulty) Update(ctx context.Context, change func(ports.Records) error) error {
	if err := f.fail(); err != nil {
		return err
	}
	return f.Store.Update(ctx, func(r ports.Records) error {
		if err := change(faultyRecords{r, f}); err != nil {
			return err
		}
		return f.fail()
	})
}

type faultyRecords struct {
	ports.Records
	*Faulty
}

func (r faultyRecords) Staff() ports.StaffRecords { return faultyStaff{r.Records.Staff(), r.Faulty} }
func (r faultyRecords) Sessions() ports.SessionRecords {
	return faultySessions{r.Records.Sessions(), r.Faulty}
}
func (r faultyRecords) Imports() ports.ImportRecords {
	return faultyImports{r.Records.Imports(), r.Faulty}
}
func (r faultyRecords) Throttle() ports.ThrottleRecords {
	return faultyThrottle{r.Records.Throttle(), r.Faulty}
}
func (r faultyRecords) Links() ports.LinkRecords { return faultyLinks{r.Records.Links(), r.Faulty} }
func (r faultyRecords) Outbox() ports.OutboxRecords {
	return faultyOutbox{r.Records.Outbox(), r.Faulty}
}
func (r faultyRecords) Deletions() ports.DeletionRecords {
	return faultyDeletions{r.Records.Deletions(), r.Faulty}
}
func (r faultyRecords) Audit() ports.AuditRecords { return faultyAudit{r.Records.Audit(), r.Faulty} }

type faultyStaff struct {
	records ports.StaffRecords
	*Faulty
}

func (r faultyStaff) ByID(id domain.StaffID) (domain.Staff, error) {
	return or(r.fail(), func() (domain.Staff, error) { return r.records.ByID(id) })
}

func (r faultyStaff) ByEmail(key domain.EmailKey) (domain.Staff, error) {
	return or(r.fail(), func() (domain.Staff, error) { return r.records.ByEmail(key) })
}

func (r faultyStaff) Nearest(id domain.StaffID) (domain.Staff, error) {
	return or(r.fail(), func() (domain.Staff, error) { return r.records.Nearest(id) })
}

func (r faultyStaff) All() iter.Seq2[domain.Staff, error] { return orAll(r.fail(), r.records.All()) }

func (r faultyStaff) Save(staff domain.Staff) error {
	return orOnly(r.fail(), func() error { return r.records.Save(staff) })
}

func (r faultyStaff) Delete(id domain.StaffID) error {
	return orOnly(r.fail(), func() error { return r.records.Delete(id) })
}

type faultySessions struct {
	records ports.SessionRecords
	*Faulty
}

func (r faultySessions) OfStaff(staff domain.StaffID) ([]domain.Session, error) {
	return or(r.fail(), func() ([]domain.Session, error) { return r.records.OfStaff(staff) })
}

func (r faultySessions) ByID(id domain.SessionID) (domain.Session, error) {
	return or(r.fail(), func() (domain.Session, error) { return r.records.ByID(id) })
}

func (r faultySessions) ByAdoptedToken(staff domain.StaffID, token domain.TokenID) (domain.Session, error) {
	return or(r.fail(), func() (domain.Session, error) { return r.records.ByAdoptedToken(staff, token) })
}

func (r faultySessions) SignedInFrom(staff domain.StaffID, address netip.Addr, userAgent string) (bool, error) {
	return or(r.fail(), func() (bool, error) { return r.records.SignedInFrom(staff, address, userAgent) })
}

func (r faultySessions) Save(session domain.Session) error {
	return orOnly(r.fail(), func() error { return r.records.Save(session) })
}

func (r faultySessions) EndAll(staff domain.StaffID, reason domain.EndReason, now time.Time) (int, error) {
	return or(r.fail(), func() (int, error) { return r.records.EndAll(staff, reason, now) })
}

func (r faultySessions) EndEvery(reason domain.EndReason, now time.Time) (int, error) {
	return or(r.fail(), func() (int, error) { return r.records.EndEvery(reason, now) })
}

func (r faultySessions) Forget(before, adopted time.Time, limit int) (int, error) {
	return or(r.fail(), func() (int, error) { return r.records.Forget(before, adopted, limit) })
}

type faultyImports struct {
	records ports.ImportRecords
	*Faulty
}

func (r faultyImports) Last(id domain.StaffID) (domain.ImportedState, error) {
	return or(r.fail(), func() (domain.ImportedState, error) { return r.records.Last(id) })
}

func (r faultyImports) Remember(id domain.StaffID, state domain.ImportedState) error {
	return orOnly(r.fail(), func() error { return r.records.Remember(id, state) })
}

type faultyLinks struct {
	records ports.LinkRecords
	*Faulty
}

func (r faultyLinks) Of(account domain.AccountKey) (domain.Link, error) {
	return or(r.fail(), func() (domain.Link, error) { return r.records.Of(account) })
}

func (r faultyLinks) Save(link domain.Link) error {
	return orOnly(r.fail(), func() error { return r.records.Save(link) })
}

func (r faultyLinks) Forget(before time.Time, limit int) (int, error) {
	return or(r.fail(), func() (int, error) { return r.records.Forget(before, limit) })
}

type faultyOutbox struct {
	records ports.OutboxRecords
	*Faulty
}

func (r faultyOutbox) Save(mail domain.Mail) error {
	return orOnly(r.fail(), func() error { return r.records.Save(mail) })
}

func (r faultyOutbox) Remove(id domain.MailID) error {
	return orOnly(r.fail(), func() error { return r.records.Remove(id) })
}

func (r faultyOutbox) Due(now time.Time, limit int) ([]domain.Mail, error) {
	return or(r.fail(), func() ([]domain.Mail, error) { return r.records.Due(now, limit) })
}

func (r faultyOutbox) Count(kind domain.MailKind) (int, error) {
	return or(r.fail(), func() (int, error) { return r.records.Count(kind) })
}

func (r faultyOutbox) RemoveOldest(kind domain.MailKind) error {
	return orOnly(r.fail(), func() error { return r.records.RemoveOldest(kind) })
}

type faultyThrottle struct {
	records ports.ThrottleRecords
	*Faulty
}

func (r faultyThrottle) Counter(key domain.CounterKey) (domain.Counter, error) {
	return or(r.fail(), func() (domain.Counter, error) { return r.records.Counter(key) })
}

func (r faultyThrottle) Save(counter domain.Counter) error {
	return orOnly(r.fail(), func() error { return r.records.Save(counter) })
}

func (r faultyThrottle) OfAccount(account domain.AccountKey) ([]domain.Counter, error) {
	return or(r.fail(), func() ([]domain.Counter, error) { return r.records.OfAccount(account) })
}

func (r faultyThrottle) Free(account domain.AccountKey) (int, error) {
	return or(r.fail(), func() (int, error) { return r.records.Free(account) })
}

func (r faultyThrottle) Forget(kind domain.CounterKind, below int, before time.Time, limit int) (int, error) {
	return or(r.fail(), func() (int, error) { return r.records.Forget(kind, below, before, limit) })
}

type faultyAudit struct {
	records ports.AuditRecords
	*Faulty
}

func (r faultyAudit) Append(event domain.AuditEvent) error {
	return orOnly(r.fail(), func() error { return r.records.Append(event) })
}

func (r faultyAudit) Events(filter ports.AuditFilter) iter.Seq2[domain.AuditEvent, error] {
	return orAll(r.fail(), r.records.Events(filter))
}

func (r faultyAudit) Trail(after int64, limit int) iter.Seq2[domain.SealedEvent, error] {
	return orAll(r.fail(), r.records.Trail(after, limit))
}

func (r faultyAudit) Head() (domain.AuditMark, error) {
	return or(r.fail(), r.records.Head)
}

func (r faultyAudit) Checkpoint() (domain.AuditCheckpoint, error) {
	return or(r.fail(), r.records.Checkpoint)
}

func (r faultyAudit) Retire(checkpoint domain.AuditCheckpoint) error {
	return orOnly(r.fail(), func() error { return r.records.Retire(checkpoint) })
}

func (r faultyAudit) Unguarded() ([]string, error) {
	return or(r.fail(), r.records.Unguarded)
}

func orOnly(fault error, call func() error) error {
	if fault != nil {
		return fault
	}
	return call()
}

func or[T any](fault error, call func() (T, error)) (T, error) {
	if fault != nil {
		var nothing T
		return nothing, fault
	}
	return call()
}

func orAll[T any](fault error, all iter.Seq2[T, error]) iter.Seq2[T, error] {
	if fault == nil {
		return all
	}
	return func(yield func(T, error) bool) {
		var nothing T
		yield(nothing, fault)
	}
}

// FaultyBackups restore into records of a store that fails.
type FaultyBackups struct {
	ports.Backups
	*Faulty
}

func (b FaultyBackups) Restore(ctx context.Context, file ports.BackupFile, change func(ports.Records) error) (ports.RestoreReport, error) {
	return b.Backups.Restore(ctx, file, func(r ports.Records) error { return change(faultyRecords{r, b.Faulty}) })
}

type faultyDeletions struct {
	records ports.DeletionRecords
	*Faulty
}

func (r faultyDeletions) Of(id domain.StaffID) (domain.Deletion, error) {
	return or(r.fail(), func() (domain.Deletion, error) { return r.records.Of(id) })
}

func (r faultyDeletions) Save(deletion domain.Deletion) error {
	return orOnly(r.fail(), func() error { return r.records.Save(deletion) })
}

func (r faultyDeletions) Forget(before time.Time, limit int) (int, error) {
	return or(r.fail(), func() (int, error) { return r.records.Forget(before, limit) })
}

// An Unwritten store can be read, and loses every update at its end.
type Unwritten struct{ ports.Store }

func (u *Unwritten) Update(ctx context.Context, change func(ports.Records) error) error {
	return u.Store.Update(ctx, func(r ports.Records) error {
		if err := change(r); err != nil {
			return err
		}
		return fmt.Errorf("disk full: %w", domain.ErrUnavailable)
	})
}

// FaultyHasher fails like an overloaded hasher. Its calls are counted together with those of the store.
type FaultyHasher struct {
	ports.PasswordHasher
	*Faulty
}

func (h FaultyHasher) Hash(ctx context.Context, password domain.Password) (domain.PasswordHash, error) {
	return or(h.fail(), func() (domain.PasswordHash, error) { return h.PasswordHasher.Hash(ctx, password) })
}

func (h FaultyHasher) Matches(ctx context.Context, password domain.Password, hash domain.PasswordHash) (bool, error) {
	return or(h.fail(), func() (bool, error) { return h.PasswordHasher.Matches(ctx, password, hash) })
}

// FaultySigner fails at one of its calls.
type FaultySigner struct {
	ports.TokenSigner
	*Faulty
}

func (f FaultySigner) Sign(ctx context.Context, claims domain.Claims) (domain.Token, error) {
	return or(f.fail(), func() (domain.Token, error) { return f.TokenSigner.Sign(ctx, claims) })
}
