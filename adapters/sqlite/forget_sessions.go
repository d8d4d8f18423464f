package sqlite

import "time"

// ForgetUnadopted implements [ports.SessionRecords].
func (r sessionRecords) ForgetUnadopted(before time.Time, limit int) (int, error) {
	removed, err := r.run(`
DELETE FROM session
 WHERE id IN (SELECT id FROM session WHERE expires_at < ? AND adopted_token IS NULL ORDER BY expires_at LIMIT ?)`,
		before.UnixMilli(), limit)
	return int(removed), unavailable("removing sessions", err)
}
