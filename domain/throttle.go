package domain

import (
	"cmp"
	"net/netip"
	"time"
)

// A Throttle limits how many passwords can be guessed. The zero Throttle is off.
//
// An attempt from a new device counts three times: for the account together with its network, for
// the account, and for the network. A device that has signed in to the account before has a
// counter of its own, so others never delay it.
type Throttle struct {
	On bool
	// FreeFailures of one account in a row from one network, or from one of its devices, go
	// without a delay. From then on it is FirstDelay, doubled by each failure up to
	// MaxDelay, and forgotten after DelayReset without a failure.
	FreeFailures         int
	FirstDelay, MaxDelay time.Duration
	DelayReset           time.Duration
	// AccountBudget is how many failures in a row hold the account. Then only devices that have
	// signed in before get in, until an operator unlocks it. Fewer failures are forgotten after
	// AccountReset without another one.
	AccountBudget int
	AccountReset  time.Duration
	// DeviceBudget is how many failures in a row make a known device count like a new one. That
	// lasts until it signs in, or for AccountReset without another failure.
	DeviceBudget int
	// NetworkBudget is how many failures a network has in a NetworkWindow, over all accounts. It
	// may ask for as many links besides. All networks of a /48 in IPv6 together have wideBudgets
	// times as many.
	NetworkBudget int
	NetworkWindow time.Duration
	// DevicesByAddress: clients keep no cookie, so a device is known by its address and user
	// agent. Others in the same network can pretend to be it.
	DevicesByAddress bool
}

const (
	// pendingRetry is when to ask again while others are being compared.
	pendingRetry = time.Second
	// pendingUsual is how long an attempt usually takes at most.
	pendingUsual = 15 * time.Second
	// pendingLimit is when an unfinished attempt counts as a failure. No request takes as long,
	// so the process has died meanwhile.
	pendingLimit = time.Minute
	// auditInterval is how often refusals by one counter are audited.
	auditInterval = time.Minute
	// wideBudgets is how many budgets the 65,536 networks of a /48 have together. It is more
	// than one, because several sites of a customer can be in a /48.
	wideBudgets = 4
)

// Throttled refuses an attempt before the password is looked at. It wraps [ErrThrottled].
type Throttled struct {
	// RetryAfter is how long to wait before the next attempt. If Held, it is how long to wait
	// before looking whether the account was unlocked.
	RetryAfter time.Duration
	Held       bool
	// Audited: this refusal belongs into the audit trail. The first one does, then one a minute.
	Audited bool
}

// Error returns the text of [ErrThrottled].
func (t *Throttled) Error() string { return ErrThrottled.Error() }

// Unwrap returns [ErrThrottled].
func (t *Throttled) Unwrap() error { return ErrThrottled }

// An AccountKey is the name under which an account is counted. It is the id of a person, or the
// subject hash of an unknown address.
type AccountKey string

// An Origin says for which account a password is tried, and from where.
type Origin struct {
	Account AccountKey
	Network string // see [NetworkOf]
	Wide    string // see [WideNetworkOf]
	// CrossSite: a page of another site made the browser try. It is counted apart, so it uses up
	// nothing of that person's network.
	CrossSite bool
	// Device names a device that has signed in to the account before; "" if it has not.
	Device string
}

// NetworkOf is the network of an address: its /24, or its /64 in IPv6.
func NetworkOf(address netip.Addr) string {
	bits := 64
	if address.Unmap().Is4() {
		bits = 24
	}
	return prefixOf(address, bits)
}

// WideNetworkOf is the /48 of an address in IPv6, and "" for any other. A customer can have a
// whole /48 (RFC 6177), and so as many networks of its own as it likes to guess from.
func WideNetworkOf(address netip.Addr) string {
	if !address.Unmap().Is6() {
		return ""
	}
	return prefixOf(address, 48)
}

func prefixOf(address netip.Addr, bits int) string {
	prefix, err := address.Unmap().WithZone("").Prefix(bits)
	if err != nil || !prefix.IsValid() {
		return "unknown"
	}
	return prefix.String()
}

