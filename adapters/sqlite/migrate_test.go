package sqlite_test

import (
	"database/sql"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gatehouse/adapters/sqlite"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

var update = flag.Bool("update", false, "write schema.sql anew")

// schema.sql is what a newcomer reads to see the tables; it must be what the migrations
// make.
func TestSchemaIsDocumented(t *testing.T) {
	_, file := made(t)
	rows, err := raw(t, file).Query("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid")
	must(t, err)
	defer func() { _ = rows.Close() }()
	var schema strings.Builder
	for rows.Next() {
		var statement string
		must(t, rows.Scan(&statement))
		schema.WriteString(statement + ";\n\n")
	}
	must(t, rows.Err())
	if *update {
		must(t, os.WriteFile("schema.sql", []byte(schema.String()), 0o600))
	}
	want, err := os.ReadFile("schema.sql")
	must(t, err)
	if schema.String() != string(want) {
		t.Errorf("schema.sql is not what the migrations make; run: go test ./adapters/sqlite -run TestSchemaIsDocumented -update\n%s", schema.String())
	}
}

// Opening again changes nothing, and a database of a version before is brought up to date.
func TestMigrateTwice(t *testing.T) {
	dir, file := made(t)
	db := raw(t, file)
	exec(t, db, "INSERT INTO audit_event VALUES (9, 1, 'k', 'o', '', '', '', '', '', '', '', '', '', x'00', '', '')")
	must(t, db.Close())
	open(t, sqlite.Config{Dir: dir, Exclusive: true})
	var sequence, version int
	must(t, raw(t, file).QueryRow("SELECT sequence, (SELECT user_version FROM pragma_user_version) FROM audit_event").Scan(&sequence, &version))
	if sequence != 9 || version == 0 {
		t.Errorf("after opening again: event %d, schema %d", sequence, version)
	}
}

// Before 3.51.3 a checkpoint at the wrong moment could lose pages of the WAL.
func TestSQLiteIsNewEnough(t *testing.T) {
	_, file := made(t)
	var newEnough bool
	var version string
	must(t, raw(t, file).QueryRow(`
SELECT sqlite_version(),
       printf('%03d%03d%03d', major, minor, patch) >= '003051003'
  FROM (SELECT CAST(substr(v, 1, instr(v, '.') - 1) AS INTEGER)                                         AS major,
               CAST(substr(substr(v, instr(v, '.') + 1), 1, instr(substr(v, instr(v, '.') + 1), '.') - 1) AS INTEGER) AS minor,
               CAST(substr(substr(v, instr(v, '.') + 1), instr(substr(v, instr(v, '.') + 1), '.') + 1) AS INTEGER)  AS patch
          FROM (SELECT sqlite_version() AS v))`).Scan(&version, &newEnough))
	if !newEnough {
		t.Errorf("SQLite %s is linked, want 3.51.3 at least", version)
	}
}

// modernc.org/libc keeps no promises between versions: it must be the one that the driver
// was tested with, which the driver's own go.mod names.
func TestLibcIsTheDriversOwn(t *testing.T) {
	module, err := os.ReadFile("../../go.mod")
	must(t, err)
	for _, want := range []string{"modernc.org/sqlite v1.61.1", "modernc.org/libc v1.79.0"} {
		if !strings.Contains(string(module), "\t"+want+"\n") && !strings.Contains(string(module), "\t"+want+" //") {
			t.Errorf("go.mod does not require %s: change both versions here together", want)
		}
	}
}

// ofTheFirstSchema makes a database of version 1, and then changes it by the statements.
func ofTheFirstSchema(t *testing.T, statements ...string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	first, err := os.ReadFile("migrations/0001_first_tables.sql")
	must(t, err)
	file := filepath.Join(dir, sqlite.FileName)
	rawly(t, file, append([]string{string(first), "PRAGMA application_id = 0x47415445; PRAGMA user_version = 1"}, statements...)...)
	must(t, os.Chmod(file, 0o600))
	return dir
}

// A migration that fails is named, and none before it stays.
func TestAMigrationThatFails(t *testing.T) {
	dir := ofTheFirstSchema(t, "CREATE TABLE throttle (other)") // the third makes one
	_, _, err := sqlite.Open(sqlite.Config{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "migrating to version 3: ") {
		t.Errorf("opened: %v, want an error that names version 3", err)
	}
	var version, checkpoints int
	must(t, raw(t, filepath.Join(dir, sqlite.FileName)).QueryRow(`
SELECT user_version, (SELECT count(*) FROM sqlite_schema WHERE name = 'audit_checkpoint') FROM pragma_user_version`).Scan(&version, &checkpoints))
	if version != 1 || checkpoints != 0 {
		t.Errorf("the schema is version %d, with %d tables of the second: want the first alone", version, checkpoints)
	}
}

// The events of version 1 had no seals, and could have gaps: they are sealed as they are
// found, and numbered anew.
func TestMigrateSealsOldEvents(t *testing.T) {
	var events []string
	for _, sequence := range []int{1, 2, 5} {
		events = append(events, fmt.Sprintf(`INSERT INTO audit_event VALUES
(%d, 1772452800007, 'sign_in', 'failure', 'unknown_account', 'staff %d', 'subject', 'session', '2001:db8::7', 'agent', 'request', 'root', '192.0.2.7')`,
			sequence, sequence))
	}
	dir := ofTheFirstSchema(t, events...)

	result, err := verify(t, dir, sealing)
	if err != nil || result.Events != 3 || result.Last != 3 || len(result.Unguarded) > 0 {
		t.Errorf("after the migration: %+v, %v", result, err)
	}
	inFolder(t, dir, func(db *sqlite.DB) {
		must(t, db.View(t.Context(), func(r ports.Records) error {
			for event, err := range r.Audit().Trail(2, 9) {
				want := domain.AuditEvent{
					Sequence: 3, At: porttest.Noon.Add(7 * time.Millisecond),
					Kind: domain.EventSignIn, Outcome: domain.OutcomeFailure, Reason: domain.ReasonUnknownAccount,
					StaffID: "staff 5", Subject: "subject", Session: "session",
					Client:          domain.Client{Address: netip.MustParseAddr("2001:db8::7"), UserAgent: "agent", RequestID: "request", Actor: domain.Actor{Name: "root"}},
					PreviousAddress: netip.MustParseAddr("192.0.2.7"),
				}
				if event.AuditEvent != want || err != nil {
					t.Errorf("event 5 has become %+v, %v", event, err)
				}
			}
			return nil
		}))
		appendEvents(t, db, 0, 1)
	})
	if result, err := verify(t, dir, sealing); err != nil || result.Last != 4 {
		t.Errorf("with one more event: %+v, %v", result, err)
	}
	if n := tables(t, dir, "audit_event_unsealed"); n != 0 {
		t.Error("the old table is still there")
	}
}

// schemaBefore makes a database as it was before the migration with the name.
func schemaBefore(t *testing.T, dir, name string) *sql.DB {
	t.Helper()
	files, err := filepath.Glob("migrations/*.sql")
	must(t, err)
	db := raw(t, filepath.Join(dir, sqlite.FileName))
	for version, file := range files {
		if strings.HasSuffix(file, name) {
			exec(t, db, fmt.Sprintf("DROP TABLE audit_event_unsealed; PRAGMA application_id = 0x47415445; PRAGMA user_version = %d", version))
			must(t, os.Chmod(filepath.Join(dir, sqlite.FileName), 0o600))
			return db
		}
		statements, err := os.ReadFile(file)
		must(t, err)
		exec(t, db, string(statements))
	}
	t.Fatalf("there is no migration %s", name)
	return nil
}

// Who was deleted before deletions were remembered is known from the audit trail: nothing of
// before works, also if the person has come back meanwhile.
func TestMigrateRemembersDeletions(t *testing.T) {
	dir := t.TempDir()
	db := schemaBefore(t, dir, "_deletions.sql")
	deleted, gone, back := porttest.Noon.Add(time.Hour), porttest.Person(1), porttest.Person(2)
	before, after := porttest.Noon.UnixMilli(), deleted.Add(time.Hour).UnixMilli()
	for n, id := range []domain.StaffID{gone.ID, back.ID} {
		exec(t, db, fmt.Sprintf("INSERT INTO audit_event VALUES (%d, %d, 'staff_delete', 'success', '', '%s', '', '', '', '', '', '', '', x'00')",
			n+1, deleted.UnixMilli(), id))
	}
	exec(t, db, fmt.Sprintf("INSERT INTO staff VALUES ('%s', 'b', 'b', '', '', NULL, 1, 0, 1, 0, NULL, '!', 0, 0, 0, NULL, NULL, %d, %d)", back.ID, after, after))
	for id, adopted := range map[string]string{"revived": "'jti'", "own": "NULL"} {
		exec(t, db, fmt.Sprintf("INSERT INTO session VALUES ('%s', '%s', %s, 1, '', %d, %d, %d, %d, NULL, '', '', '', '')", id, back.ID, adopted, after, after, after, after+1))
	}
	for account, at := range map[domain.AccountKey]int64{domain.AccountKey(gone.ID): before, "nobody": before, domain.AccountKey(back.ID): after} {
		exec(t, db, fmt.Sprintf("INSERT INTO link VALUES ('%s', 'digest', 'reset', '', 0, %d, %d, '')", account, at, at))
		exec(t, db, fmt.Sprintf("INSERT INTO outbox VALUES ('letter to %s', '%s', 'reset_link', x'00', %d, %d, %d, 0)", account, account, at, at, at))
	}
	must(t, db.Close())

	must(t, open(t, sqlite.Config{Dir: dir, AuditKey: sealing}).View(t.Context(), func(r ports.Records) error {
		deletion, err := r.Deletions().Of(gone.ID)
		if want := (domain.Deletion{ID: gone.ID, At: deleted, Version: 1}); deletion != want || err != nil {
			t.Errorf("the deletion is %+v, %v; want %+v", deletion, err, want)
		}
		if staff, err := r.Staff().ByID(back.ID); err != nil || !staff.SessionsEndedAt.Equal(deleted) {
			t.Errorf("who has come back has had the sessions ended at %v, %v; want %v", staff.SessionsEndedAt, err, deleted)
		}
		for account, want := range map[domain.AccountKey]bool{domain.AccountKey(gone.ID): false, "nobody": true, domain.AccountKey(back.ID): true} {
			if link, err := r.Links().Of(account); err != nil || (link.Digest != "") != want {
				t.Errorf("the link of %s is %q, %v; want it there: %t", account, link.Digest, err, want)
			}
		}
		for id, want := range map[domain.SessionID]domain.EndReason{"revived": domain.EndBeforeAdoption, "own": ""} {
			if session, err := r.Sessions().ByID(id); err != nil || session.EndReason != want || session.Over() != (want != "") {
				t.Errorf("session %s has ended by %q, %v; want %q", id, session.EndReason, err, want)
			}
		}
		letters, err := r.Outbox().Due(deleted.Add(time.Hour), 9)
		if len(letters) != 2 || err != nil {
			t.Errorf("%d letters wait, %v; want 2", len(letters), err)
		}
		return nil
	}))
}

// Of a session from before it was kept in what it was opened, nobody knows.
func TestMigrateKeepsSessions(t *testing.T) {
	dir := t.TempDir()
	db := schemaBefore(t, dir, "_where_sessions_were_opened.sql")
	staff, session := porttest.Person(1), porttest.Session(1, porttest.Person(1))
	exec(t, db, fmt.Sprintf("INSERT INTO staff VALUES ('%s', 'b', 'b', '', '', NULL, 1, 0, 1, 0, NULL, '!', 0, 0, 0, NULL, NULL, 0, 0)", staff.ID))
	exec(t, db, fmt.Sprintf("INSERT INTO session VALUES ('%s', '%s', NULL, 7, 'f7', 0, 0, 0, 0, NULL, '', '', '', '')", session.ID, staff.ID))
	must(t, db.Close())

	must(t, open(t, sqlite.Config{Dir: dir, AuditKey: sealing}).View(t.Context(), func(r ports.Records) error {
		got, err := r.Sessions().ByID(session.ID)
		if got.Generation != 7 || got.OpenedIn != domain.CarrierUnknown {
			t.Errorf("after the migration the session is %+v", got)
		}
		return err
	}))
}

// Nobody knows what signed when an old session was opened: the shared secret may not name it.
func TestMigrateSessionsOfBefore(t *testing.T) {
	dir := t.TempDir()
	db := schemaBefore(t, dir, "_shared_secret.sql")
	exec(t, db, "INSERT INTO staff VALUES ('s', 'a@b', 'a@b', '', '', '', 1, 0, 0, 0, NULL, '!', 0, 0, 1, NULL, NULL, 1, 1)")
	exec(t, db, "INSERT INTO session VALUES ('old', 's', NULL, 1, 'jti', 1, 1, 1, 2, NULL, '', '', '', '', '')")
	must(t, db.Close())
	inFolder(t, dir, func(db *sqlite.DB) {
		must(t, db.View(t.Context(), func(r ports.Records) error {
			session, err := r.Sessions().ByID("old")
			if session.CurrentToken != "jti" || session.SharedSecret {
				t.Errorf("the session is %+v", session)
			}
			return err
		}))
	})
}

// A session of before was never renewed, and can be.
func TestMigrateSessionsThatWereNeverRenewed(t *testing.T) {
	dir := t.TempDir()
	db := schemaBefore(t, dir, "_renewals.sql")
	exec(t, db, "INSERT INTO staff VALUES ('s', 'a@b', 'a@b', '', '', '', 1, 0, 0, 0, NULL, '!', 0, 0, 1, NULL, NULL, 1, 1)")
	exec(t, db, "INSERT INTO session VALUES ('old', 's', NULL, 1, 'jti', 1, 1, 1, 2, NULL, '', '', '', '', '', 1)")
	must(t, db.Close())
	inFolder(t, dir, func(db *sqlite.DB) {
		must(t, db.Update(t.Context(), func(r ports.Records) error {
			session, err := r.Sessions().ByID("old")
			if err != nil || session.RenewedToken != "" || !session.RenewedAt.IsZero() || !session.SharedSecret {
				t.Errorf("the session is %+v, %v", session, err)
			}
			session.Renew("fresh", porttest.Client(), porttest.Noon)
			return r.Sessions().Save(session)
		}))
		_, session, err := db.Session(t.Context(), "old")
		if err != nil || session.RenewedToken != "fresh" || !session.RenewedAt.Equal(porttest.Noon) {
			t.Errorf("afterwards it is %+v, %v", session, err)
		}
	})
}

func tables(t *testing.T, dir, name string) (n int) {
	t.Helper()
	must(t, raw(t, filepath.Join(dir, sqlite.FileName)).QueryRow("SELECT count(*) FROM sqlite_schema WHERE name = ?", name).Scan(&n))
	return n
}
