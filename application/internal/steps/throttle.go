package steps

import (
	"context"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// A reservation is where an attempt has been counted. The zero one is nowhere.
type reservation struct {
	counters []domain.CounterKey
	// spent is the counter of the account's device that has no budget of its own left; its
	// kind is "" if there is none.
	spent domain.CounterKey
}

// reserve counts the attempt in the running update, or refuses it and audits that. An unknown
// account takes the steps that a known one does from a device that it does not know.
func (c *PasswordCheck) reserve(records ports.Records, a Attempt, try Try) (reserved reservation, refusal, err error) {
	if !c.Throttle.On {
		return reservation{}, nil, nil
	}
	reserved, counters, err := c.counters(records, a, try)
	if err != nil {
		return reservation{}, nil, err
	}
	counters, refusal = c.Throttle.Reserve(counters, try.Now)
	if err := save(records.Throttle(), counters); err != nil {
		return reservation{}, nil, err
	}
	if throttled, ok := refusal.(*domain.Throttled); ok && throttled.Audited {
		err = records.Audit().Append(a.Event(try.Kind, try.Client, try.Now).Decided(refusal))
	}
	return reserved, refusal, err
}

// counters are those of the attempt.
func (c *PasswordCheck) counters(records ports.Records, a Attempt, try Try) (reserved reservation, counters []domain.Counter, err error) {
	origin, spent, err := c.origin(records, a, try)
	if err != nil {
		return reservation{}, nil, err
	}
	reserved = reservation{origin.Counters(), spent}
	counters, err = load(records.Throttle(), reserved.counters)
	return reserved, counters, err
}

// origin finds out whether the attempt comes from a device that the account knows and that
// has a budget of its own left.
func (c *PasswordCheck) origin(records ports.Records, a Attempt, try Try) (origin domain.Origin, spent domain.CounterKey, err error) {
	origin = domain.Origin{
		Account: a.account(), CrossSite: try.CrossSite,
		Network: domain.NetworkOf(try.Client.Address), Wide: domain.WideNetworkOf(try.Client.Address),
	}
	if origin.Device, err = c.device(records.Sessions(), a, try); err != nil || origin.Device == "" {
		return origin, spent, err
	}
	counter, err := records.Throttle().Counter(origin.DeviceCounter())
	if err == nil && c.Throttle.Spent(counter, try.Now) {
		origin.Device, spent = "", counter.CounterKey
	}
	return origin, spent, err
}

// device names the device of the attempt, if the account has been signed in to with it: by
// the token that it keeps, or by a session that it has; and, where clients keep neither, by
// its address and user agent. What a page of another site does is nobody's device, and a token
// that the secret of the shop's Django alone proves tells of none.
func (c *PasswordCheck) device(sessions ports.SessionRecords, a Attempt, try Try) (string, error) {
	seen, err := sessions.SignedInFrom(a.Staff.ID, try.Client.Address, try.Client.UserAgent)
	if err != nil || !a.Known || try.CrossSite {
		return "", err
	}
	if id, ok := c.Devices.Device(a.Staff.ID, try.Device); ok {
		return "token:" + string(id), nil
	}
	for _, claims := range try.Sessions {
		if owner, err := claims.StaffID(); err == nil && owner == a.Staff.ID && claims.Session != "" && !claims.SharedSecret {
			return "sessions", nil // one budget for all: who has stolen several gains nothing
		}
	}
	if !seen || !c.Throttle.DevicesByAddress || !try.Client.Address.IsValid() || try.Client.UserAgent == "" {
		return "", nil
	}
	return "seen:" + string(c.Subjects.HashSubject(try.Client.Address.String()+" "+try.Client.UserAgent)), nil
}

// count ends the attempt in the running update.
func (c *PasswordCheck) count(records ports.ThrottleRecords, reserved reservation, right bool, now time.Time) error {
	counters, err := load(records, reserved.counters)
	if err != nil || len(counters) == 0 {
		return err
	}
	if !right {
		return save(records, c.Throttle.Failed(counters, now))
	}
	if reserved.spent.Kind != "" {
		if err := records.Save(domain.Counter{CounterKey: reserved.spent}); err != nil {
			return err
		}
	}
	return save(records, c.Throttle.Passed(counters, now))
}

// withdraw lets an attempt that came to nothing not count, also when whoever asked is gone.
// Should that fail too, it counts as a failure in the end.
func (c *PasswordCheck) Withdraw(ctx context.Context, a Attempt) {
	if len(a.reserved.counters) == 0 {
		return
	}
	_ = c.Store.Update(context.WithoutCancel(ctx), func(records ports.Records) error {
		counters, err := load(records.Throttle(), a.reserved.counters)
		if err != nil {
			return err
		}
		return save(records.Throttle(), c.Throttle.Withdrawn(counters))
	})
}

// Unlock lets an account be signed in to again, however often that has failed, and reports
// whether it had.
func Unlock(records ports.Records, id domain.StaffID) (bool, error) {
	removed, err := records.Throttle().Free(domain.AccountKey(id))
	return removed > 0, err
}

func load(records ports.ThrottleRecords, keys []domain.CounterKey) (counters []domain.Counter, err error) {
	for _, key := range keys {
		counter, err := records.Counter(key)
		if err != nil {
			return nil, err
		}
		counters = append(counters, counter)
	}
	return counters, nil
}

func save(records ports.ThrottleRecords, counters []domain.Counter) error {
	for _, counter := range counters {
		if err := records.Save(counter); err != nil {
			return err
		}
	}
	return nil
}