// Counters names the counters of an attempt.
func (o Origin) Counters() []CounterKey {
	account := CounterKey{Kind: AccountCounter, Account: o.Account}
	if o.Device != "" {
		return []CounterKey{o.DeviceCounter(), account}
	}
	counters := []CounterKey{
		{Kind: PlaceCounter, Account: o.Account, Place: o.place(cmp.Or(o.Wide, o.Network))},
		account,
		{Kind: NetworkCounter, Place: o.place(o.Network)},
	}
	if o.Wide != "" {
		counters = append(counters, CounterKey{Kind: WideCounter, Place: o.place(o.Wide)})
	}
	return counters
}

func (o Origin) place(network string) string {
	if o.CrossSite {
		return network + " by other sites"
	}
	return network
}

// DeviceCounter names the counter of the origin's device.
func (o Origin) DeviceCounter() CounterKey {
	return CounterKey{Kind: DeviceCounter, Account: o.Account, Place: o.Device}
}

// Spent reports whether the device of the counter has used up its own budget.
func (t Throttle) Spent(device Counter, now time.Time) bool {
	return t.current(device, now).Failures >= t.DeviceBudget
}

// Reserve decides whether a password may be compared now. If so, it counts the attempt at once in
// all counters of [Origin.Counters], so that a parallel attempt cannot slip by. Otherwise it
// returns a [*Throttled]. Store the returned counters in both cases; there are none after a
// refusal that is not audited.
func (t Throttle) Reserve(counters []Counter, now time.Time) ([]Counter, error) {
	for i := range counters {
		counters[i] = t.current(counters[i], now)
	}
	gates := counters
	if counters[0].Kind == DeviceCounter {
		gates = counters[:1]
	}
	if noted, refusal := t.refuse(gates, now); refusal != nil {
		return noted, refusal
	}
	for i := range counters {
		counters[i].Pending++
		counters[i].PendingAt = now
	}
	return counters, nil
}

// refuse finds the counter that holds an attempt back the longest, if any does. It returns that
// counter if the refusal is audited, because then it must be stored.
func (t Throttle) refuse(gates []Counter, now time.Time) ([]Counter, error) {
	var refusal Throttled
	var by *Counter
	for i := range gates {
		wait, held := t.wait(gates[i], now)
		if wait > refusal.RetryAfter || held && !refusal.Held {
			refusal.RetryAfter, refusal.Held, by = wait, held, &gates[i]
		}
		if refusal.Held {
			break
		}
	}
	if by == nil {
		return nil, nil
	}
	if refusal.Audited = by.refuse(now); !refusal.Audited {
		return nil, &refusal
	}
	return []Counter{*by}, &refusal
}

// wait returns how long the counter holds attempts back.
func (t Throttle) wait(c Counter, now time.Time) (wait time.Duration, held bool) {
	room := max(1, t.FreeFailures-c.Failures)
	switch c.Kind {
	case AccountCounter:
		if room = t.AccountBudget - c.Failures; room <= 0 {
			return t.MaxDelay, true
		}
	case NetworkCounter, WideCounter, LinkCounter, WideLinkCounter:
		if room = t.budget(c.Kind) - c.Failures; room <= 0 {
			return c.Since.Add(t.NetworkWindow).Sub(now), false
		}
	case DeviceCounter:
		if c.Failures == 0 {
			room = t.DeviceBudget
		}
	}
	if c.Kind == PlaceCounter || c.Kind == DeviceCounter {
		wait = max(0, c.LastAt.Add(t.Delay(c.Failures)).Sub(now))
	}
	if wait == 0 && c.Pending >= room {
		wait = c.pendingWait(now)
	}
	return wait, false
}

// budget is how many failures a network of the kind has.
func (t Throttle) budget(kind CounterKind) int {
	if kind == WideCounter || kind == WideLinkCounter {
		return wideBudgets * t.NetworkBudget
	}
	return t.NetworkBudget
}

