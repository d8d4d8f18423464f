package sqlite

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"gatehouse/ports"
)

// upkeepBusyTimeout is how long upkeep waits for a writer. It is short because upkeep can be
// done at another time.
const upkeepBusyTimeout = 100 * time.Millisecond

// An analysis counts every index of its table, whatever PRAGMA analysis_limit says, and holds
// up who writes meanwhile: two to three milliseconds for analyzedRows. A table with more has
// been analyzed when it had fewer, and of what it has learned only the numbers have changed
// since, not how many rows a person or a token has.
const (
	analysisLimit = "PRAGMA analysis_limit = 400"
	analyzedRows  = 20_000
)

// An upkeep works on connections of its own, one at a time, which are opened for each
// occasion: it is done rarely, and holds up neither who reads nor who writes.
type upkeep struct {
	path   string
	config Config

	mu sync.Mutex
	// logged and moved are how many pages the write-ahead log had at the last checkpoint,
	// and how many of them were in the database after it.
	logged, moved int
}

var _ ports.Upkeep = (*DB)(nil)

// maintain runs work on a connection like the writer's.
func (db *DB) maintain(ctx context.Context, doing string, work func(*connection) error) error {
	db.upkeep.mu.Lock()
	defer db.upkeep.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := db.watch.check(); err != nil {
		return unavailable(doing, err)
	}
	config := db.upkeep.config
	config.BusyTimeout = upkeepBusyTimeout
	c, err := connectWriter(db.upkeep.path, config)
	if err != nil {
		return unavailable(doing, err)
	}
	defer func() { _ = c.close() }()
	err = work(c)
	db.watch.note(err)
	return unavailable(doing, err)
}

// Checkpoint implements [ports.Upkeep]. A passive checkpoint waits for nobody, and nobody
// for it (https://www.sqlite.org/c3ref/wal_checkpoint_v2.html).
func (db *DB) Checkpoint(ctx context.Context) (pages int, err error) {
	err = db.maintain(ctx, "moving the write-ahead log", func(c *connection) error {
		var busy, logged, moved int
		if err := row(c, "PRAGMA wal_checkpoint(PASSIVE)", nil, &busy, &logged, &moved); err != nil {
			return err
		}
		pages = db.upkeep.advance(logged, moved)
		return nil
	})
	return pages, err
}

// advance returns how many pages have been moved since it was last called. A log that has
// become shorter was begun anew.
func (u *upkeep) advance(logged, moved int) int {
	before := u.moved
	if logged < u.logged || moved < u.moved {
		before = 0
	}
	u.logged, u.moved = logged, moved
	return moved - before
}

// Optimize implements [ports.Upkeep]. It asks on a connection of its own what is to be
// looked over, and does so table by table in updates: to wait for its turn among them is
// fairer than to fight for the lock.
func (db *DB) Optimize(ctx context.Context) (tables int, err error) {
	statements, err := db.dueAnalyses(ctx)
	if err != nil {
		return 0, err
	}
	for _, analyze := range statements {
		err := db.Update(ctx, func(r ports.Records) error {
			c := r.(*batch)
			if _, err := c.run(analysisLimit); err != nil {
				return unavailable("limiting the analysis", err)
			}
			_, err := c.run(analyze)
			return unavailable("analyzing a table", err)
		})
		if err != nil {
			return tables, err
		}
		tables++
	}
	return tables, nil
}

// analyzed are the tables that grow. The others have a row or two, and one without any would
// be due each time.
var analyzed = []string{"staff", "session", "staff_import", "audit_event"}

// dueAnalyses returns the statements that PRAGMA optimize would run: with bit 0 it only tells
// which (https://www.sqlite.org/pragma.html#pragma_optimize).
func (db *DB) dueAnalyses(ctx context.Context) (due []string, err error) {
	err = db.maintain(ctx, "looking for tables to analyze", func(c *connection) error {
		var told []string
		for statement, err := range each(c, "asking what is due", scanText, "PRAGMA optimize(-1)") {
			if err != nil {
				return err
			}
			told = append(told, statement)
		}
		for _, table := range analyzed {
			statement := `ANALYZE "main"."` + table + `"`
			if !slices.Contains(told, statement) {
				continue
			}
			many, err := c.number("SELECT count(*) FROM (SELECT 1 FROM " + table + " LIMIT " + strconv.Itoa(analyzedRows+1) + ")")
			if err != nil {
				return err
			}
			if many <= analyzedRows {
				due = append(due, statement)
			}
		}
		return nil
	})
	return due, err
}

func scanText(row scanner) (text string, err error) {
	err = row.Scan(&text)
	return text, err
}

// Note implements [ports.Upkeep].
func (db *DB) Note(ctx context.Context, run ports.HousekeepingRun) error {
	return db.Update(ctx, func(r ports.Records) error {
		_, err := r.(*batch).run(`
INSERT INTO housekeeping (task, ran_at, took, removed)
VALUES (?, ?, ?, ?)
ON CONFLICT (task) DO UPDATE SET
       ran_at  = excluded.ran_at,
       took    = excluded.took,
       removed = excluded.removed`,
			string(run.Task), run.At.UnixMilli(), run.Took.Microseconds(), int64(run.Removed))
		return unavailable("noting a run of housekeeping", err)
	})
}
