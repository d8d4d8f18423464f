package memory

import (
	"cmp"
	"slices"
	"time"

	"gatehouse/domain"
)

type throttleRecords struct{ *records }

func (r throttleRecords) Counter(key domain.CounterKey) (domain.Counter, error) {
	counter := r.state.counters[key]
	counter.CounterKey = key
	return counter, nil
}

func (r throttleRecords) Save(counter domain.Counter) error {
	if err := r.writable(); err != nil {
		return err
	}
	if counter.Empty() {
		delete(r.state.counters, counter.CounterKey)
	} else {
		r.state.counters[counter.CounterKey] = stored(counter)
	}
	return nil
}

func (r throttleRecords) OfAccount(account domain.AccountKey) (found []domain.Counter, err error) {
	for key, counter := range r.state.counters {
		if key.Account == account {
			found = append(found, counter)
		}
	}
	slices.SortFunc(found, func(a, b domain.Counter) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Place, b.Place))
	})
	return found, nil
}

func (r throttleRecords) Free(account domain.AccountKey) (int, error) {
	return r.remove(len(r.state.counters), func(c domain.Counter) bool { return c.Account == account })
}

func (r throttleRecords) Forget(kind domain.CounterKind, below int, before time.Time, limit int) (int, error) {
	return r.remove(limit, func(c domain.Counter) bool {
		return c.Kind == kind && c.Failures < below && c.LastUsed().Before(before)
	})
}

func (r throttleRecords) remove(limit int, which func(domain.Counter) bool) (removed int, err error) {
	if err := r.writable(); err != nil {
		return 0, err
	}
	for key, counter := range r.state.counters {
		if removed < limit && which(counter) {
			delete(r.state.counters, key)
			removed++
		}
	}
	return removed, nil
}
