CREATE TABLE deletion (
    staff_id TEXT    NOT NULL PRIMARY KEY,               -- of an account that was deleted
    at       INTEGER NOT NULL,                           -- its sign-ins until then are over
    version  INTEGER NOT NULL                            -- of its first password, if it comes back
) STRICT, WITHOUT ROWID;

-- Who was deleted before this table was there is known from the audit trail. Who has come back
-- since may have been signed in by something from before.
INSERT INTO deletion
SELECT staff_id, max(at), 1
  FROM audit_event
 WHERE kind = 'staff_delete' AND outcome = 'success' AND staff_id <> ''
 GROUP BY staff_id;

UPDATE staff
   SET sessions_ended_at = max(coalesce(sessions_ended_at, 0), deletion.at)
  FROM deletion
 WHERE deletion.staff_id = staff.id;

-- A session that was made for a token of the shop's Django does not say when the token was issued.
UPDATE session
   SET ended_at   = last_used_at,
       end_reason = 'ended_before_adoption'
 WHERE ended_at IS NULL
   AND adopted_token IS NOT NULL
   AND staff_id IN (SELECT staff_id FROM deletion);

DELETE FROM link
 WHERE EXISTS (SELECT 1 FROM deletion WHERE staff_id = link.account AND at >= link.created_at);

DELETE FROM outbox
 WHERE EXISTS (SELECT 1 FROM deletion WHERE staff_id = outbox.account AND at >= outbox.created_at);
