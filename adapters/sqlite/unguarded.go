package sqlite

import (
	"context"
	"database/sql"
	"slices"
)

// Unguarded implements [ports.AuditRecords]: it compares the triggers of the schema with
// those that the migrations make. One that does not belong there counts too, because it can
// drop events as they are written.
func (r auditRecords) Unguarded() (problems []string, err error) {
	expected, err := guardingTriggers()
	if err != nil {
		return nil, unavailable("making a schema to compare with", err)
	}
	rows, err := r.rows(selectTriggers)
	if err != nil {
		return nil, unavailable("reading the schema", err)
	}
	actual, err := scanTriggers(rows)
	if err != nil {
		return nil, unavailable("reading the schema", err)
	}
	for name, text := range expected {
		if found, there := actual[name]; !there {
			problems = append(problems, "trigger "+name+" is missing")
		} else if found != text {
			problems = append(problems, "trigger "+name+" has been changed")
		}
	}
	for name := range actual {
		if _, ours := expected[name]; !ours {
			problems = append(problems, "trigger "+name+" does not belong there")
		}
	}
	slices.Sort(problems)
	return problems, nil
}

const selectTriggers = `SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`

// guardingTriggers returns the triggers of the newest schema, by name.
func guardingTriggers() (map[string]string, error) {
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
	for _, statement := range statements {
		if _, err := pool.ExecContext(context.Background(), statement); err != nil {
			return nil, err
		}
	}
	rows, err := pool.QueryContext(context.Background(), selectTriggers)
	if err != nil {
		return nil, err
	}
	return scanTriggers(rows)
}

func scanTriggers(rows *sql.Rows) (map[string]string, error) {
	defer func() { _ = rows.Close() }()
	triggers := map[string]string{}
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			return nil, err
		}
		triggers[name] = text
	}
	return triggers, rows.Err()
}
