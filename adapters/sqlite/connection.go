package sqlite

import (
	"context"
	"database/sql"
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
	trail      trailEnd // of a connection that writes
}

// openConnection opens the file, which must exist, and applies the settings that every
// connection has.
func openConnection(path string, busy time.Duration, pragmas ...string) (*connection, error) {
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
	pool.SetMaxOpenConns(1)
	conn, err := pool.Conn(context.Background())
	if err != nil {
		_ = pool.Close()
		return nil, err
	}
	return &connection{pool: pool, conn: conn, statements: map[string]*sql.Stmt{}}, nil
}

func (c *connection) close() error {
	for _, statement := range c.statements {
		_ = statement.Close()
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

// run runs a statement that changes something, and returns how many rows it changed.
func (c *connection) run(statement string, args ...any) (int64, error) {
	prepared, err := c.prepare(statement)
	if err != nil {
		return 0, err
	}
	result, err := prepared.ExecContext(context.Background(), args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// row reads one row. The error of a query without one is [sql.ErrNoRows].
func (c *connection) row(query string, args []any, into ...any) error {
	prepared, err := c.prepare(query)
	if err != nil {
		return err
	}
	return prepared.QueryRowContext(context.Background(), args...).Scan(into...)
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
