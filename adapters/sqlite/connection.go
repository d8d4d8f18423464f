package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"net/url"
	"strconv"
	"time"

	_ "modernc.org/sqlite" // registers the driver
)

// A connection is one SQLite connection with the statements that were prepared on it. It
// is used by one goroutine at a time.
//
// No statement is given a context that can end: the driver would interrupt the connection,
// and with it whatever else the transaction holds.
type connection struct {
	pool       *sql.DB // of this one connection
	conn       *sql.Conn
	statements map[string]*sql.Stmt
	// Statements that change something go to the driver without a detour, which would cost
	// a tenth as much again as they do.
	driver  driver.ConnPrepareContext
	changes map[string]driver.StmtExecContext
	args    []driver.NamedValue
	trail   trailEnd // of a connection that writes
	// patience is how long a connection that writes in batches waits for other processes.
	patience time.Duration
}

// An access is all that records can do with a connection. What a View does with it is up to
// the connection itself; an update has its own, see [change].
type access interface {
	// run runs a statement that changes something, and returns how many rows it changed.
	run(statement string, args ...any) (int64, error)
	// first and rows read.
	first(query string, args ...any) (*sql.Row, error)
	rows(query string, args ...any) (*sql.Rows, error)
	// end is where the audit trail goes on.
	end() (*trailEnd, error)
}

var (
	_ access = (*connection)(nil)
	_ access = change{}
)

// openConnection opens the file, which must exist, and applies the settings that every
// connection has.
func openConnection(path string, busy time.Duration, pragmas ...string) (*connection, error) {
	if err := checkOwnFiles(path); err != nil {
		return nil, err
	}
	query := url.Values{"mode": {"rw"}, "_pragma": append([]string{
		"busy_timeout(" + strconv.FormatInt(busy.Milliseconds(), 10) + ")",
		"foreign_keys(1)",
		"trusted_schema(0)",
		"cell_size_check(1)",
	}, pragmas...)}
	location := url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}
	pool, err := sql.Open("sqlite", location.String())
	if err != nil {
		return nil, err
	}
	conn, err := pool.Conn(context.Background())
	if err != nil {
		_ = pool.Close()
		return nil, err
	}
	c := &connection{pool: pool, conn: conn, statements: map[string]*sql.Stmt{}, changes: map[string]driver.StmtExecContext{}}
	err = conn.Raw(func(own any) error {
		c.driver = own.(driver.ConnPrepareContext) // it stays ours as long as conn does
		return nil
	})
	return c, err
}

func (c *connection) close() error {
	for _, statement := range c.statements {
		_ = statement.Close()
	}
	for _, statement := range c.changes {
		_ = statement.(driver.Stmt).Close()
	}
	_ = c.conn.Close()
	return c.pool.Close()
}

// exec runs statements that take no arguments and are not worth preparing.
func (c *connection) exec(statements string) error {
	_, err := c.conn.ExecContext(context.Background(), statements)
	return err
}

func (c *connection) number(query string) (n int64, err error) {
	err = c.conn.QueryRowContext(context.Background(), query).Scan(&n)
	return n, err
}

// run runs a statement that changes something, and returns how many rows it changed. The
// arguments are int64, string, []byte, bool or nil.
func (c *connection) run(statement string, args ...any) (int64, error) {
	prepared, err := c.prepareChange(statement)
	if err != nil {
		return 0, err
	}
	c.args = c.args[:0]
	for i, arg := range args {
		c.args = append(c.args, driver.NamedValue{Ordinal: i + 1, Value: arg})
	}
	result, err := prepared.ExecContext(context.Background(), c.args)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (c *connection) prepareChange(statement string) (driver.StmtExecContext, error) {
	if prepared, ok := c.changes[statement]; ok {
		return prepared, nil
	}
	prepared, err := c.driver.PrepareContext(context.Background(), statement)
	if err != nil {
		return nil, err
	}
	c.changes[statement] = prepared.(driver.StmtExecContext)
	return c.changes[statement], nil
}

// first reads the first row.
func (c *connection) first(query string, args ...any) (*sql.Row, error) {
	prepared, err := c.prepare(query)
	if err != nil {
		return nil, err
	}
	return prepared.QueryRowContext(context.Background(), args...), nil
}

// row scans the first row. The error of a query without one is [sql.ErrNoRows].
func row(c access, query string, args []any, into ...any) error {
	found, err := c.first(query, args...)
	if err != nil {
		return err
	}
	return found.Scan(into...)
}

// rows reads many. The caller closes them.
func (c *connection) rows(query string, args ...any) (*sql.Rows, error) {
	prepared, err := c.prepare(query)
	if err != nil {
		return nil, err
	}
	return prepared.QueryContext(context.Background(), args...)
}

func (c *connection) prepare(statement string) (*sql.Stmt, error) {
	if prepared, ok := c.statements[statement]; ok {
		return prepared, nil
	}
	prepared, err := c.conn.PrepareContext(context.Background(), statement)
	if err != nil {
		return nil, err
	}
	c.statements[statement] = prepared
	return prepared, nil
}
