package domain

import (
	"cmp"
	"net/netip"
	"time"
)

// A Throttle is how many passwords may be guessed. The zero Throttle is off.
//
// Whoever tries from where the account has not signed in before is counted three times: at
// the account and their network, at the account, and at the network. A device that has
// signed in before is counted by itself: what others do never delays it.
type Throttle struct {
	On bool
	// FreeFailures of one account in a row from one network, or from one of its devices, go
	// without a delay. From then on it is FirstDelay, doubled by each failure up to
	// MaxDelay, and forgotten after DelayReset without a failure.
	FreeFailures         int
	FirstDelay, MaxDelay time.Duration
	DelayReset           time.Duration
	// AccountBudget is how many failures in a row hold the account: then no device gets in
	// that has not before, until somebody frees it. Fewer are forgotten after AccountReset
	// without one.
	AccountBudget int
	AccountReset  time.Duration
	// DeviceBudget is how many failures in a row make a device one like any other, until it
	// signs in, or for AccountReset without one.
	DeviceBudget int
	// NetworkBudget is how many failures a network has in a NetworkWindow, over all accounts,
	// and beside that how often it may ask for links. All networks of a /48 in IPv6 together
	// have wideBudgets times as many.
	NetworkBudget int
	NetworkWindow time.Duration
	// DevicesByAddress: clients keep nothing by which they could be known again, so a device
	// is an address and a user agent from which the account has been signed in to. Others in
	// the same network can pretend to be it.
	DevicesByAddress bool
}

const (
	// pendingRetry is when to ask again while others are being compared.
	pendingRetry = time.Second
	// pendingUsual is how long an attempt may take to come to an end, if it does.
	pendingUsual = 15 * time.Second
	// pendingLimit is when an attempt that never came to an end counts as a failure: no
	// request takes as long.
	pendingLimit = time.Minute
	// auditInterval is how often refusals by one counter are audited.
	auditInterval = time.Minute
	// wideBudgets is how many budgets the 65,536 networks of a /48 have together. It is more
	// than one, because several sites of a customer can be in a /48.
	wideBudgets = 4
)

// Throttled refuses an attempt before the password is looked at. It wraps [ErrThrottled].
type Throttled struct {
	// RetryAfter is when the attempt might be admitted; where Held, how long to wait before
	// asking whether somebody has freed the account.
	RetryAfter time.Duration
	Held       bool
	// Audited: the trail is to tell of it. It tells of the first refusal and then of one a
	// minute.
	Audited bool
}

// Error returns the text of [ErrThrottled].
func (t *Throttled) Error() string { return ErrThrottled.Error() }

// Unwrap returns [ErrThrottled].
func (t *Throttled) Unwrap() error { return ErrThrottled }

// An AccountKey is what an account is counted under: its id, or the subject hash of an
// address that nobody has.
type AccountKey string

// An Origin is whom a password is tried for, and from where.
type Origin struct {
	Account AccountKey
	Network string // see [NetworkOf]
	Wide    string // see [WideNetworkOf]
	// CrossSite: a page of another site has somebody's browser try. It is counted apart, so
	// that it spends nothing of that person's network.
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

// Reserve decides whether a password may be compared now. If so it is counted at once, in
// all the counters of [Origin.Counters], so that no other attempt slips by while this one is
// compared; else it is refused with a [*Throttled]. Either way the counters that were
// returned are to be stored; there are none after a refusal that is not audited.
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

// refuse finds the counter that holds an attempt back the longest, if one does. The counter is
// returned if it has to be stored, because the refusal is audited.
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

// current is the counter without what is forgotten by now.
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

// Memory is how long a counter of the kind matters after it last counted something, unless
// it holds an account.
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

// CountLink counts that a link was asked for, or that one was wrong, or refuses it as
// [*Throttled]. Either way the counters that were returned are to be stored; there are none
// after a refusal that is not audited.
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

// Passed ends an attempt whose password was right. Where it came from a device of the
// account, that one's failures are made good, and those of others are left to count.
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

// Withdrawn ends an attempt that came to nothing: it does not count.
func (t Throttle) Withdrawn(counters []Counter) []Counter {
	for i := range counters {
		counters[i].withdraw()
	}
	return counters
}
