package porttest

import (
	"fmt"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

// counter has every field set, by its number.
func counter(kind domain.CounterKind, account domain.AccountKey, place string, n int) domain.Counter {
	at := Noon.Add(time.Duration(n)*time.Minute + 5*time.Millisecond)
	return domain.Counter{
		CounterKey: domain.CounterKey{Kind: kind, Account: account, Place: place},
		Failures:   n, Since: at, LastAt: at.Add(time.Second),
		Pending: n + 1, PendingAt: at.Add(2 * time.Second),
		AuditedAt: at.Add(3 * time.Second),
	}
}

func saveCounters(t *testing.T, store ports.Store, counters ...domain.Counter) {
	t.Helper()
	update(t, store, func(r ports.Records) error {
		for _, c := range counters {
			if err := r.Throttle().Save(c); err != nil {
				return err
			}
		}
		return nil
	})
}

// mustHaveCounters checks which counters an account has.
func mustHaveCounters(t *testing.T, store ports.Store, account domain.AccountKey, want ...domain.Counter) {
	t.Helper()
	view(t, store, func(r ports.Records) error {
		got, err := r.Throttle().OfAccount(account)
		if len(got) != len(want) {
			t.Errorf("%s has %d counters, want %d: %+v", account, len(got), len(want), got)
			return err
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("counter %d of %s is\n%+v, want\n%+v", i, account, got[i], want[i])
			}
		}
		return err
	})
}

func throttleRoundTrip(t *testing.T, store ports.Store) {
	key := domain.CounterKey{Kind: domain.PlaceCounter, Account: "a", Place: "192.0.2.0/24"}
	bare := domain.Counter{CounterKey: key, Failures: 1}
	full := counter(key.Kind, key.Account, key.Place, 7)
	others := []domain.Counter{
		counter(domain.AccountCounter, "a", "", 1), counter(domain.PlaceCounter, "a", "198.51.100.0/24", 2),
		counter(domain.PlaceCounter, "b", key.Place, 3), counter(domain.NetworkCounter, "", key.Place, 4),
	}
	saveCounters(t, store, others...)
	for _, want := range []domain.Counter{{CounterKey: key}, bare, full, bare, {CounterKey: key}} {
		saveCounters(t, store, want)
		view(t, store, func(r ports.Records) error {
			got, err := r.Throttle().Counter(key)
			if got != want {
				t.Errorf("the counter is\n%+v, want\n%+v", got, want)
			}
			return err
		})
	}
	mustHaveCounters(t, store, "a", others[:2]...) // the empty one is not kept
	mustHaveCounters(t, store, "b", others[2])
	mustHaveCounters(t, store, "c")
}

func throttleFree(t *testing.T, store ports.Store) {
	ours := []domain.Counter{
		counter(domain.AccountCounter, "a", "", 1), counter(domain.DeviceCounter, "a", "x", 2), counter(domain.PlaceCounter, "a", "y", 3),
	}
	theirs := counter(domain.PlaceCounter, "b", "y", 4)
	saveCounters(t, store, append(ours, theirs)...)
	for _, want := range []int{len(ours), 0} {
		update(t, store, func(r ports.Records) error {
			got, err := r.Throttle().Free("a")
			if got != want {
				t.Errorf("Free has removed %d counters, want %d", got, want)
			}
			return err
		})
	}
	mustHaveCounters(t, store, "a")
	mustHaveCounters(t, store, "b", theirs)
}

func throttleForget(t *testing.T, store ports.Store) {
	var all []domain.Counter
	for n := range 6 { // last used at n minutes and 2.005 s
		all = append(all, counter(domain.AccountCounter, domain.AccountKey(fmt.Sprint("a", n)), "", n))
	}
	all = append(all, counter(domain.PlaceCounter, "p", "x", 0))
	all[2].Failures = 100
	saveCounters(t, store, all...)
	forget := func(limit, want int) {
		t.Helper()
		update(t, store, func(r ports.Records) error {
			got, err := r.Throttle().Forget(domain.AccountCounter, 100, all[4].LastUsed(), limit)
			if got != want {
				t.Errorf("Forget has removed %d counters, want %d", got, want)
			}
			return err
		})
	}
	forget(2, 2)
	forget(2, 1)
	forget(2, 0)
	for n, kept := range []bool{false, false, true, false, true, true, true} {
		if kept {
			mustHaveCounters(t, store, all[n].Account, all[n])
		} else {
			mustHaveCounters(t, store, all[n].Account)
		}
	}
}
