package sqlite

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// applicationID marks the file as Gatehouse's: "GATE" in ASCII.
const applicationID = 0x47415445

// versionSealed is the first in which audit events have seals.
const versionSealed = 2

// versionActors is the first in which audit events have the columns of their actor.
const versionActors = 10

// versionSignedEnd is the first with which audit.head is signed.
const versionSignedEnd = 9

// migrations returns the statements of each version in order. They are never edited once
// released.
func migrations() ([]string, error) {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var statements []string
	for _, name := range names {
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		statements = append(statements, string(text))
	}
	return statements, nil
}

// migrate brings the schema to the newest version, in one transaction. Where there is
// nothing to do, it waits for nobody who writes.
func migrate(c *connection) error {
	all, err := migrations()
	if err != nil {
		return err
	}
	if version, err := c.number("PRAGMA user_version"); err != nil || version == int64(len(all)) {
		return err
	}
	if err := c.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	defer func() { _ = c.exec("ROLLBACK") }() // fails, and may, after a commit
	version, err := c.number("PRAGMA user_version")
	if err != nil {
		return err
	}
	for number := version; number < int64(len(all)); number++ {
		if err := c.exec(all[number]); err != nil {
			return fmt.Errorf("migrating to version %d: %w", number+1, err)
		}
	}
	if version < versionSealed { // last, because events are written with the columns of today
		if err := sealOldEvents(c); err != nil {
			return err
		}
	}
	if version < int64(len(all)) {
		if err := c.exec(fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, len(all))); err != nil {
			return err
		}
	}
	return c.exec("COMMIT")
}
