-- The access token of a session's last renewal in passing, which is handed out again for a minute.
ALTER TABLE session ADD COLUMN renewed_token /* its jti */ TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN renewed_at INTEGER;
