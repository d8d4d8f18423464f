package application

import (
	"context"
	"errors"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// passwordCheck finds out whether an address and a password belong together, if not too many
// have been tried. The work it does is the same whether or not the account exists.
type passwordCheck struct {
	store    ports.Store
	hasher   ports.PasswordHasher
	subjects ports.SubjectHasher
	devices  domain.DeviceKey
	throttle domain.Throttle
}

// A try is a password, and who tries it.
type try struct {
	kind     domain.EventKind // for the audit trail
	password domain.Password
	device   domain.DeviceToken
	// sessions are the claims of genuine tokens that the client still has.
	sessions  []domain.Claims
	crossSite bool // a page of another site tries
	client    domain.Client
	now       time.Time
}

// An attempt is a password that has been compared with a hash of some account's, or of
// nobody's.
type attempt struct {
	subject  domain.SubjectHash // of the address as typed
	staff    domain.Staff       // as it was when the password was compared
	known    bool
	matches  bool
	reserved reservation
}

// byAddress compares the password with that of the account with the typed address.
func (c *passwordCheck) byAddress(ctx context.Context, typed string, try try) (attempt, error) {
	subject := c.subjects.HashSubject(string(domain.Email(typed).Key()))
	return c.compare(ctx, subject, try, func(staff ports.StaffRecords) (domain.Staff, error) {
		return staff.ByEmail(domain.Email(typed).Key())
	})
}

// byID compares the password with that of a known person.
func (c *passwordCheck) byID(ctx context.Context, id domain.StaffID, try try) (attempt, error) {
	subject := c.subjects.HashSubject(string(id))
	return c.compare(ctx, subject, try, func(staff ports.StaffRecords) (domain.Staff, error) {
		return staff.ByID(id)
	})
}

// compare counts the attempt before it looks at the password; [domain.ErrThrottled] is
// audited already. What it admits must be ended by [passwordCheck.settle] or withdraw.
func (c *passwordCheck) compare(
	ctx context.Context, subject domain.SubjectHash, try try,
	find func(ports.StaffRecords) (domain.Staff, error),
) (attempt, error) {
	if err := c.refuseEarly(ctx, subject, try, find); err != nil {
		return attempt{}, err
	}
	var result attempt
	var hash domain.PasswordHash
	var refusal error
	err := c.store.Update(ctx, func(records ports.Records) (err error) {
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
		return attempt{}, err
	}
	matches, err := c.hasher.Matches(ctx, try.password, hash)
	if err != nil {
		c.withdraw(ctx, result)
		return attempt{}, err
	}
	result.matches = matches && result.known && result.staff.Credentials.Hash.Usable()
	return result, nil
}

// refuseEarly refuses what would be refused anyway, without a word in the trail and without
// writing anything: a flood of passwords must not hold up those who are signed in.
func (c *passwordCheck) refuseEarly(
	ctx context.Context, subject domain.SubjectHash, try try, find func(ports.StaffRecords) (domain.Staff, error),
) error {
	if !c.hasher.HasRoom() {
		return domain.ErrOverloaded
	}
	if !c.throttle.On {
		return nil
	}
	var refusal error
	err := c.store.View(ctx, func(records ports.Records) error {
		a, err := look(records.Staff(), subject, find)
		if err != nil {
			return err
		}
		_, counters, err := c.counters(records, a, try)
		if err == nil {
			_, refusal = c.throttle.Reserve(counters, try.now)
		}
		return err
	})
	if throttled, ok := errors.AsType[*domain.Throttled](refusal); ok && !throttled.Audited {
		return throttled
	}
	return err
}

// look finds the account, if there is one.
func look(staff ports.StaffRecords, subject domain.SubjectHash, find func(ports.StaffRecords) (domain.Staff, error)) (a attempt, err error) {
	a.subject = subject
	a.staff, err = find(staff)
	if errors.Is(err, domain.ErrStaffNotFound) {
		return a, nil
	}
	a.known = err == nil
	return a, err
}

// hashToCompare is the account's own hash, or, where there is none to compare with, that
// of some other account: which one depends on the address alone, so an unknown address
// takes as long as a known one would, time after time.
func hashToCompare(staff ports.StaffRecords, a attempt) (domain.PasswordHash, error) {
	if a.known && a.staff.Credentials.Hash.Usable() {
		return a.staff.Credentials.Hash, nil
	}
	other, err := staff.Nearest(a.subject.StandIn())
	if errors.Is(err, domain.ErrStaffNotFound) {
		return domain.UnusablePassword, nil
	}
	return other.Credentials.Hash, err
}

// settle writes how the attempt went, as [settle] does; where that fails, the attempt does
// not count.
func (c *passwordCheck) settle(ctx context.Context, a attempt, decide func(ports.Records) (domain.AuditEvent, error)) error {
	err := settle(ctx, c.store, decide)
	if err != nil && !domain.IsRefusal(err) {
		c.withdraw(ctx, a)
	}
	return err
}

// decide judges the attempt by the account as it is now, in the same step in which its
// outcome is written, and counts it: a password that has been changed since it was compared
// is wrong.
func (c *passwordCheck) decide(records ports.Records, a attempt, policy domain.Policy, now time.Time) (domain.Staff, error) {
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

func (a attempt) judge(staff ports.StaffRecords, policy domain.Policy, now time.Time) (domain.Staff, error) {
	if !a.known {
		return domain.Staff{}, &domain.Refusal{Err: domain.ErrInvalidCredentials, Reason: domain.ReasonUnknownAccount}
	}
	current, err := staff.ByID(a.staff.ID)
	if errors.Is(err, domain.ErrStaffNotFound) {
		return domain.Staff{}, &domain.Refusal{Err: domain.ErrInvalidCredentials, Reason: domain.ReasonUnknownAccount}
	}
	if err != nil {
		return domain.Staff{}, err
	}
	matches := a.matches && current.Credentials.Version == a.staff.Credentials.Version
	return current, current.CheckSignIn(matches, policy, now)
}

// event starts the audit event of the attempt.
func (a attempt) event(kind domain.EventKind, client domain.Client, now time.Time) domain.AuditEvent {
	event := domain.NewAuditEvent(kind, client, now)
	if a.known {
		event.StaffID = a.staff.ID
	} else {
		event.Subject = a.subject
	}
	return event
}

// account is what the attempt is counted under.
func (a attempt) account() domain.AccountKey {
	if a.known {
		return domain.AccountKey(a.staff.ID)
	}
	return domain.AccountKey(a.subject)
}
