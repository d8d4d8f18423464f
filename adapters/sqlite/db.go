package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"gatehouse/domain"
	"gatehouse/ports"
)

// A DB is a [ports.Store] in a SQLite file. It may be used concurrently.
type DB struct {
	writer  *writer
	readers chan *connection
	size    int
	folder  *os.File // shared, so that nobody restores a backup
	lock    *os.File // nil unless exclusive
	watch   *watch
	history *history
	cache   *cache // nil unless exclusive
	prober  prober
	upkeep  upkeep
}

var (
	_ ports.Store = (*DB)(nil)
	_ ports.Probe = (*DB)(nil)
)

// Open opens the database in config.Dir, makes it if there is none, unless config says
// otherwise, and brings it to the newest schema. The returned function lets running updates finish and closes it.
//
// Errors that need a person wrap [ErrFile].
func Open(config Config) (db *DB, closeDB func(), err error) {
	path, err := filepath.Abs(filepath.Join(config.Dir, FileName))
	if err != nil {
		return nil, nil, err
	}
	if config.BusyTimeout == 0 {
		config.BusyTimeout = defaultBusyTimeout
	}
	db = &DB{size: runtime.NumCPU() + 2}
	db.upkeep.path, db.upkeep.config = path, config
	if err := checkOwnFiles(path); err != nil {
		return nil, nil, err
	}
	if config.Exclusive {
		if db.lock, err = lock(path); err != nil {
			return nil, nil, err
		}
	}
	if db.folder, err = share(config.Dir); err != nil {
		db.close()
		return nil, nil, err
	}
	if config.Exclusive { // so nobody restores a backup: what is left of that is of no use
		err = explain(discardDrafts(path), path)
	}
	if err = errors.Join(err, db.open(path, config)); err != nil {
		db.close()
		return nil, nil, err
	}
	return db, db.close, nil
}

func (db *DB) open(path string, config Config) error {
	if err := prepare(path, config); err != nil {
		return err
	}
	first, err := connectWriter(path, config)
	if err != nil {
		return explain(err, path)
	}
	defer func() {
		if db.writer == nil { // which would close it
			_ = first.close()
		}
	}()
	if err := inspect(first, path, config.Exclusive); err != nil {
		return err
	}
	if err := db.prepareTrail(first, path, config); err != nil {
		return explain(err, path)
	}
	if db.watch, err = newWatch(path); err != nil {
		return explain(err, path)
	}
	if config.Exclusive {
		index, err := openWALIndex(path)
		if err != nil {
			return explain(err, path)
		}
		db.cache = newCache(index)
	}
	if err := first.waitInTurns(config.BusyTimeout); err != nil {
		return explain(err, path)
	}
	connect := func() (*connection, error) {
		next, err := connectWriter(path, config)
		if err != nil {
			return nil, err
		}
		if err := next.waitInTurns(config.BusyTimeout); err != nil {
			_ = next.close()
			return nil, err
		}
		return next, nil
	}
	db.writer = newWriter(first, connect, db.watch, db.history, db.cache)
	db.readers = make(chan *connection, db.size)
	for range db.size {
		reader, err := openConnection(path, config.BusyTimeout, "query_only(1)", "cache_size(-512)")
		if err != nil {
			return explain(err, path)
		}
		db.readers <- reader
	}
	if err := db.View(context.Background(), db.history.compare); err != nil {
		return explain(err, path)
	}
	if config.Exclusive {
		_, err := db.try(context.Background())
		return explain(err, path)
	}
	return nil
}

// prepareTrail brings the schema up to date. It takes over the record of the trail's end before that, because
// otherwise the trail would look lost.
func (db *DB) prepareTrail(first *connection, path string, config Config) error {
	version, err := first.number("PRAGMA user_version")
	if err != nil {
		return err
	}
	release, err := mayMigrate(path, version, config)
	if err != nil {
		return err
	}
	defer release()
	if db.history, err = openHistory(config.Dir, config.AuditKey); err != nil {
		return err
	}
	if err := db.history.adopt(first, version); err != nil {
		return err
	}
	return migrate(first)
}

