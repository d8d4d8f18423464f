package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// A schema is what each table, index, trigger and view, "trigger x", was made with.
type schema map[string]string

// Left out are tables of SQLite itself: what PRAGMA optimize has learned, and a counter of the
// first version, which VACUUM drops.
const selectSchema = `
SELECT type || ' ' || name, coalesce(sql, '')
  FROM sqlite_schema
 WHERE NOT (type = 'table' AND name IN ('sqlite_stat1', 'sqlite_stat4', 'sqlite_sequence'))`

// A difference is where a schema is not as the migrations make it: half a sentence each.
type difference struct {
	// foreign are things that do not belong there, or tables and indexes that are not as
	// they should be; guards are triggers of ours of which that is so.
	foreign, guards []string
}

// differences compares the schema with that of a version.
func differences(c access, version int64) (found difference, err error) {
	expected, err := schemaOf(version)
	if err != nil {
		return found, err
	}
	rows, err := c.rows(selectSchema)
	if err != nil {
		return found, err
	}
	actual, err := scanSchema(rows)
	if err != nil {
		return found, err
	}
	for name, text := range expected {
		if there, is := actual[name]; !is {
			found.add(name, name+" is missing")
		} else if there != text {
			found.add(name, name+" has been changed")
		}
	}
	for name := range actual {
		if _, ours := expected[name]; !ours {
			found.foreign = append(found.foreign, name+" does not belong there")
		}
	}
	slices.Sort(found.foreign)
	slices.Sort(found.guards)
	return found, nil
}

// add notes a problem with an object of our own schema.
func (d *difference) add(name, problem string) {
	if isTrigger(name) {
		d.guards = append(d.guards, problem)
	} else {
		d.foreign = append(d.foreign, problem)
	}
}

func isTrigger(name string) bool { return strings.HasPrefix(name, "trigger ") }

// schemas are those that [schemaOf] has made, by version. A version never changes.
var schemas sync.Map

// schemaOf returns the schema of a version. Callers share it and must not change it. It is made by running
// the migrations in memory, once in the life of the process, because that takes longer than a comparison.
func schemaOf(version int64) (schema, error) {
	if known, is := schemas.Load(version); is {
		return known.(schema), nil
	}
	made, err := makeSchema(version)
	if err == nil {
		schemas.Store(version, made)
	}
	return made, err
}

func makeSchema(version int64) (schema, error) {
	statements, err := migrations()
	if err != nil {
		return nil, err
	}
	pool, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	defer func() { _ = pool.Close() }()
	pool.SetMaxOpenConns(1) // each connection would have a database of its own
	for number, statement := range statements[:version] {
		if number+1 == versionSealed {
			statement += dropUnsealed
		}
		if _, err := pool.ExecContext(context.Background(), statement); err != nil {
			return nil, err
		}
	}
	rows, err := pool.QueryContext(context.Background(), selectSchema)
	if err != nil {
		return nil, err
	}
	return scanSchema(rows)
}

func scanSchema(rows *sql.Rows) (schema, error) {
	defer func() { _ = rows.Close() }()
	objects := schema{}
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			return nil, err
		}
		objects[name] = text
	}
	return objects, rows.Err()
}

// checkSchema refuses a database that has, or has not, what no version of this program makes
// so: a trigger that somebody has added could make anybody a superuser.
func checkSchema(c *connection, path string, version int64) error {
	found, err := differences(c, version)
	if err != nil {
		return explain(err, path)
	}
	if problems := append(found.foreign, found.guards...); len(problems) > 0 {
		return fmt.Errorf("%w: %s is not as gatehouse makes it (%s): somebody has been at it: keep a copy, find out who could write to it, and restore a backup",
			ErrFile, path, strings.Join(problems, ", "))
	}
	return nil
}

// mendGuards puts back the triggers of a version.
func mendGuards(c *connection, version int64) error {
	expected, err := schemaOf(version)
	if err != nil {
		return err
	}
	for name, text := range expected {
		if !isTrigger(name) {
			continue
		}
		if err := c.exec("DROP TRIGGER IF EXISTS " + strings.TrimPrefix(name, "trigger ") + "; " + text); err != nil {
			return err
		}
	}
	return nil
}
