package domain

import "time"

// A CounterKind says what a [Counter] counts for.
type CounterKind string

// The kinds of counters: by account, by account and network (in IPv6 the /48), by account and
// device, by network, and by /48 in IPv6.
const (
	AccountCounter CounterKind = "account"
	PlaceCounter   CounterKind = "place"
	DeviceCounter  CounterKind = "device"
	NetworkCounter CounterKind = "network"
	WideCounter    CounterKind = "wide_network"
	// LinkCounter and WideLinkCounter count, by network and by /48 in IPv6, how often one-time
	// links are asked for or are wrong.
	LinkCounter     CounterKind = "link"
	WideLinkCounter CounterKind = "wide_link"
)

// ofNetwork reports whether the counter is of a network, over all accounts.
func (k CounterKind) ofNetwork() bool {
	switch k {
	case NetworkCounter, WideCounter, LinkCounter, WideLinkCounter:
		return true
	}
	return false
}

// CounterKinds returns all of them.
func CounterKinds() []CounterKind {
	return []CounterKind{AccountCounter, PlaceCounter, DeviceCounter, NetworkCounter, WideCounter, LinkCounter, WideLinkCounter}
}

// A CounterKey names a counter. It compares with ==.
type CounterKey struct {
	Kind    CounterKind
	Account AccountKey // "" for a network
	Place   string     // the network or the device; "" for an account
}

// A Counter counts the wrong passwords of one [CounterKey]. It compares with ==. A zero counter
// means the same as none.
type Counter struct {
	CounterKey
	// Failures in a row, from Since to LastAt.
	Failures      int
	Since, LastAt time.Time
	// Pending attempts are being compared, the newest from PendingAt on.
	Pending   int
	PendingAt time.Time
	// AuditedAt is when a refusal by this counter was last written to the audit trail.
	AuditedAt time.Time
}

// Empty reports whether the counter counts nothing, and need not be kept.
func (c Counter) Empty() bool { return c.Failures == 0 && c.Pending == 0 }

// LastUsed is when the counter last counted something.
func (c Counter) LastUsed() time.Time {
	if c.PendingAt.After(c.LastAt) {
		return c.PendingAt
	}
	return c.LastAt
}

func (c *Counter) fail(n int, at time.Time) {
	if c.Failures == 0 {
		c.Since = at
	}
	c.Failures += n
	if at.After(c.LastAt) {
		c.LastAt = at
	}
	c.AuditedAt = time.Time{} // what is refused now is news
}

// putBack follows a clock that was put back. Otherwise people would wait for as long as the clock
// was ahead. It allows pendingLimit, because attempts under way can be a little older than the
// counters that they find.
func (c *Counter) putBack(now time.Time) {
	latest := now.Add(pendingLimit)
	for _, at := range []*time.Time{&c.Since, &c.LastAt, &c.PendingAt} {
		if at.After(latest) {
			*at = now
		}
	}
	if c.AuditedAt.After(latest) {
		c.AuditedAt = time.Time{} // so the next refusal stores what was put back
	}
}

// pendingWait is how long to wait for attempts that are under way. After pendingUsual the process
// that made them has died, so they count as failures only at pendingLimit.
func (c Counter) pendingWait(now time.Time) time.Duration {
	if now.Sub(c.PendingAt) < pendingUsual {
		return pendingRetry
	}
	return c.PendingAt.Add(pendingLimit).Sub(now)
}

func (c *Counter) withdraw() {
	if c.Pending--; c.Pending <= 0 {
		c.Pending, c.PendingAt = 0, time.Time{}
	}
}

// refuse notes a refusal, and reports whether it belongs into the audit trail.
func (c *Counter) refuse(now time.Time) bool {
	if !c.AuditedAt.IsZero() && now.Sub(c.AuditedAt) < auditInterval {
		return false
	}
	c.AuditedAt = now
	return true
}
