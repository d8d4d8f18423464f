package sqlite

import (
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"time"

	"gatehouse/domain"
)

type linkRecords struct{ access }

// Of implements [ports.LinkRecords].
func (r linkRecords) Of(account domain.AccountKey) (domain.Link, error) {
	link := domain.Link{Account: account}
	var created, expires storedTime
	var mailed string
	err := row(r, `
SELECT digest,
       purpose,
       email_key,
       version,
       created_at,
       expires_at,
       mailed
  FROM link
 WHERE account = ?`, []any{string(account)}, &link.Digest, &link.Purpose, &link.Email, &link.Version, &created, &expires, &mailed)
	if errors.Is(err, sql.ErrNoRows) {
		return link, nil
	}
	link.CreatedAt, link.ExpiresAt = created.Time, expires.Time
	for i, text := range strings.Fields(mailed) {
		ms, err := strconv.ParseInt(text, 10, 64)
		if err != nil || i >= len(link.Mailed) {
			return domain.Link{}, unavailable("reading a link", errMailed)
		}
		link.Mailed[i] = time.UnixMilli(ms).UTC()
	}
	return link, unavailable("reading a link", err)
}

// errMailed is for a column that only this package writes.
var errMailed = errors.New("its times cannot be read")

// Save implements [ports.LinkRecords].
func (r linkRecords) Save(link domain.Link) error {
	var mailed []string
	last := 0 // of those that are noted
	for i, at := range link.Mailed {
		mailed = append(mailed, strconv.FormatInt(at.UnixMilli(), 10))
		if !at.IsZero() {
			last = i + 1
		}
	}
	_, err := r.run(`
INSERT INTO link (
       account,
       digest,
       purpose,
       email_key,
       version,
       created_at,
       expires_at,
       mailed
) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (account) DO UPDATE SET
       digest     = excluded.digest,
       purpose    = excluded.purpose,
       email_key  = excluded.email_key,
       version    = excluded.version,
       created_at = excluded.created_at,
       expires_at = excluded.expires_at,
       mailed     = excluded.mailed`,
		string(link.Account), string(link.Digest), string(link.Purpose), string(link.Email), link.Version,
		link.CreatedAt.UnixMilli(), link.ExpiresAt.UnixMilli(), strings.Join(mailed[:last], " "),
	)
	return unavailable("storing a link", err)
}

// Forget implements [ports.LinkRecords].
func (r linkRecords) Forget(before time.Time, limit int) (int, error) {
	removed, err := r.run(`
DELETE FROM link
 WHERE account IN (
       SELECT account
         FROM link
        WHERE expires_at < ?
        ORDER BY expires_at
        LIMIT ?)`, before.UnixMilli(), int64(limit))
	return int(removed), unavailable("removing links", err)
}

type deletionRecords struct{ access }

// Of implements [ports.DeletionRecords].
func (r deletionRecords) Of(id domain.StaffID) (domain.Deletion, error) {
	deletion := domain.Deletion{ID: id}
	var at storedTime
	err := row(r, `SELECT at, version FROM deletion WHERE staff_id = ?`, []any{string(id)}, &at, &deletion.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return domain.Deletion{}, nil
	}
	deletion.At = at.Time
	return deletion, unavailable("reading a deletion", err)
}

// Save implements [ports.DeletionRecords].
func (r deletionRecords) Save(deletion domain.Deletion) error {
	_, err := r.run(`INSERT OR REPLACE INTO deletion (staff_id, at, version) VALUES (?, ?, ?)`,
		string(deletion.ID), deletion.At.UnixMilli(), deletion.Version)
	return unavailable("storing a deletion", err)
}

// Forget implements [ports.DeletionRecords].
func (r deletionRecords) Forget(before time.Time, limit int) (int, error) {
	removed, err := r.run(`DELETE FROM deletion WHERE staff_id IN (SELECT staff_id FROM deletion WHERE at < ? LIMIT ?)`,
		before.UnixMilli(), int64(limit))
	return int(removed), unavailable("removing deletions", err)
}
