package sqlite

import (
	"database/sql"
	"errors"
	"time"

	"gatehouse/domain"
)

type throttleRecords struct{ access }

const selectCounter = `
SELECT account,
       kind,
       place,
       failures,
       since,
       last_at,
       pending,
       pending_at,
       audited_at
  FROM throttle`

func scanCounter(row scanner) (counter domain.Counter, err error) {
	var since, last, pending, audited storedTime
	err = row.Scan(
		&counter.Account, &counter.Kind, &counter.Place, &counter.Failures, &since, &last,
		&counter.Pending, &pending, &audited,
	)
	counter.Since, counter.LastAt = since.Time, last.Time
	counter.PendingAt, counter.AuditedAt = pending.Time, audited.Time
	return counter, err
}

// Counter implements [ports.ThrottleRecords].
func (r throttleRecords) Counter(key domain.CounterKey) (domain.Counter, error) {
	counter, err := scanFirst(r, scanCounter, selectCounter+` WHERE account = ? AND kind = ? AND place = ?`,
		string(key.Account), string(key.Kind), key.Place)
	if errors.Is(err, sql.ErrNoRows) {
		return domain.Counter{CounterKey: key}, nil
	}
	return counter, unavailable("reading a counter", err)
}

// Save implements [ports.ThrottleRecords].
func (r throttleRecords) Save(c domain.Counter) error {
	if c.Empty() {
		_, err := r.run(`DELETE FROM throttle WHERE account = ? AND kind = ? AND place = ?`,
			string(c.Account), string(c.Kind), c.Place)
		return unavailable("removing a counter", err)
	}
	_, err := r.run(`
INSERT INTO throttle (
       account,
       kind,
       place,
       failures,
       since,
       last_at,
       pending,
       pending_at,
       audited_at,
       used_at
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (account, kind, place) DO UPDATE SET
       failures   = excluded.failures,
       since      = excluded.since,
       last_at    = excluded.last_at,
       pending    = excluded.pending,
       pending_at = excluded.pending_at,
       audited_at = excluded.audited_at,
       used_at    = excluded.used_at`,
		string(c.Account), string(c.Kind), c.Place, int64(c.Failures), millis(c.Since), millis(c.LastAt),
		int64(c.Pending), millis(c.PendingAt), millis(c.AuditedAt), c.LastUsed().UnixMilli(),
	)
	return unavailable("storing a counter", err)
}

// OfAccount implements [ports.ThrottleRecords].
func (r throttleRecords) OfAccount(account domain.AccountKey) (found []domain.Counter, err error) {
	for counter, err := range each(r, "reading counters", scanCounter,
		selectCounter+` WHERE account = ? ORDER BY kind, place`, string(account)) {
		if err != nil {
			return nil, err
		}
		found = append(found, counter)
	}
	return found, nil
}

// Free implements [ports.ThrottleRecords].
func (r throttleRecords) Free(account domain.AccountKey) (int, error) {
	removed, err := r.run(`DELETE FROM throttle WHERE account = ?`, string(account))
	return int(removed), unavailable("removing counters", err)
}

// Forget implements [ports.ThrottleRecords].
func (r throttleRecords) Forget(kind domain.CounterKind, below int, before time.Time, limit int) (int, error) {
	removed, err := r.run(`
DELETE FROM throttle
 WHERE (account, kind, place) IN (
       SELECT account, kind, place
         FROM throttle
        WHERE kind = ? AND used_at < ? AND failures < ?
        ORDER BY used_at
        LIMIT ?)`, string(kind), before.UnixMilli(), int64(below), int64(limit))
	return int(removed), unavailable("removing counters", err)
}
