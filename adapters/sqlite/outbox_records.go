package sqlite

import (
	"time"

	"gatehouse/domain"
)

type outboxRecords struct{ access }

func scanMail(row scanner) (mail domain.Mail, err error) {
	var sealed []byte
	var created, expires, due storedTime
	err = row.Scan(&mail.ID, &mail.Account, &mail.Kind, &sealed, &created, &expires, &due, &mail.Attempts)
	mail.Sealed = domain.SealedToken(sealed)
	mail.CreatedAt, mail.ExpiresAt, mail.DueAt = created.Time, expires.Time, due.Time
	return mail, err
}

// Save implements [ports.OutboxRecords].
func (r outboxRecords) Save(mail domain.Mail) error {
	_, err := r.run(`
INSERT INTO outbox (
       id,
       account,
       kind,
       sealed,
       created_at,
       expires_at,
       due_at,
       attempts
) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
       account    = excluded.account,
       kind       = excluded.kind,
       sealed     = excluded.sealed,
       created_at = excluded.created_at,
       expires_at = excluded.expires_at,
       due_at     = excluded.due_at,
       attempts   = excluded.attempts`,
		string(mail.ID), string(mail.Account), string(mail.Kind), []byte(mail.Sealed),
		mail.CreatedAt.UnixMilli(), mail.ExpiresAt.UnixMilli(), mail.DueAt.UnixMilli(), int64(mail.Attempts),
	)
	return unavailable("storing a letter", err)
}

// Remove implements [ports.OutboxRecords].
func (r outboxRecords) Remove(id domain.MailID) error {
	_, err := r.run(`DELETE FROM outbox WHERE id = ?`, string(id))
	return unavailable("removing a letter", err)
}

// Due implements [ports.OutboxRecords].
func (r outboxRecords) Due(now time.Time, limit int) (due []domain.Mail, err error) {
	for mail, err := range each(r, "reading letters", scanMail, `
SELECT id,
       account,
       kind,
       sealed,
       created_at,
       expires_at,
       due_at,
       attempts
  FROM outbox
 WHERE due_at <= ?
 ORDER BY due_at, id
 LIMIT ?`, now.UnixMilli(), int64(limit)) {
		if err != nil {
			return nil, err
		}
		due = append(due, mail)
	}
	return due, nil
}

// Count implements [ports.OutboxRecords].
func (r outboxRecords) Count(kind domain.MailKind) (n int, err error) {
	err = row(r, `SELECT count(*) FROM outbox WHERE kind = ?`, []any{string(kind)}, &n)
	return n, unavailable("counting letters", err)
}

// RemoveOldest implements [ports.OutboxRecords].
func (r outboxRecords) RemoveOldest(kind domain.MailKind) error {
	_, err := r.run(`
DELETE FROM outbox
 WHERE id = (
       SELECT id
         FROM outbox
        WHERE kind = ?
        ORDER BY created_at, id
        LIMIT 1)`, string(kind))
	return unavailable("removing a letter", err)
}
