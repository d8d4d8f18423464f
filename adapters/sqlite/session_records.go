package sqlite

import (
	"database/sql"
	"net/netip"
	"time"

	"gatehouse/domain"
)

type sessionRecords struct{ access }

const selectSession = `
SELECT id,
       staff_id,
       adopted_token,
       generation,
       created_at,
       last_used_at,
       expires_at,
       ended_at,
       end_reason,
       address,
       user_agent,
       current_token,
       rotated_at,
       last_address,
       opened_in,
       shared_secret,
       renewed_token,
       renewed_at
  FROM session`

func scanSession(row scanner) (session domain.Session, err error) {
	var adopted sql.NullString
	var address, last string
	var created, used, expires, ended, rotated, renewed storedTime
	err = row.Scan(
		&session.ID, &session.StaffID, &adopted, &session.Generation,
		&created, &used, &expires, &ended, &session.EndReason, &address, &session.UserAgent,
		&session.CurrentToken, &rotated, &last, &session.OpenedIn, &session.SharedSecret,
		&session.RenewedToken, &renewed,
	)
	session.AdoptedToken = domain.TokenID(adopted.String)
	session.CreatedAt, session.LastUsedAt = created.Time, used.Time
	session.ExpiresAt, session.EndedAt = expires.Time, ended.Time
	session.RotatedAt, session.RenewedAt = rotated.Time, renewed.Time
	session.Address, session.LastAddress = storedAddress(address), storedAddress(last)
	return session, err
}

func (r sessionRecords) one(query string, args ...any) (domain.Session, error) {
	session, err := scanFirst(r, scanSession, query, args...)
	if err != nil {
		return domain.Session{}, absent(domain.ErrSessionNotFound, "reading a session", err)
	}
	return session, nil
}

// ByID implements [ports.SessionRecords].
func (r sessionRecords) ByID(id domain.SessionID) (domain.Session, error) {
	return r.one(selectSession+` WHERE id = ?`, string(id))
}

// ByAdoptedToken implements [ports.SessionRecords].
func (r sessionRecords) ByAdoptedToken(staff domain.StaffID, token domain.TokenID) (domain.Session, error) {
	return r.one(selectSession+` WHERE staff_id = ? AND adopted_token = ?`, string(staff), nullable(string(token)))
}

// OfStaff implements [ports.SessionRecords].
func (r sessionRecords) OfStaff(staff domain.StaffID) (found []domain.Session, err error) {
	for session, err := range each(r, "reading sessions", scanSession,
		selectSession+` WHERE staff_id = ? AND ended_at IS NULL ORDER BY created_at, id`, string(staff)) {
		if err != nil {
			return nil, err
		}
		found = append(found, session)
	}
	return found, nil
}

// SignedInFrom implements [ports.SessionRecords].
func (r sessionRecords) SignedInFrom(staff domain.StaffID, from netip.Addr, userAgent string) (found bool, err error) {
	err = row(r, `SELECT EXISTS (SELECT 1 FROM session WHERE staff_id = ? AND address = ? AND user_agent = ?)`,
		[]any{string(staff), address(from), userAgent}, &found)
	return found, unavailable("looking for a session", err)
}

// asStored returns the session as it is read again: with times in UTC, to the millisecond.
func asStored(session domain.Session) domain.Session {
	for _, at := range []*time.Time{
		&session.RotatedAt, &session.RenewedAt, &session.CreatedAt, &session.LastUsedAt, &session.ExpiresAt, &session.EndedAt,
	} {
		*at = time.UnixMilli(at.UnixMilli()).UTC()
	}
	return session
}

// onlyUsed reports whether nothing has changed but what update stores.
func onlyUsed(before, after domain.Session) bool {
	before.Generation, before.CurrentToken, before.RotatedAt = after.Generation, after.CurrentToken, after.RotatedAt
	before.LastUsedAt, before.LastAddress, before.OpenedIn = after.LastUsedAt, after.LastAddress, after.OpenedIn
	before.RenewedToken, before.RenewedAt = after.RenewedToken, after.RenewedAt
	if after.Over() {
		before.EndedAt, before.EndReason = after.EndedAt, after.EndReason
	}
	return before == after
}

