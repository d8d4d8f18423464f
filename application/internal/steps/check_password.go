package steps

import (
	"context"
	"errors"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// PasswordCheck compares a typed password with that of an account, within the limits of the throttle. It
// does the same work for an unknown address, so that the time does not tell which addresses exist.
type PasswordCheck struct {
	Store    ports.Store
	Hasher   ports.PasswordHasher
	Subjects ports.SubjectHasher
	Devices  domain.DeviceKey
	Throttle domain.Throttle
}

// A Try is a typed password and where it comes from.
type Try struct {
	Kind     domain.EventKind // for the audit trail
	Password domain.Password
	Device   domain.DeviceToken
	// Sessions are the claims of genuine tokens that the client still has.
	Sessions  []domain.Claims
	CrossSite bool // a page of another site sent it
	Client    domain.Client
	Now       time.Time
}

// An Attempt is a password that has been counted and compared. If the address is unknown, it was compared
// with the hash of another account, and Known is false.
type Attempt struct {
	subject  domain.SubjectHash // of the address as typed
	Staff    domain.Staff       // as it was when the password was compared
	Known    bool
	Matches  bool
	reserved reservation
}

// ByAddress compares the password with that of the account with the typed address. The caller must end
// the attempt with [PasswordCheck.Settle] or [PasswordCheck.Withdraw].
//
// Errors: [domain.ErrThrottled] as a [domain.Throttled], audited already; [domain.ErrOverloaded];
// [domain.ErrUnavailable].
func (c *PasswordCheck) ByAddress(ctx context.Context, typed string, try Try) (Attempt, error) {
	subject := c.Subjects.HashSubject(string(domain.Email(typed).Key()))
	return c.compare(ctx, subject, try, func(staff ports.StaffRecords) (domain.Staff, error) {
		return staff.ByEmail(domain.Email(typed).Key())
	})
}

// ByID does the same as [PasswordCheck.ByAddress] for a known person.
func (c *PasswordCheck) ByID(ctx context.Context, id domain.StaffID, try Try) (Attempt, error) {
	subject := c.Subjects.HashSubject(string(id))
	return c.compare(ctx, subject, try, func(staff ports.StaffRecords) (domain.Staff, error) {
		return staff.ByID(id)
	})
}

// compare counts the attempt before it compares the password. Otherwise many attempts at once would all
// pass the limit.
func (c *PasswordCheck) compare(
	ctx context.Context, subject domain.SubjectHash, try Try,
	find func(ports.StaffRecords) (domain.Staff, error),
) (Attempt, error) {
	if err := c.refuseEarly(ctx, subject, try, find); err != nil {
		return Attempt{}, err
	}
	var result Attempt
	var hash domain.PasswordHash
	var refusal error
	err := c.Store.Update(ctx, func(records ports.Records) (err error) {
		if result, err = look(records.Staff(), subject, find); err != nil {
			return err
		}
		result.reserved, refusal, err = c.reserve(records, result, try)
		if err == nil && refusal == nil {
			hash, err = hashToCompare(records.Staff(), result)
		}
		return err
	})
	if err == nil {
		err = refusal
	}
	if err != nil {
		return Attempt{}, err
	}
	matches, err := c.Hasher.Matches(ctx, try.Password, hash)
	if err != nil {
		c.Withdraw(ctx, result)
		return Attempt{}, err
	}
	result.Matches = matches && result.Known && result.Staff.Credentials.Hash.Usable()
	return result, nil
}

// refuseEarly refuses an attempt that would be refused without an audit event. It only reads: a flood of
// passwords must not keep the writer from those who are signed in.
func (c *PasswordCheck) refuseEarly(
	ctx context.Context, subject domain.SubjectHash, try Try, find func(ports.StaffRecords) (domain.Staff, error),
) error {
	if !c.Hasher.HasRoom() {
		return domain.ErrOverloaded
	}
	if !c.Throttle.On {
		return nil
	}
	var refusal error
	err := c.Store.View(ctx, func(records ports.Records) error {
		a, err := look(records.Staff(), subject, find)
		if err != nil {
			return err
		}
		_, counters, err := c.counters(records, a, try)
		if err == nil {
			_, refusal = c.Throttle.Reserve(counters, try.Now)
		}
		return err
	})
	if throttled, ok := errors.AsType[*domain.Throttled](refusal); ok && !throttled.Audited {
		return throttled
	}
	return err
}

// look finds the account. An unknown one is no error.
func look(staff ports.StaffRecords, subject domain.SubjectHash, find func(ports.StaffRecords) (domain.Staff, error)) (a Attempt, err error) {
	a.subject = subject
	a.Staff, err = find(staff)
	if errors.Is(err, domain.ErrStaffNotFound) {
		return a, nil
	}
	a.Known = err == nil
	return a, err
}

// hashToCompare returns the hash of the account. If there is no usable one, it returns that of another
// account, so that the comparison takes as long as for a known address. Which account depends on the
// address alone: the time for one address is then the same each time.
func hashToCompare(staff ports.StaffRecords, a Attempt) (domain.PasswordHash, error) {
	if a.Known && a.Staff.Credentials.Hash.Usable() {
		return a.Staff.Credentials.Hash, nil
	}
	other, err := staff.Nearest(a.subject.StandIn())
	if errors.Is(err, domain.ErrStaffNotFound) {
		return domain.UnusablePassword, nil
	}
	return other.Credentials.Hash, err
}

// Settle ends the attempt as the function [Settle] does. If that fails, the attempt is withdrawn.
func (c *PasswordCheck) Settle(ctx context.Context, a Attempt, decide func(ports.Records) (domain.AuditEvent, error)) error {
	err := Settle(ctx, c.Store, decide)
	if err != nil && !domain.IsRefusal(err) {
		c.Withdraw(ctx, a)
	}
	return err
}

// Decide judges the attempt by the account as it is now, and counts it. Call it in the update that writes
// the outcome: a password that was changed since it was compared is then refused as wrong.
func (c *PasswordCheck) Decide(records ports.Records, a Attempt, policy domain.Policy, now time.Time) (domain.Staff, error) {
	staff, verdict := a.judge(records.Staff(), policy, now)
	if verdict != nil && !domain.IsRefusal(verdict) {
		return staff, verdict
	}
	right := verdict == nil || errors.Is(verdict, domain.ErrPasswordResetRequired)
	if err := c.count(records.Throttle(), a.reserved, right, now); err != nil {
		return domain.Staff{}, err
	}
	return staff, verdict
}

func (a Attempt) judge(staff ports.StaffRecords, policy domain.Policy, now time.Time) (domain.Staff, error) {
	if !a.Known {
		return domain.Staff{}, &domain.Refusal{Err: domain.ErrInvalidCredentials, Reason: domain.ReasonUnknownAccount}
	}
	current, err := staff.ByID(a.Staff.ID)
	if errors.Is(err, domain.ErrStaffNotFound) {
		return domain.Staff{}, &domain.Refusal{Err: domain.ErrInvalidCredentials, Reason: domain.ReasonUnknownAccount}
	}
	if err != nil {
		return domain.Staff{}, err
	}
	matches := a.Matches && current.Credentials.Version == a.Staff.Credentials.Version
	return current, current.CheckSignIn(matches, policy, now)
}

// Event returns a new audit event about the account, or about the address if that is unknown.
func (a Attempt) Event(kind domain.EventKind, client domain.Client, now time.Time) domain.AuditEvent {
	event := domain.NewAuditEvent(kind, client, now)
	if a.Known {
		event.StaffID = a.Staff.ID
	} else {
		event.Subject = a.subject
	}
	return event
}

// account is the key under which the attempt is counted.
func (a Attempt) account() domain.AccountKey {
	if a.Known {
		return domain.AccountKey(a.Staff.ID)
	}
	return domain.AccountKey(a.subject)
}
