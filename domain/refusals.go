package domain

import (
	"cmp"
	"fmt"
	"net/netip"
	"time"
)

const (
	// refusalBudget is how many refusals of one origin are answered within an auditInterval.
	refusalBudget = 30
	// refusalOrigins is how many origins of an account are told apart within an auditInterval.
	refusalOrigins = 10
	// refusalAccounts is how many accounts are told apart.
	refusalAccounts = 10_000
)

// A RefusalOrigin says what was refused, and from where. It compares with ==.
type RefusalOrigin struct {
	// Account is the token's owner. It is "" if the token names none, or cannot be believed.
	Account AccountKey
	// What names the session or the link.
	What string
	// Network is the /48 in IPv6, see [WideNetworkOf], or else that of [NetworkOf].
	Network string
}

// RefusalOriginOf names the origin of a token or link that came from an address.
func RefusalOriginOf(account AccountKey, what string, address netip.Addr) RefusalOrigin {
	return RefusalOrigin{account, what, cmp.Or(WideNetworkOf(address), NetworkOf(address))}
}

// Refusals count refused tokens and links that were genuine once and changed nothing. A former
// owner can send an old one for ever. So the audit trail records the first refusal of each origin,
// then one a minute with the number that were left out. It records ten origins of an account in a
// minute.
//
// The zero value is ready. The counts are in memory and lost with the process. Refusals must not
// be used concurrently.
type Refusals struct {
	accounts map[AccountKey]*accountRefusals
	untold   int // of accounts that are not kept any more
}

type accountRefusals struct {
	origins map[RefusalOrigin]Counter
	untold  int // of origins that are not kept any more, or never were
}

// Quiet reports whether the audit trail would leave a refusal out now.
func (r *Refusals) Quiet(origin RefusalOrigin, now time.Time) bool {
	account := r.accounts[origin.Account]
	if account == nil {
		return false
	}
	c, known := account.origins[origin]
	if !known {
		return len(account.origins) == refusalOrigins && account.idle(now) == nil
	}
	c.putBack(now)
	return !c.refuse(now)
}

// Tell counts a refusal. It reports whether to record it, and how many were left out before. If
// recording fails, call [Refusals.Untell].
func (r *Refusals) Tell(origin RefusalOrigin, now time.Time) (leftOut int, told bool) {
	account := r.account(origin.Account, now)
	c, room := account.counter(origin, now)
	if !room {
		account.untold++
		return 0, false
	}
	defer func() { account.origins[origin] = c }()
	if !c.refuse(now) {
		c.Failures++
		return 0, false
	}
	leftOut = c.Failures + account.untold + r.untold
	c.Failures, account.untold, r.untold = 0, 0, 0
	return leftOut, true
}

// Untell takes back what [Refusals.Tell] counted.
func (r *Refusals) Untell(origin RefusalOrigin, leftOut int, now time.Time) {
	account := r.account(origin.Account, now)
	account.untold += leftOut + 1 + account.origins[origin].Failures
	delete(account.origins, origin)
}

// LeaveOut counts a refusal that is not recorded. Beyond the budget it returns [*Throttled], until
// the next one is recorded.
func (r *Refusals) LeaveOut(origin RefusalOrigin, now time.Time) error {
	account := r.account(origin.Account, now)
	c, room := account.counter(origin, now)
	if !room {
		account.untold++
		return nil
	}
	c.Failures++
	account.origins[origin] = c
	if c.Failures < refusalBudget {
		return nil
	}
	return &Throttled{RetryAfter: max(time.Second, c.AuditedAt.Add(auditInterval).Sub(now))}
}

// account finds or makes the entry of an account. If there are too many, it drops all others and
// keeps only their sum.
func (r *Refusals) account(key AccountKey, now time.Time) *accountRefusals {
	if found := r.accounts[key]; found != nil {
		return found
	}
	if r.accounts == nil || len(r.accounts) >= refusalAccounts {
		for _, account := range r.accounts {
			r.untold += account.sum()
		}
		r.accounts = map[AccountKey]*accountRefusals{}
	}
	account := &accountRefusals{origins: map[RefusalOrigin]Counter{}}
	r.accounts[key] = account
	return account
}

func (a *accountRefusals) sum() int {
	n := a.untold
	for _, c := range a.origins {
		n += c.Failures
	}
	return n
}

// counter returns the counter of the origin. If there are too many origins, an idle one is
// dropped. It returns false if none is idle.
func (a *accountRefusals) counter(origin RefusalOrigin, now time.Time) (Counter, bool) {
	c, known := a.origins[origin]
	if !known && len(a.origins) >= refusalOrigins {
		idle := a.idle(now)
		if idle == nil {
			return Counter{}, false
		}
		a.untold += a.origins[*idle].Failures
		delete(a.origins, *idle)
	}
	c.putBack(now)
	return c, true
}

// idle returns an origin that the trail may record again, or nil.
func (a *accountRefusals) idle(now time.Time) *RefusalOrigin {
	for origin, c := range a.origins {
		if c.putBack(now); c.refuse(now) {
			return &origin
		}
	}
	return nil
}

// LeavingOut adds to the reason how many other refusals were left out.
func (r Reason) LeavingOut(others int) Reason {
	if others == 0 {
		return r
	}
	return Reason(fmt.Sprintf("%s, %d left out", r, others))
}
