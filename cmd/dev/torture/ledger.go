package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // registers the driver

	"gatehouse/adapters/sqlite"
)

// openLedger opens the house's database for reading alone. It must be closed again before
// a server is killed: a connection that stays spares the next one the recovery.
func (h *house) openLedger() (*sql.DB, error) {
	location := url.URL{Scheme: "file", Path: filepath.Join(h.data, sqlite.FileName),
		RawQuery: url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(10000)"}}.Encode()}
	db, err := sql.Open("sqlite", location.String())
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return db, err
}

// A row is a session as it is stored.
type row struct {
	id, staff  string
	generation int64
	ended      bool
}

// An entry is a line of the audit trail.
type entry struct {
	sequence                                         int64
	kind, outcome, reason, staff, session, requestID string
}

// A reading is what the database says, all of it at one moment.
type reading struct {
	entries []entry // after the last reading
	// sessions are those that run, and those that ended lately.
	sessions map[string]row
	versions map[string]int64 // of passwords, by the id of the person
}

// read reads what is new after the sequence and the moment.
func read(ctx context.Context, db *sql.DB, after int64, since time.Time) (r reading, err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return r, err
	}
	defer func() { _ = tx.Rollback() }()
	r = reading{sessions: map[string]row{}, versions: map[string]int64{}}
	if err := each(ctx, tx, func(rows *sql.Rows) error {
		var e entry
		err := rows.Scan(&e.sequence, &e.kind, &e.outcome, &e.reason, &e.staff, &e.session, &e.requestID)
		r.entries = append(r.entries, e)
		return err
	}, `SELECT sequence, kind, outcome, reason, staff_id, session_id, request_id
	      FROM audit_event WHERE sequence > ? ORDER BY sequence`, after); err != nil {
		return r, err
	}
	if err := each(ctx, tx, func(rows *sql.Rows) error {
		var s row
		err := rows.Scan(&s.id, &s.staff, &s.generation, &s.ended)
		r.sessions[s.id] = s
		return err
	}, `SELECT id, staff_id, generation, ended_at IS NOT NULL
	      FROM session WHERE ended_at IS NULL OR ended_at >= ?`, since.UnixMilli()); err != nil {
		return r, err
	}
	return r, each(ctx, tx, func(rows *sql.Rows) error {
		var id string
		var version int64
		err := rows.Scan(&id, &version)
		r.versions[id] = version
		return err
	}, `SELECT id, password_version FROM staff`)
}

func each(ctx context.Context, tx *sql.Tx, scan func(*sql.Rows) error, query string, args ...any) error {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// checkIntegrity has SQLite read the whole file through.
func checkIntegrity(ctx context.Context, db *sql.DB) error {
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("integrity_check: %s", verdict)
	}
	return nil
}
