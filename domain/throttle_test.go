package domain_test

import (
	"errors"
	"net/netip"
	"slices"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

var throttle, noon = porttest.Policy().Throttle, porttest.Noon

var strange = domain.Origin{Account: "a", Network: "192.0.2.0/24"}
var far = domain.Origin{Account: "a", Network: "2001:db8:1:2::/64", Wide: "2001:db8:1::/48"}
var known = domain.Origin{Account: "a", Network: "192.0.2.0/24", Device: "d"}

func TestNetworkOf(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.7": "192.0.2.0/24", "192.0.2.255": "192.0.2.0/24", "192.0.3.0": "192.0.3.0/24",
		"::ffff:192.0.2.7": "192.0.2.0/24", "2001:db8:1:2:3::4": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64",
	} {
		if got := domain.NetworkOf(netip.MustParseAddr(address)); got != want {
			t.Errorf("the network of %s is %s, want %s", address, got, want)
		}
	}
	if got := domain.NetworkOf(netip.Addr{}); got != "unknown" {
		t.Errorf("the network of nobody is %q", got)
	}
}

func TestDelay(t *testing.T) {
	for failures, want := range map[int]time.Duration{
		0: 0, 4: 0, 5: 2 * time.Second, 6: 4 * time.Second, 7: 8 * time.Second, 13: 512 * time.Second,
		14: 15 * time.Minute, 100: 15 * time.Minute, 1 << 40: 15 * time.Minute,
	} {
		if got := throttle.Delay(failures); got != want {
			t.Errorf("after %d failures the delay is %v, want %v", failures, got, want)
		}
	}
}

// Only in IPv6 has a customer more than one network.
func TestWideNetworkOf(t *testing.T) {
	for address, want := range map[string]string{
		"2001:db8:1:2:3::4": "2001:db8:1::/48", "2001:db8:1:ffff::1": "2001:db8:1::/48", "2001:db8:2::1": "2001:db8:2::/48",
		"fe80::1%eth0": "fe80::/48", "192.0.2.7": "", "::ffff:192.0.2.7": "",
	} {
		if got := domain.WideNetworkOf(netip.MustParseAddr(address)); got != want {
			t.Errorf("the wide network of %s is %q, want %q", address, got, want)
		}
	}
	if got := domain.WideNetworkOf(netip.Addr{}); got != "" {
		t.Errorf("the wide network of nobody is %q", got)
	}
}

// counters are those of an origin, as far as they have counted.
func counters(o domain.Origin, counted ...domain.Counter) (all []domain.Counter) {
	for _, key := range o.Counters() {
		counter := domain.Counter{CounterKey: key}
		for _, c := range counted {
			if c.Kind == key.Kind {
				c.CounterKey = key
				counter = c
			}
		}
		all = append(all, counter)
	}
	return all
}

func of(kind domain.CounterKind, failures, pending int, ago time.Duration) domain.Counter {
	at := noon.Add(-ago)
	c := domain.Counter{CounterKey: domain.CounterKey{Kind: kind}, Failures: failures, Since: at, LastAt: at, Pending: pending}
	if pending > 0 {
		c.PendingAt = noon
	}
	return c
}