// Delay is how long after so many failures in a row the next attempt has to wait.
func (t Throttle) Delay(failures int) time.Duration {
	if failures < t.FreeFailures {
		return 0
	}
	delay := t.FirstDelay
	for range failures - t.FreeFailures {
		if delay *= 2; delay >= t.MaxDelay {
			return t.MaxDelay
		}
	}
	return min(delay, t.MaxDelay)
}

// Held reports whether the counter of an account holds it.
func (t Throttle) Held(account Counter, now time.Time) bool {
	return t.On && t.current(account, now).Failures >= t.AccountBudget
}

// current returns the counter as of now: old failures are forgotten, and abandoned attempts count
// as failures.
func (t Throttle) current(c Counter, now time.Time) Counter {
	c.putBack(now)
	if c.Pending > 0 && now.Sub(c.PendingAt) >= pendingLimit {
		c.fail(c.Pending, c.PendingAt)
		c.Pending = 0
	}
	if c.Failures > 0 && t.forgotten(c, now) {
		c.Failures = 0
		c.Since, c.LastAt, c.AuditedAt = time.Time{}, time.Time{}, time.Time{}
	}
	return c
}

func (t Throttle) forgotten(c Counter, now time.Time) bool {
	from := c.LastAt
	if c.Kind.ofNetwork() {
		from = c.Since
	}
	held := c.Kind == AccountCounter && c.Failures >= t.AccountBudget
	return !held && now.Sub(from) >= t.Memory(c.Kind)
}

// Memory is how long a counter of the kind matters after its last count. A counter that holds an
// account matters without end.
func (t Throttle) Memory(kind CounterKind) time.Duration {
	switch {
	case kind.ofNetwork():
		return t.NetworkWindow
	case kind == PlaceCounter:
		return t.DelayReset
	}
	return t.AccountReset
}

// LinkCountersOf names the counters of links for the networks of an address.
func LinkCountersOf(address netip.Addr) []CounterKey {
	counters := []CounterKey{{Kind: LinkCounter, Place: NetworkOf(address)}}
	if wide := WideNetworkOf(address); wide != "" {
		counters = append(counters, CounterKey{Kind: WideLinkCounter, Place: wide})
	}
	return counters
}

// CountLink counts a request for a link, or a wrong link. It refuses it with [*Throttled] if there
// were too many. Store the returned counters in both cases; there are none after a refusal that is
// not audited.
func (t Throttle) CountLink(counters []Counter, now time.Time) ([]Counter, error) {
	if !t.On {
		return nil, nil
	}
	for i := range counters {
		counters[i] = t.current(counters[i], now)
	}
	if noted, refusal := t.refuse(counters, now); refusal != nil {
		return noted, refusal
	}
	for i := range counters {
		counters[i].fail(1, now)
	}
	return counters, nil
}

// Failed ends an attempt that [Throttle.Reserve] has admitted: the password was wrong.
func (t Throttle) Failed(counters []Counter, now time.Time) []Counter {
	for i := range counters {
		counters[i] = t.current(counters[i], now)
		counters[i].withdraw()
		counters[i].fail(1, now)
	}
	return counters
}

// Passed ends an attempt whose password was right. An attempt from a known device takes back that
// device's failures only; those of others still count.
func (t Throttle) Passed(counters []Counter, now time.Time) []Counter {
	own := t.current(counters[0], now).Failures
	for i := range counters {
		c := t.current(counters[i], now)
		c.withdraw()
		switch {
		case c.Kind.ofNetwork():
		case c.Kind == AccountCounter && counters[0].Kind == DeviceCounter:
			c.Failures = max(0, c.Failures-own)
		default:
			c.Failures = 0
		}
		counters[i] = c
	}
	return counters
}

// Withdrawn ends an attempt without a result. It does not count.
func (t Throttle) Withdrawn(counters []Counter) []Counter {
	for i := range counters {
		counters[i].withdraw()
	}
	return counters
}
