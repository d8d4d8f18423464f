CREATE TABLE staff (
    id                     TEXT    NOT NULL PRIMARY KEY, -- UUID, lower case
    email                  TEXT    NOT NULL,             -- as the shop writes it
    email_key              TEXT    NOT NULL UNIQUE,      -- as addresses are compared
    first_name             TEXT    NOT NULL,
    last_name              TEXT    NOT NULL,
    preferred_name         TEXT,
    is_active              INTEGER NOT NULL,
    is_office_staff        INTEGER NOT NULL,
    is_workshop_staff      INTEGER NOT NULL,
    is_superuser           INTEGER NOT NULL,
    date_left              TEXT,                         -- YYYY-MM-DD in the shop's time zone
    password               TEXT    NOT NULL,             -- in Django's spelling
    password_usable        INTEGER NOT NULL,
    password_needs_reset   INTEGER NOT NULL,
    password_version       INTEGER NOT NULL,
    password_changed_at    INTEGER,
    sessions_ended_at      INTEGER,
    created_at             INTEGER NOT NULL,
    updated_at             INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX staff_with_password ON staff (id) WHERE password_usable;

CREATE TABLE session (
    id            TEXT    NOT NULL PRIMARY KEY,          -- 32 hex digits: the sid claim
    staff_id      TEXT    NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    adopted_token TEXT,                                  -- jti of a token of the shop's Django
    generation    INTEGER NOT NULL,                      -- of the current refresh token
    current_token TEXT    NOT NULL,                      -- its jti
    rotated_at    INTEGER NOT NULL,                      -- when it became the current one
    created_at    INTEGER NOT NULL,
    last_used_at  INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    ended_at      INTEGER,
    end_reason    TEXT    NOT NULL,
    address       TEXT    NOT NULL,                      -- of the sign-in
    user_agent    TEXT    NOT NULL,
    last_address  TEXT    NOT NULL                       -- of the last use
, opened_in TEXT NOT NULL DEFAULT '', shared_secret /* signed when it was opened */ INTEGER NOT NULL DEFAULT 0, renewed_token /* its jti */ TEXT NOT NULL DEFAULT '', renewed_at INTEGER) STRICT, WITHOUT ROWID;

CREATE INDEX session_of_staff ON session (staff_id);

CREATE UNIQUE INDEX session_of_adopted_token ON session (staff_id, adopted_token) WHERE adopted_token IS NOT NULL;

CREATE TABLE staff_import (
    staff_id        TEXT    NOT NULL PRIMARY KEY REFERENCES staff (id) ON DELETE CASCADE,
    profile         TEXT    NOT NULL,                    -- JSON
    needs_reset     INTEGER NOT NULL,
    password_digest TEXT    NOT NULL                     -- SHA-256 of the hash that came
) STRICT, WITHOUT ROWID;

CREATE TABLE probe (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    n  INTEGER NOT NULL                                  -- counts trial writes
) STRICT;

CREATE TABLE audit_event (
    sequence         INTEGER PRIMARY KEY,                -- without a gap
    at               INTEGER NOT NULL,
    kind             TEXT    NOT NULL,
    outcome          TEXT    NOT NULL,
    reason           TEXT    NOT NULL,
    staff_id         TEXT    NOT NULL,                   -- '' when nobody is known
    subject          TEXT    NOT NULL,                   -- keyed hash of an unknown address
    session_id       TEXT    NOT NULL,
    address          TEXT    NOT NULL,
    user_agent       TEXT    NOT NULL,
    request_id       TEXT    NOT NULL,
    operator         TEXT    NOT NULL,
    previous_address TEXT    NOT NULL,                   -- of the session, when its token was replayed
    seal             BLOB    NOT NULL                    -- HMAC over the seal before it and this event
, actor TEXT NOT NULL DEFAULT '', actor_id /* of a colleague */ TEXT NOT NULL DEFAULT '') STRICT;

CREATE TABLE audit_checkpoint (
    id         INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    sequence   INTEGER NOT NULL,                         -- of the last event that was removed
    seal       BLOB    NOT NULL,                         -- its seal
    at         INTEGER NOT NULL,                         -- when it happened
    removed_at INTEGER NOT NULL,
    signature  BLOB    NOT NULL                          -- HMAC over the above
) STRICT;

CREATE TRIGGER audit_event_is_never_changed BEFORE UPDATE ON audit_event
BEGIN
    SELECT RAISE(ABORT, 'an audit event cannot be changed');
END;

CREATE TRIGGER audit_event_is_never_deleted BEFORE DELETE ON audit_event
WHEN OLD.sequence > coalesce((SELECT sequence FROM audit_checkpoint), 0)
BEGIN
    SELECT RAISE(ABORT, 'an audit event cannot be deleted before retention has sealed it');
END;

CREATE TRIGGER audit_event_is_only_appended BEFORE INSERT ON audit_event
WHEN NEW.sequence <= (SELECT max(sequence) FROM audit_event)
BEGIN
    SELECT RAISE(ABORT, 'an audit event can only be added at the end');
END;

CREATE TRIGGER audit_checkpoint_is_never_replaced BEFORE INSERT ON audit_checkpoint
WHEN NEW.sequence <= (SELECT max(sequence) FROM audit_checkpoint)
BEGIN
    SELECT RAISE(ABORT, 'an audit checkpoint only goes forward');
END;

CREATE TRIGGER audit_checkpoint_goes_forward BEFORE UPDATE ON audit_checkpoint
WHEN NEW.sequence <= OLD.sequence
BEGIN
    SELECT RAISE(ABORT, 'an audit checkpoint only goes forward');
END;

CREATE TRIGGER audit_checkpoint_is_never_deleted BEFORE DELETE ON audit_checkpoint
BEGIN
    SELECT RAISE(ABORT, 'an audit checkpoint cannot be deleted');
END;

CREATE TABLE housekeeping (
    task    TEXT    NOT NULL PRIMARY KEY,
    ran_at  INTEGER NOT NULL,                            -- when it last ran
    took    INTEGER NOT NULL,                            -- microseconds
    removed INTEGER NOT NULL                             -- rows, that time
) STRICT, WITHOUT ROWID;

CREATE INDEX session_by_expiry ON session (expires_at, ended_at, adopted_token);

CREATE TABLE throttle (
    account    TEXT    NOT NULL,                         -- staff id or keyed hash; '' for a network
    kind       TEXT    NOT NULL,                         -- account, place, device or network
    place      TEXT    NOT NULL,                         -- the network or the device
    failures   INTEGER NOT NULL,                         -- in a row
    since      INTEGER,                                  -- the first of them
    last_at    INTEGER,                                  -- the newest
    pending    INTEGER NOT NULL,                         -- attempts that are being compared
    pending_at INTEGER,
    audited_at INTEGER,                                  -- when a refusal was last in the trail
    used_at    INTEGER NOT NULL,                         -- when it last counted something
    PRIMARY KEY (account, kind, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX throttle_by_use ON throttle (kind, used_at);

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

CREATE TABLE deletion (
    staff_id TEXT    NOT NULL PRIMARY KEY,               -- of an account that was deleted
    at       INTEGER NOT NULL,                           -- its sign-ins until then are over
    version  INTEGER NOT NULL                            -- of its first password, if it comes back
) STRICT, WITHOUT ROWID;