func TestReserve(t *testing.T) {
	const (
		account, place  = domain.AccountCounter, domain.PlaceCounter
		device, network = domain.DeviceCounter, domain.NetworkCounter
		wide            = domain.WideCounter
		day             = 24 * time.Hour
	)
	for _, test := range []struct {
		name    string
		origin  domain.Origin
		counted []domain.Counter
		wait    time.Duration // 0: admitted
		held    bool
	}{
		{"nothing counted", strange, nil, 0, false},
		{"free", strange, []domain.Counter{of(place, 4, 0, 0)}, 0, false},
		{"free, together with those pending", strange, []domain.Counter{of(place, 2, 2, 0)}, 0, false},
		{"too many pending", strange, []domain.Counter{of(place, 2, 3, 0)}, time.Second, false},
		{"delayed", strange, []domain.Counter{of(place, 5, 0, 0)}, 2 * time.Second, false},
		{"delayed still", strange, []domain.Counter{of(place, 6, 0, 3999*time.Millisecond)}, time.Millisecond, false},
		{"not delayed any more", strange, []domain.Counter{of(place, 6, 0, 4*time.Second)}, 0, false},
		{"not delayed, one pending", strange, []domain.Counter{of(place, 6, 1, 4*time.Second)}, time.Second, false},
		{"delayed for long", strange, []domain.Counter{of(place, 90, 0, 0)}, 15 * time.Minute, false},
		{"remembered", strange, []domain.Counter{of(place, 90, 4, day-time.Millisecond)}, time.Second, false},
		{"forgotten", strange, []domain.Counter{of(place, 90, 4, day)}, 0, false},

		{"account not held", strange, []domain.Counter{of(account, 99, 0, 0)}, 0, false},
		{"account almost held", strange, []domain.Counter{of(account, 99, 1, 0)}, time.Second, false},
		{"account held", strange, []domain.Counter{of(account, 100, 0, 0)}, 15 * time.Minute, true},
		{"account held for ever", strange, []domain.Counter{of(account, 100, 0, 1000*day)}, 15 * time.Minute, true},
		{"account held and delayed", strange, []domain.Counter{of(account, 100, 0, 0), of(place, 14, 0, 0)}, 15 * time.Minute, true},
		{"account forgotten", strange, []domain.Counter{of(account, 99, 1, 30*day)}, 0, false},

		{"network has budget", strange, []domain.Counter{of(network, 98, 1, 0)}, 0, false},
		{"network is full of pending", strange, []domain.Counter{of(network, 0, 100, 0)}, time.Second, false},
		{"network is out of budget", strange, []domain.Counter{of(network, 100, 0, time.Minute)}, 14 * time.Minute, false},
		{"network's window is over", strange, []domain.Counter{of(network, 100, 0, 15*time.Minute)}, 0, false},
		{"wide network has budget", far, []domain.Counter{of(wide, 398, 1, 0)}, 0, false},
		{"wide network is full of pending", far, []domain.Counter{of(wide, 0, 400, 0)}, time.Second, false},
		{"wide network is out of budget", far, []domain.Counter{of(wide, 400, 0, time.Minute)}, 14 * time.Minute, false},
		{"wide network's window is over", far, []domain.Counter{of(wide, 400, 0, 15*time.Minute)}, 0, false},
		{"network, and a longer delay", strange, []domain.Counter{of(network, 100, 0, 10*time.Minute), of(place, 90, 0, 0)}, 15 * time.Minute, false},

		{"known device", known, []domain.Counter{of(device, 4, 0, 0), of(account, 100, 50, 0)}, 0, false},
		{"known device, many at once", known, []domain.Counter{of(device, 0, 19, 0)}, 0, false},
		{"known device, too many at once", known, []domain.Counter{of(device, 0, 20, 0)}, time.Second, false},
		{"known device, too many at once after a failure", known, []domain.Counter{of(device, 1, 4, 0)}, time.Second, false},
		{"known device delayed", known, []domain.Counter{of(device, 5, 0, 0)}, 2 * time.Second, false},
		{"known device forgotten", known, []domain.Counter{of(device, 19, 0, 30*day)}, 0, false},
	} {
		before := counters(test.origin, test.counted...)
		after, err := throttle.Reserve(counters(test.origin, test.counted...), noon)
		throttled, refused := errors.AsType[*domain.Throttled](err)
		switch {
		case test.wait == 0 && err != nil:
			t.Errorf("%s: %v, want it to be admitted", test.name, err)
		case test.wait == 0:
			for i := range after {
				if after[i].Pending != before[i].Pending+1 || after[i].PendingAt != noon {
					t.Errorf("%s: counter %s is %+v, want one more pending", test.name, after[i].Kind, after[i])
				}
			}
		case !refused || !errors.Is(err, domain.ErrThrottled):
			t.Errorf("%s: %v, want ErrThrottled", test.name, err)
		case throttled.RetryAfter != test.wait || throttled.Held != test.held || !throttled.Audited || len(after) != 1:
			t.Errorf("%s: %+v, %d counters; want to wait for %v, held %t, in one counter", test.name, throttled, len(after), test.wait, test.held)
		}
	}
}

// An attempt whose end was never told, because of a crash, counts as a failure in the end.
func TestLostAttempts(t *testing.T) {
	lost := of(domain.PlaceCounter, 3, 2, time.Hour)
	for later, want := range map[time.Duration]time.Duration{
		59 * time.Second: time.Second,     // too many are pending
		60 * time.Second: 0,               // the delay of five failures is over
		24 * time.Hour:   0,               // and now they are forgotten
		61 * time.Second: 0,               //
		time.Second:      1 * time.Second, //
	} {
		_, err := throttle.Reserve(counters(strange, lost), noon.Add(later))
		throttled, _ := errors.AsType[*domain.Throttled](err)
		if want == 0 && err != nil || want != 0 && (throttled == nil || throttled.RetryAfter != want) {
			t.Errorf("after %v: %+v, want to wait for %v", later, throttled, want)
		}
	}
	for later, want := range map[time.Duration]time.Duration{
		14 * time.Second: time.Second, 15 * time.Second: 45 * time.Second, 40 * time.Second: 20 * time.Second, // only a crash leaves them so long
	} {
		_, err := throttle.Reserve(counters(strange, lost), noon.Add(later))
		if throttled, _ := errors.AsType[*domain.Throttled](err); throttled == nil || throttled.RetryAfter != want {
			t.Errorf("after %v: %+v, want to wait for %v", later, throttled, want)
		}
	}
	lost.Pending = 10
	after, err := throttle.Reserve(counters(strange, lost), noon.Add(2*time.Minute))
	throttled, _ := errors.AsType[*domain.Throttled](err)
	if throttled == nil || after[0].Failures != 13 || throttled.RetryAfter != 392*time.Second {
		t.Errorf("with ten lost: %+v, %+v; want 13 failures and 392 s to wait", throttled, after)
	}
}

