package steps

import (
	"context"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// A reservation says which counters have counted an attempt. The zero reservation has none.
type reservation struct {
	counters []domain.CounterKey
	// spent is the counter of a device that the account knows, if its budget is used up. Its kind is ""
	// otherwise.
	spent domain.CounterKey
}

// reserve counts the attempt in the running update, or refuses and audits it. An unknown account takes the
// same steps as a known account with an unknown device.
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

// counters loads the counters of the attempt.
func (c *PasswordCheck) counters(records ports.Records, a Attempt, try Try) (reserved reservation, counters []domain.Counter, err error) {
	origin, spent, err := c.origin(records, a, try)
	if err != nil {
		return reservation{}, nil, err
	}
	reserved = reservation{origin.Counters(), spent}
	counters, err = load(records.Throttle(), reserved.counters)
	return reserved, counters, err
}

// origin returns where the attempt comes from. A known device counts only while it has budget left.
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

// device returns a name for the device if it has signed in to the account before, and "" otherwise. It is
// known by its device token or by a genuine token of a session. If the policy allows it, its address and
// user agent are enough. A request from a page of another site has no device. A token that is only signed
// with the secret of the shop's Django does not count, because others know that secret.
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
			return "sessions", nil // one budget for all sessions, so that stealing several gains nothing
		}
	}
	if !seen || !c.Throttle.DevicesByAddress || !try.Client.Address.IsValid() || try.Client.UserAgent == "" {
		return "", nil
	}
	return "seen:" + string(c.Subjects.HashSubject(try.Client.Address.String()+" "+try.Client.UserAgent)), nil
}

// count counts the outcome of the attempt in the running update.
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

// Withdraw takes the attempt out of the counters, even if ctx has ended. If that fails too, the attempt
// counts as a wrong password.
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

// Unlock removes the counters of wrong passwords of an account. It returns false if there were none.
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
