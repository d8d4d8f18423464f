-- The events move, each with its seal, when the tables are there: see seal.go.
ALTER TABLE audit_event RENAME TO audit_event_unsealed;

DROP INDEX audit_event_of_staff;

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
) STRICT;

CREATE INDEX audit_event_of_staff ON audit_event (staff_id, sequence) WHERE staff_id <> '';

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

-- INSERT OR REPLACE removes what it replaces without asking the triggers for DELETE.
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
