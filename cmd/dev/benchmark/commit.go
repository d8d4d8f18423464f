package main

import (
	"context"
	"database/sql"
	"net/url"
	"path/filepath"

	_ "modernc.org/sqlite" // registers the driver
)

// A ledger is a database with rows about as long as those that a refresh writes.
type ledger struct {
	db             *sql.DB
	conn           *sql.Conn
	update, insert *sql.Stmt
	n              int
}

const ledgerSchema = `
CREATE TABLE session (id TEXT NOT NULL PRIMARY KEY, used_at INTEGER NOT NULL, agent TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE event (sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, text TEXT NOT NULL) STRICT;
INSERT INTO session VALUES ('session', 0, hex(zeroblob(100)));`

// openLedger makes one in a folder on the disk that is measured.
func openLedger(ctx context.Context, dir string) (l *ledger, err error) {
	query := url.Values{"_pragma": {"journal_mode(WAL)", "synchronous(FULL)"}}
	location := url.URL{Scheme: "file", Path: filepath.Join(dir, "ledger.sqlite3"), RawQuery: query.Encode()}
	l = &ledger{}
	if l.db, err = sql.Open("sqlite", location.String()); err != nil {
		return nil, err
	}
	if err := l.prepare(ctx); err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

func (l *ledger) prepare(ctx context.Context) (err error) {
	if l.conn, err = l.db.Conn(ctx); err != nil {
		return err
	}
	if _, err = l.conn.ExecContext(ctx, ledgerSchema); err != nil {
		return err
	}
	if l.update, err = l.conn.PrepareContext(ctx, "UPDATE session SET used_at = ? WHERE id = 'session'"); err != nil {
		return err
	}
	l.insert, err = l.conn.PrepareContext(ctx, "INSERT INTO event (at, text) VALUES (?, hex(zeroblob(100)))")
	return err
}

// commit changes one row, adds one, and has both on the disk when it returns.
func (l *ledger) commit() error {
	l.n++
	tx, err := l.conn.BeginTx(context.Background(), nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	for _, statement := range []*sql.Stmt{l.update, l.insert} {
		if _, err := tx.Stmt(statement).Exec(l.n); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func (l *ledger) close() { _ = l.db.Close() }
