package application

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
func (c *passwordCheck) reserve(records ports.Records, a attempt, try try) (reserved reservation, refusal, err error) {
	if !c.throttle.On {
		return reservation{}, nil, nil
	}
	reserved, counters, err := c.counters(records, a, try)
	if err != nil {
		return reservation{}, nil, err
	}
	counters, refusal = c.throttle.Reserve(counters, try.now)
	if err := save(records.Throttle(), counters); err != nil {
		return reservation{}, nil, err
	}
	if throttled, ok := refusal.(*domain.Throttled); ok && throttled.Audited {
		err = records.Audit().Append(a.event(try.kind, try.client, try.now).Decided(refusal))
	}
	return reserved, refusal, err
}

// counters are those of the attempt.
func (c *passwordCheck) counters(records ports.Records, a attempt, try try) (reserved reservation, counters []domain.Counter, err error) {
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
func (c *passwordCheck) origin(records ports.Records, a attempt, try try) (origin domain.Origin, spent domain.CounterKey, err error) {
	origin = domain.Origin{
		Account: a.account(), CrossSite: try.crossSite,
		Network: domain.NetworkOf(try.client.Address), Wide: domain.WideNetworkOf(try.client.Address),
	}
	if origin.Device, err = c.device(records.Sessions(), a, try); err != nil || origin.Device == "" {
		return origin, spent, err
	}
	counter, err := records.Throttle().Counter(origin.DeviceCounter())
	if err == nil && c.throttle.Spent(counter, try.now) {
		origin.Device, spent = "", counter.CounterKey
	}
	return origin, spent, err
}

// device names the device of the attempt, if the account has been signed in to with it: by
// the token that it keeps, or by a session that it has; and, where clients keep neither, by
// its address and user agent. What a page of another site does is nobody's device, and a token
// that the secret of the shop's Django alone proves tells of none.
func (c *passwordCheck) device(sessions ports.SessionRecords, a attempt, try try) (string, error) {
	seen, err := sessions.SignedInFrom(a.staff.ID, try.client.Address, try.client.UserAgent)
	if err != nil || !a.known || try.crossSite {
		return "", err
	}
	if id, ok := c.devices.Device(a.staff.ID, try.device); ok {
		return "token:" + string(id), nil
	}
	for _, claims := range try.sessions {
		if owner, err := claims.StaffID(); err == nil && owner == a.staff.ID && claims.Session != "" && !claims.SharedSecret {
			return "sessions", nil // one budget for all: who has stolen several gains nothing
		}
	}
	if !seen || !c.throttle.DevicesByAddress || !try.client.Address.IsValid() || try.client.UserAgent == "" {
		return "", nil
	}
	return "seen:" + string(c.subjects.HashSubject(try.client.Address.String()+" "+try.client.UserAgent)), nil
}

// count ends the attempt in the running update.
func (c *passwordCheck) count(records ports.ThrottleRecords, reserved reservation, right bool, now time.Time) error {
	counters, err := load(records, reserved.counters)
	if err != nil || len(counters) == 0 {
		return err
	}
	if !right {
		return save(records, c.throttle.Failed(counters, now))
	}
	if reserved.spent.Kind != "" {
		if err := records.Save(domain.Counter{CounterKey: reserved.spent}); err != nil {
			return err
		}
	}
	return save(records, c.throttle.Passed(counters, now))
}

// withdraw lets an attempt that came to nothing not count, also when whoever asked is gone.
// Should that fail too, it counts as a failure in the end.
func (c *passwordCheck) withdraw(ctx context.Context, a attempt) {
	if len(a.reserved.counters) == 0 {
		return
	}
	_ = c.store.Update(context.WithoutCancel(ctx), func(records ports.Records) error {
		counters, err := load(records.Throttle(), a.reserved.counters)
		if err != nil {
			return err
		}
		return save(records.Throttle(), c.throttle.Withdrawn(counters))
	})
}

// free lets an account be signed in to again, however often that has failed, and reports
// whether it had.
func free(records ports.Records, id domain.StaffID) (bool, error) {
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
