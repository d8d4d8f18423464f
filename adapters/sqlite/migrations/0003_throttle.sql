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
