package sqlite_test

import (
	"database/sql"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"gatehouse/adapters/sqlite"
	"gatehouse/application/audit"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

var sealing = porttest.AuditKey()

// appendEvents writes n events; those with the same number are alike.
func appendEvents(t *testing.T, db *sqlite.DB, first, n int) {
	t.Helper()
	for i := first; i < first+n; i++ {
		event := domain.AuditEvent{
			At: porttest.Noon.Add(time.Duration(i) * time.Minute), Kind: domain.EventTokenRefresh,
			Outcome: domain.OutcomeFailure, Reason: domain.ReasonReplayed,
			StaffID: porttest.Person(i).ID, Subject: "abcd", Session: porttest.Session(i, porttest.Person(i)).ID,
			Client: domain.Client{
				Address: netip.MustParseAddr("2001:db8::a"), UserAgent: "test/1.0", RequestID: "request", Actor: domain.Actor{Name: "root"},
			},
			PreviousAddress: netip.MustParseAddr("2001:db8::b"),
		}
		if i == 7 {
			event.Client.Actor = domain.Actor{Kind: domain.ActorOffice, Staff: porttest.Person(9).ID}
		}
		must(t, db.Update(t.Context(), func(r ports.Records) error { return r.Audit().Append(event) }))
	}
}

// withTrail makes a folder with a database of eight events. A colleague did the last.
func withTrail(t *testing.T, more ...func(*sqlite.DB)) (dir string) {
	t.Helper()
	dir = t.TempDir()
	inFolder(t, dir, func(db *sqlite.DB) {
		appendEvents(t, db, 0, 8)
		for _, do := range more {
			do(db)
		}
	})
	return dir
}

// inFolder opens the database, and closes it again.
func inFolder(t *testing.T, dir string, do func(*sqlite.DB)) {
	t.Helper()
	inFolderWith(t, dir, sealing, do)
}

func inFolderWith(t *testing.T, dir string, key domain.AuditKey, do func(*sqlite.DB)) {
	t.Helper()
	db, closeDB, err := sqlite.Open(sqlite.Config{Dir: dir, AuditKey: key})
	if err != nil {
		t.Fatal(err)
	}
	defer closeDB()
	do(db)
}

// retireUpTo removes the events up to one, as retention does.
func retireUpTo(t *testing.T, sequence int64) func(*sqlite.DB) {
	return func(db *sqlite.DB) {
		must(t, db.Update(t.Context(), func(r ports.Records) error {
			for event, err := range r.Audit().Trail(sequence-1, 1) {
				if err != nil {
					return err
				}
				return r.Audit().Retire(sealing.Sign(domain.AuditCheckpoint{Last: event.Mark(), At: event.At, RemovedAt: porttest.Noon}))
			}
			return domain.ErrUnavailable
		}))
	}
}

// verify opens the database with a key and has its trail verified.
func verify(t *testing.T, dir string, key domain.AuditKey) (audit.VerifyAuditTrailResult, error) {
	t.Helper()
	db, closeDB, err := sqlite.Open(sqlite.Config{Dir: dir, AuditKey: key})
	if err != nil {
		t.Fatal(err)
	}
	defer closeDB()
	return audit.NewVerifyAuditTrail(db, db, key, new(porttest.Clock).Now).Execute(t.Context(), audit.VerifyAuditTrailQuery{Client: porttest.Operator()})
}

// copied is a folder with a copy of the database and of what is known of its trail.
func copied(t *testing.T, from string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for _, name := range []string{sqlite.FileName, sqlite.HeadFileName} {
		content, err := os.ReadFile(filepath.Join(from, name))
		must(t, err)
		must(t, os.WriteFile(filepath.Join(dir, name), content, 0o600))
	}
	return dir
}

// unprotected runs statements with the triggers out of the way, and puts those back: that
// leaves no trace but what the statements do.
func unprotected(t *testing.T, dir string, statements ...string) {
	t.Helper()
	db := raw(t, filepath.Join(dir, sqlite.FileName))
	defer func() { must(t, db.Close()) }()
	triggers := triggersOf(t, db)
	for name := range triggers {
		exec(t, db, "DROP TRIGGER "+name)
	}
	for _, statement := range statements {
		exec(t, db, statement)
	}
	for _, text := range triggers {
		exec(t, db, text)
	}
}

func triggersOf(t *testing.T, db *sql.DB) map[string]string {
	t.Helper()
	rows, err := db.Query("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
	must(t, err)
	defer func() { _ = rows.Close() }()
	triggers := map[string]string{}
	for rows.Next() {
		var name, text string
		must(t, rows.Scan(&name, &text))
		triggers[name] = text
	}
	must(t, rows.Err())
	return triggers
}
