package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"strconv"
	"time"

	"gatehouse/ports"
)

// Report implements [ports.Upkeep].
func (db *DB) Report(ctx context.Context, now time.Time) (report ports.StoreReport, err error) {
	err = db.maintain(ctx, "describing the database", func(c *connection) (err error) {
		report, err = describe(c, db.upkeep.path, now)
		return err
	})
	return report, err
}

// describe asks everything in one transaction. The sizes of the files are those of a moment
// later.
func describe(c *connection, path string, now time.Time) (report ports.StoreReport, err error) {
	report.File = path
	if err := row(c, "SELECT 'SQLite ' || sqlite_version()", nil, &report.Engine); err != nil {
		return report, err
	}
	if err := describeSettings(c, &report); err != nil {
		return report, err
	}
	if err := c.exec("BEGIN"); err != nil {
		return report, err
	}
	defer func() { _ = c.exec("ROLLBACK") }()
	for _, part := range []func() error{
		func() error { return describePages(c, &report) },
		func() error { return describePeople(c, &report, now) },
		func() error { return describeTrail(c, &report) },
		func() error { return describeRuns(c, &report) },
		func() (err error) { report.Size, err = sizeOf(path); return err },
		func() (err error) { report.LogSize, err = sizeOf(path + "-wal"); return err },
	} {
		if err := part(); err != nil {
			return report, err
		}
	}
	return report, nil
}

// sizeOf is zero where there is no file.
func sizeOf(path string) (int64, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func describeSettings(c *connection, report *ports.StoreReport) error {
	if err := row(c, "PRAGMA journal_mode", nil, &report.JournalMode); err != nil {
		return err
	}
	synchronous, err := c.number("PRAGMA synchronous")
	report.Synchronous = synchronousNames[synchronous]
	if report.Synchronous == "" {
		report.Synchronous = strconv.FormatInt(synchronous, 10)
	}
	return err
}

// https://www.sqlite.org/pragma.html#pragma_synchronous
var synchronousNames = map[int64]string{0: "off", 1: "normal", 2: "full", 3: "extra"}

func describePages(c *connection, report *ports.StoreReport) error {
	var schema int64
	for pragma, into := range map[string]*int64{
		"PRAGMA page_size": &report.PageSize, "PRAGMA freelist_count": &report.FreePages, "PRAGMA user_version": &schema,
	} {
		n, err := c.number(pragma)
		if err != nil {
			return err
		}
		*into = n
	}
	report.Schema = int(schema)
	return nil
}

func describePeople(c *connection, report *ports.StoreReport, now time.Time) error {
	var sessions int
	for _, count := range []struct {
		query string
		args  []any
		into  *int
	}{
		{"SELECT count(*) FROM staff", nil, &report.Staff},
		{"SELECT count(*) FROM outbox", nil, &report.Outbox},
		{"SELECT count(*) FROM session", nil, &sessions},
		{"SELECT count(*) FROM session WHERE expires_at > ? AND ended_at IS NULL", []any{now.UnixMilli()}, &report.Running},
	} {
		if err := row(c, count.query, count.args, count.into); err != nil {
			return err
		}
	}
	report.Over = sessions - report.Running
	return nil
}

// describeTrail looks at both ends only: there are no gaps to count around.
func describeTrail(c *connection, report *ports.StoreReport) (err error) {
	for order, into := range map[string]*ports.AuditMoment{"ASC": &report.First, "DESC": &report.Last} {
		var at storedTime
		err := row(c, "SELECT sequence, at FROM audit_event ORDER BY sequence "+order+" LIMIT 1", nil, &into.Sequence, &at)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		into.At = at.Time
	}
	report.Checkpoint, err = auditRecords{c}.Checkpoint()
	return err
}

func describeRuns(c *connection, report *ports.StoreReport) error {
	for run, err := range each(c, "reading the runs of housekeeping", scanRun,
		"SELECT task, ran_at, took, removed FROM housekeeping ORDER BY task") {
		if err != nil {
			return err
		}
		report.Runs = append(report.Runs, run)
	}
	return nil
}

func scanRun(row scanner) (run ports.HousekeepingRun, err error) {
	var at storedTime
	var took int64
	err = row.Scan(&run.Task, &at, &took, &run.Removed)
	run.At, run.Took = at.Time, time.Duration(took)*time.Microsecond
	return run, err
}
