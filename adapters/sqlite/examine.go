package sqlite

import (
	"context"
	"errors"
	"math"
	"strings"

	"gatehouse/domain"
	"gatehouse/ports"
)

// examine reads all of a database that nobody else has open, and whose trail must come as far as
// least. The sentences of what it refuses are about file, which that is a copy of or will become.
func (f *Files) examine(ctx context.Context, c *connection, file ports.BackupFile, least domain.AuditMark) (report ports.BackupReport, err error) {
	version, err := identify(c, file.Path)
	if err != nil {
		return report, err
	}
	if err := intact(ctx, c, file.Path); err != nil {
		return report, err
	}
	if report, err = count(c); err != nil {
		return report, refuse("%s is damaged: %w", file.Path, err)
	}
	if report.Staff > 0 {
		least.Sequence = max(least.Sequence, 1) // each of them came with an event
	}
	return report, f.examineSchema(ctx, c, file, version, least)
}

// examineSchema checks that what is in the schema belongs there, and, unless it may be
// broken, the trail and what guards it.
func (f *Files) examineSchema(ctx context.Context, c *connection, file ports.BackupFile, version int64, least domain.AuditMark) error {
	found, err := differences(c, version)
	switch {
	case err != nil:
		return unreadable(err, file.Path)
	case len(found.foreign) > 0:
		return refuse("%s is not as gatehouse makes it: %s: somebody has been at it", file.Path, strings.Join(found.foreign, ", "))
	case version < versionSealed || file.BrokenTrail:
		return nil
	}
	if err := f.followTrail(ctx, trailOf(c, version), file.Path, least); err != nil {
		return err
	}
	if len(found.guards) > 0 {
		return refuse("the audit trail in %s is whole, but no longer protected: %s: somebody has been at it: "+
			"find out who, or go on all the same with --broken-trail, of which a restore puts that right", file.Path, strings.Join(found.guards, ", "))
	}
	return nil
}

// identify returns the version of the schema, which this program knows.
func identify(c *connection, name string) (version int64, err error) {
	id, err := c.number("PRAGMA application_id")
	if err != nil {
		return 0, unreadable(err, name)
	}
	if version, err = c.number("PRAGMA user_version"); err != nil {
		return 0, unreadable(err, name)
	}
	known, err := migrations()
	switch {
	case err != nil:
		return 0, err
	case id != applicationID:
		return 0, refuse("%s is not a database of gatehouse", name)
	case version < 1:
		return 0, refuse("%s is damaged (schema %d)", name, version)
	case version > int64(len(known)):
		return 0, refuse("%s was written by a newer gatehouse (schema %d, this one knows %d): install that version",
			name, version, len(known))
	}
	return version, nil
}

func unreadable(err error, name string) error {
	if isDamaged(err) {
		return refuse("%s is damaged or not a database: %w", name, err)
	}
	return refuse("%s cannot be read: %w", name, err)
}

// intact has SQLite look at every page, row and index.
func intact(ctx context.Context, c *connection, name string) error {
	var verdict string
	err := c.conn.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return unreadable(err, name)
	case verdict != "ok":
		return refuse("%s is damaged (%s)", name, verdict)
	}
	return nil
}

func count(c *connection) (report ports.BackupReport, err error) {
	var newest storedTime
	err = row(c, `
SELECT (SELECT count(*) FROM staff),
       (SELECT count(*) FROM session),
       (SELECT count(*) FROM audit_event),
       (SELECT at FROM audit_event ORDER BY sequence DESC LIMIT 1)`, nil,
		&report.Staff, &report.Sessions, &report.Events, &newest)
	report.Newest = newest.Time
	return report, err
}

// followTrail checks the seal of every audit event, and that the last one is there.
func (f *Files) followTrail(ctx context.Context, trail ports.AuditRecords, name string, least domain.AuditMark) error {
	err := f.checkTrail(ctx, trail, least)
	if errors.Is(err, domain.ErrTrailBroken) {
		return refuse("the audit trail in %s is not as it was written, or audit.key is not the one it was sealed with: "+
			"put that back, or go on all the same with --broken-trail (%w)", name, err)
	}
	return err
}

func (f *Files) checkTrail(ctx context.Context, trail ports.AuditRecords, least domain.AuditMark) error {
	checkpoint, err := trail.Checkpoint()
	if err != nil {
		return err
	}
	check, err := domain.NewTrailCheck(f.config.AuditKey, checkpoint)
	if err != nil {
		return err
	}
	for event, err := range trail.Trail(math.MinInt64, math.MaxInt) {
		if err := errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		if err := check.Next(event); err != nil {
			return err
		}
	}
	return check.End(least)
}
