CREATE TABLE link (
    account    TEXT    NOT NULL PRIMARY KEY,             -- staff id, or keyed hash of an unknown address
    digest     TEXT    NOT NULL,                         -- SHA-256 of the token, '' once it is used
    purpose    TEXT    NOT NULL,                         -- reset or invitation
    email_key  TEXT    NOT NULL,                         -- the account's at the time
    version    INTEGER NOT NULL,                         -- its password's at the time
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    mailed     TEXT    NOT NULL                          -- when links were last asked for, newest first
) STRICT, WITHOUT ROWID;

CREATE INDEX link_by_expiry ON link (expires_at);

CREATE TABLE outbox (
    id         TEXT    NOT NULL PRIMARY KEY,             -- 32 hex digits: in the Message-ID
    account    TEXT    NOT NULL,                         -- as in link
    kind       TEXT    NOT NULL,
    sealed     BLOB    NOT NULL,                         -- the link's token, encrypted
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    due_at     INTEGER NOT NULL,                         -- when it is sent, or tried again
    attempts   INTEGER NOT NULL                          -- that have failed
) STRICT, WITHOUT ROWID;

CREATE INDEX outbox_by_time ON outbox (due_at);