// Whoever has to wait when the clock is put back waits no longer than the limits say, is told
// how long, and is not held up again and again.
func TestTheClockIsPutBack(t *testing.T) {
	for _, test := range []struct {
		name   string
		origin domain.Origin
		ahead  domain.Counter
		want   time.Duration
	}{
		{"a delay", strange, of(domain.PlaceCounter, 6, 0, 0), 4 * time.Second},
		{"a device's delay", known, of(domain.DeviceCounter, 6, 0, 0), 4 * time.Second},
		{"a network's window", strange, of(domain.NetworkCounter, 100, 0, 0), 15 * time.Minute},
		{"attempts that never came to an end", strange, of(domain.PlaceCounter, 0, 5, 0), time.Second},
	} {
		now := noon.Add(-365 * 24 * time.Hour)
		test.ahead.AuditedAt = noon
		all := counters(test.origin, test.ahead)
		wait := func() time.Duration {
			left, err := throttle.Reserve(slices.Clone(all), now)
			for _, c := range left {
				all[slices.IndexFunc(all, func(other domain.Counter) bool { return other.Kind == c.Kind })] = c
			}
			throttled, _ := errors.AsType[*domain.Throttled](err)
			if throttled == nil {
				return 0
			}
			return throttled.RetryAfter
		}
		if got := wait(); got != test.want {
			t.Errorf("%s: to wait for %v, want %v", test.name, got, test.want)
		}
		if now = now.Add(time.Second); test.want > time.Second {
			if got := wait(); got != test.want-time.Second {
				t.Errorf("%s: a second later to wait for %v, want %v", test.name, got, test.want-time.Second)
			}
		}
		if now = now.Add(max(test.want, time.Minute)); wait() != 0 {
			t.Errorf("%s: refused when the time is over", test.name)
		}
	}
	for kind, spent := range map[domain.CounterKind]int{domain.LinkCounter: 100, domain.WideLinkCounter: 400} {
		links, err := throttle.CountLink([]domain.Counter{of(kind, spent, 0, 0)}, noon.Add(-time.Hour))
		throttled, _ := errors.AsType[*domain.Throttled](err)
		if throttled == nil || throttled.RetryAfter != 15*time.Minute || len(links) != 1 || links[0].Failures != spent {
			t.Errorf("%s: %+v, %+v; want to wait for 15 min", kind, links, throttled)
		}
	}
}

// Requests that are under way do not agree on the time: that puts no clock back.
func TestAnOlderRequestShortensNoDelay(t *testing.T) {
	all := counters(strange, of(domain.PlaceCounter, 14, 0, 0))
	_, err := throttle.Reserve(all, noon.Add(-10*time.Second))
	if throttled, _ := errors.AsType[*domain.Throttled](err); throttled == nil || throttled.RetryAfter != 15*time.Minute+10*time.Second {
		t.Errorf("%+v, want to wait until the delay of the newer one is over", throttled)
	}
}