// update stores what changes in the life of a session, see [onlyUsed]. While it is running,
// what the index of sessions by their end is made of is left alone.
func (r sessionRecords) update(session domain.Session) error {
	args := []any{
		string(session.ID), session.Generation, string(session.CurrentToken), session.RotatedAt.UnixMilli(),
		session.LastUsedAt.UnixMilli(), address(session.LastAddress), string(session.OpenedIn),
		string(session.RenewedToken), millis(session.RenewedAt),
	}
	statement := updateRunning
	if session.Over() {
		statement, args = updateEnded, append(args, millis(session.EndedAt), string(session.EndReason))
	}
	changed, err := r.run(statement, args...)
	if err == nil && changed == 0 {
		err = errVanished
	}
	return unavailable("storing a session", err)
}

const (
	updateSession = `
UPDATE session
   SET generation    = ?2,
       current_token = ?3,
       rotated_at    = ?4,
       last_used_at  = ?5,
       last_address  = ?6,
       opened_in     = ?7,
       renewed_token = ?8,
       renewed_at    = ?9`
	updateRunning = updateSession + `
 WHERE id = ?1`
	updateEnded = updateSession + `,
       ended_at      = ?10,
       end_reason    = ?11
 WHERE id = ?1`
)

// Save implements [ports.SessionRecords].
func (r sessionRecords) Save(session domain.Session) error {
	_, err := r.run(`
INSERT INTO session (
       id,
       staff_id,
       adopted_token,
       generation,
       current_token,
       rotated_at,
       created_at,
       last_used_at,
       expires_at,
       ended_at,
       end_reason,
       address,
       user_agent,
       last_address,
       opened_in,
       shared_secret,
       renewed_token,
       renewed_at
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
       staff_id      = excluded.staff_id,
       adopted_token = excluded.adopted_token,
       generation    = excluded.generation,
       current_token = excluded.current_token,
       rotated_at    = excluded.rotated_at,
       created_at    = excluded.created_at,
       last_used_at  = excluded.last_used_at,
       expires_at    = excluded.expires_at,
       ended_at      = excluded.ended_at,
       end_reason    = excluded.end_reason,
       address       = excluded.address,
       user_agent    = excluded.user_agent,
       last_address  = excluded.last_address,
       opened_in     = excluded.opened_in,
       shared_secret = excluded.shared_secret,
       renewed_token = excluded.renewed_token,
       renewed_at    = excluded.renewed_at`,
		string(session.ID), string(session.StaffID), nullable(string(session.AdoptedToken)),
		session.Generation, string(session.CurrentToken), session.RotatedAt.UnixMilli(),
		session.CreatedAt.UnixMilli(), session.LastUsedAt.UnixMilli(), session.ExpiresAt.UnixMilli(), millis(session.EndedAt),
		string(session.EndReason), address(session.Address), session.UserAgent, address(session.LastAddress), string(session.OpenedIn),
		session.SharedSecret, string(session.RenewedToken), millis(session.RenewedAt),
	)
	return unavailable("storing a session", err)
}

// EndAll implements [ports.SessionRecords].
func (r sessionRecords) EndAll(staff domain.StaffID, reason domain.EndReason, now time.Time) (int, error) {
	ended, err := r.run(`
UPDATE session
   SET ended_at   = ?,
       end_reason = ?
 WHERE staff_id = ?
   AND ended_at IS NULL`, millis(now), string(reason), string(staff))
	return int(ended), unavailable("ending sessions", err)
}

// EndEvery implements [ports.SessionRecords].
func (r sessionRecords) EndEvery(reason domain.EndReason, now time.Time) (int, error) {
	if _, err := r.run(`UPDATE staff SET sessions_ended_at = ?`, millis(now)); err != nil {
		return 0, unavailable("ending sessions", err)
	}
	ended, err := r.run(`
UPDATE session
   SET ended_at   = ?,
       end_reason = ?
 WHERE ended_at IS NULL`, millis(now), string(reason))
	return int(ended), unavailable("ending sessions", err)
}

// Forget implements [ports.SessionRecords].
func (r sessionRecords) Forget(before, adopted time.Time, limit int) (int, error) {
	removed, err := r.run(`
DELETE FROM session
 WHERE id IN (SELECT id
                FROM session
               WHERE expires_at < ?
                 AND (adopted_token IS NULL OR expires_at < ?)
               ORDER BY expires_at
               LIMIT ?)`, before.UnixMilli(), adopted.UnixMilli(), int64(limit))
	return int(removed), unavailable("removing sessions", err)
}