// mayMigrate keeps commands from changing the schema beneath a server of an earlier version,
// which would go on sealing events, and writing audit.head, in its own way.
func mayMigrate(path string, version int64, config Config) (release func(), err error) {
	known, err := migrations()
	if err != nil || version == int64(len(known)) || config.Exclusive {
		return func() {}, err
	}
	held, err := lock(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %s is in use by an earlier version of gatehouse: restart the service, and try again", ErrFile, path)
	}
	return func() { _ = held.Close() }, nil
}

// connectWriter opens a connection whose commits have reached the disk when they return.
func connectWriter(path string, config Config) (*connection, error) {
	c, err := openConnection(path, config.BusyTimeout, "journal_mode(WAL)", "synchronous(FULL)")
	if err != nil {
		return nil, err
	}
	c.trail.key = config.AuditKey
	return c, nil
}

func (db *DB) close() {
	if db.writer != nil {
		db.writer.close()
	}
	for range len(db.readers) {
		_ = (<-db.readers).close()
	}
	if db.history != nil {
		db.history.close()
	}
	for _, held := range []*os.File{db.folder, db.lock} {
		_ = held.Close() // a nil file has nothing to close
	}
}

// Update implements [ports.Store].
func (db *DB) Update(ctx context.Context, change func(ports.Records) error) error {
	return db.writer.update(ctx, change)
}

// View implements [ports.Store].
func (db *DB) View(ctx context.Context, read func(ports.Records) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := db.watch.present(); err != nil {
		return unavailable("reading", err)
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case reader := <-db.readers:
		defer func() { db.readers <- reader }()
		err := view(reader, read)
		db.watch.note(err)
		return err
	}
}

// Session implements [ports.Store].
func (db *DB) Session(ctx context.Context, id domain.SessionID) (domain.Staff, domain.Session, error) {
	if err := ctx.Err(); err != nil {
		return domain.Staff{}, domain.Session{}, err
	}
	if err := db.watch.present(); err != nil {
		return domain.Staff{}, domain.Session{}, unavailable("reading", err)
	}
	if owner, session := db.cache.pair(id); owner != nil {
		return *owner, *session, nil
	}
	var owner domain.Staff
	var session domain.Session
	since := db.cache.before()
	err := db.View(ctx, func(r ports.Records) (err error) {
		if session, err = r.Sessions().ByID(id); err != nil {
			return err
		}
		owner, err = r.Staff().ByID(session.StaffID)
		return err
	})
	if err != nil {
		return domain.Staff{}, domain.Session{}, err
	}
	db.cache.fill(since, &owner, &session)
	return owner, session, nil
}

func view(reader *connection, read func(ports.Records) error) error {
	if _, err := reader.run("BEGIN"); err != nil {
		return unavailable("beginning to read", err)
	}
	defer func() { _, _ = reader.run("ROLLBACK") }()
	return read(records{reader})
}

// records implements [ports.Records] within a transaction.
type records struct{ access }

func (r records) Staff() ports.StaffRecords        { return staffRecords(r) }
func (r records) Sessions() ports.SessionRecords   { return sessionRecords(r) }
func (r records) Imports() ports.ImportRecords     { return importRecords(r) }
func (r records) Throttle() ports.ThrottleRecords  { return throttleRecords(r) }
func (r records) Links() ports.LinkRecords         { return linkRecords(r) }
func (r records) Outbox() ports.OutboxRecords      { return outboxRecords(r) }
func (r records) Deletions() ports.DeletionRecords { return deletionRecords(r) }
func (r records) Audit() ports.AuditRecords        { return auditRecords(r) }

// errClosed answers an update that is handed in after the end.
var errClosed = errors.Join(domain.ErrUnavailable, errors.New("the database is closed"))