func TestEndsOfAttempts(t *testing.T) {
	place, account := of(domain.PlaceCounter, 3, 2, time.Hour), of(domain.AccountCounter, 30, 7, time.Hour)
	network, device := of(domain.NetworkCounter, 50, 9, time.Minute), of(domain.DeviceCounter, 4, 2, time.Hour)
	type counts [3][2]int // failures and pending, in the order of the counters
	for _, test := range []struct {
		name   string
		origin domain.Origin
		end    func([]domain.Counter) []domain.Counter
		want   counts
	}{
		{"failed", strange, failed, counts{{4, 1}, {31, 6}, {51, 8}}},
		{"passed", strange, passed, counts{{0, 1}, {0, 6}, {50, 8}}},
		{"withdrawn", strange, throttle.Withdrawn, counts{{3, 1}, {30, 6}, {50, 8}}},
		{"failed on a known device", known, failed, counts{{5, 1}, {31, 6}}},
		{"passed on a known device", known, passed, counts{{0, 1}, {26, 6}}},
		{"withdrawn on a known device", known, throttle.Withdrawn, counts{{4, 1}, {30, 6}}},
	} {
		for i, c := range test.end(counters(test.origin, place, account, network, device)) {
			if got := [2]int{c.Failures, c.Pending}; got != test.want[i] {
				t.Errorf("%s: counter %s has %v, want %v", test.name, c.Kind, got, test.want[i])
			}
		}
	}
	for _, c := range throttle.Withdrawn(counters(strange)) {
		if !c.Empty() || c.Pending != 0 {
			t.Errorf("what was not reserved is withdrawn: %+v", c)
		}
	}
}

// A counter that counts failures or attempts must be kept.
func TestEmptyCounters(t *testing.T) {
	for _, test := range []struct {
		failures, pending int
		want              bool
	}{{0, 0, true}, {1, 0, false}, {0, 1, false}, {1, 1, false}} {
		if got := (domain.Counter{Failures: test.failures, Pending: test.pending}).Empty(); got != test.want {
			t.Errorf("%d failures and %d attempts are empty: %t, want %t", test.failures, test.pending, got, test.want)
		}
	}
}

func failed(all []domain.Counter) []domain.Counter { return throttle.Failed(all, noon) }
func passed(all []domain.Counter) []domain.Counter { return throttle.Passed(all, noon) }

// A flood of refusals writes one event a minute, and the counter knows of the others.
func TestRefusalsAreAuditedNowAndThen(t *testing.T) {
	all := counters(strange, of(domain.AccountCounter, 100, 0, 0))
	audited := 0
	for second := range 150 {
		left, err := throttle.Reserve(all, noon.Add(time.Duration(second)*time.Second))
		if throttled, ok := errors.AsType[*domain.Throttled](err); !ok {
			t.Fatalf("admitted after %d s", second)
		} else if throttled.Audited {
			audited++
			all[1] = left[0]
		} else if len(left) > 0 {
			t.Fatalf("%+v is to be stored, of a refusal that is not audited", left)
		}
	}
	if audited != 3 {
		t.Errorf("%d refusals are audited, want 3", audited)
	}
	all = throttle.Failed(all, noon.Add(151*time.Second)) // of one that was pending
	_, err := throttle.Reserve(all, noon.Add(152*time.Second))
	if throttled, ok := errors.AsType[*domain.Throttled](err); !ok || !throttled.Audited {
		t.Error("the first refusal after a failure is not audited")
	}
}

// Too many attempts at once are refused before any has failed. That is told once a minute as well.
func TestRefusalsDuringAttemptsAreAuditedNowAndThen(t *testing.T) {
	all, err := counters(strange), error(nil)
	for range throttle.FreeFailures {
		if all, err = throttle.Reserve(all, noon); err != nil {
			t.Fatal(err)
		}
	}
	for after, want := range []bool{true, false, false} {
		left, err := throttle.Reserve(all, noon.Add(time.Duration(after)*time.Second))
		throttled, is := errors.AsType[*domain.Throttled](err)
		if !is || throttled.Audited != want {
			t.Fatalf("after %d s: %+v, want a refusal that is audited: %t", after, err, want)
		}
		if want {
			all[0] = left[0]
		}
	}
}

func TestHeld(t *testing.T) {
	for failures, want := range map[int]bool{0: false, 99: false, 100: true, 101: true} {
		counter := of(domain.AccountCounter, failures, 0, 40*24*time.Hour)
		if got := throttle.Held(counter, noon); got != want {
			t.Errorf("after %d failures the account is held: %t, want %t", failures, got, want)
		}
		if (domain.Throttle{AccountBudget: 100}).Held(counter, noon) {
			t.Error("an account is held although there is no throttling")
		}
	}
}

// An attempt that never came to an end counts as a failure after a minute, not before.
func TestWhenALostAttemptHolds(t *testing.T) {
	account := domain.Counter{
		CounterKey: domain.CounterKey{Kind: domain.AccountCounter, Account: "a"},
		Failures:   throttle.AccountBudget - 1, Since: noon, LastAt: noon, Pending: 1, PendingAt: noon,
	}
	for after, want := range map[time.Duration]bool{time.Minute - time.Millisecond: false, time.Minute: true} {
		if got := throttle.Held(account, noon.Add(after)); got != want {
			t.Errorf("after %v the account is held: %t, want %t", after, got, want)
		}
	}
}
