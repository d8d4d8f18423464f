package sqlite_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/adapters/sqlite"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// withSchema runs statements while a part of the schema's text is another, and puts the text
// back, so that nothing shows but what the statements do.
func withSchema(t *testing.T, dir, object string, change func(string) string, statements ...string) {
	t.Helper()
	file := filepath.Join(dir, sqlite.FileName)
	db := raw(t, file)
	triggers := triggersOf(t, db)
	for name := range triggers {
		exec(t, db, "DROP TRIGGER "+name)
	}
	var text string
	must(t, db.QueryRow("SELECT sql FROM sqlite_schema WHERE name = ?", object).Scan(&text))
	must(t, db.Close())
	spell(t, file, object, change(text))
	db = raw(t, file)
	for _, statement := range statements {
		exec(t, db, statement)
	}
	must(t, db.Close())
	spell(t, file, object, text)
	db = raw(t, file)
	for _, text := range triggers {
		exec(t, db, text)
	}
	must(t, db.Close())
}

func spell(t *testing.T, file, object, text string) {
	t.Helper()
	db := raw(t, file)
	exec(t, db, fmt.Sprintf("PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql = '%s' WHERE name = '%s'; PRAGMA writable_schema = 0",
		strings.ReplaceAll(text, "'", "''"), object))
	must(t, db.Close())
}

// untyped lets a table hold whatever it is given.
func untyped(text string) string {
	return strings.NewReplacer(") STRICT", ")", " TEXT ", " BLOB ", "at               INTEGER", "at               BLOB", "NOT NULL", "").Replace(text)
}

// A value of another type reads the same when it is converted, and is found by no filter.
func TestValuesOfAnotherType(t *testing.T) {
	whole := withTrail(t)
	values := map[string]string{"at": "CAST(at AS TEXT)", "seal": "CAST(seal AS TEXT)"}
	for _, column := range strings.Split(columns, ", ") {
		for _, value := range []string{"CAST(" + column + " AS BLOB)", "NULL", "7.5", "8"} {
			if column == "at" && value == "8" || column == "seal" && strings.HasSuffix(value, "BLOB)") {
				value = values[column]
			}
			t.Run(column+"="+value, func(t *testing.T) {
				dir := copied(t, whole)
				withSchema(t, dir, "audit_event", untyped, "UPDATE audit_event SET "+column+" = "+value+" WHERE sequence = 4")
				_, err := verify(t, dir, sealing)
				mustName(t, err, 4, altered)
			})
		}
	}
}

// Nothing, bytes that are none, and a text that is empty seal alike.
func TestNothingOfAnotherType(t *testing.T) {
	whole := withTrail(t, func(db *sqlite.DB) {
		must(t, db.Update(t.Context(), func(r ports.Records) error {
			return r.Audit().Append(domain.AuditEvent{At: porttest.Noon, Kind: domain.EventSignIn, Outcome: domain.OutcomeSuccess})
		}))
	})
	for _, column := range []string{"reason", "staff_id", "subject", "session_id", "address", "user_agent", "request_id", "operator", "previous_address", "actor", "actor_id"} {
		for _, value := range []string{"NULL", "x''"} {
			dir := copied(t, whole)
			withSchema(t, dir, "audit_event", untyped, "UPDATE audit_event SET "+column+" = "+value+" WHERE sequence = 9")
			_, err := verify(t, dir, sealing)
			mustName(t, err, 9, altered)
		}
	}
}

func TestCheckpointOfAnotherType(t *testing.T) {
	whole := withTrail(t, retireUpTo(t, 3))
	for _, column := range []string{"sequence", "at", "removed_at", "seal", "signature"} {
		dir := copied(t, whole)
		loose := func(text string) string {
			return strings.NewReplacer(") STRICT", ")", "INTEGER", "BLOB", "BLOB NOT NULL PRIMARY", "INTEGER NOT NULL PRIMARY").Replace(text)
		}
		withSchema(t, dir, "audit_checkpoint", loose, "UPDATE audit_checkpoint SET "+column+" = CAST("+column+" AS TEXT)")
		_, err := verify(t, dir, sealing)
		if damage, _ := errors.AsType[*domain.TrailBreak](err); damage == nil || damage.How != forged {
			t.Errorf("%s: %v, want a checkpoint that is not genuine", column, err)
		}
	}
}

// What would match nothing is not left out silently.
func TestEventsOfAnotherType(t *testing.T) {
	whole := withTrail(t)
	for column, filter := range map[string]ports.AuditFilter{
		"at":         {Since: porttest.Noon, Until: porttest.Noon.AddDate(0, 0, 1)},
		"kind":       {Kind: domain.EventTokenRefresh},
		"outcome":    {Outcome: domain.OutcomeFailure},
		"staff_id":   {Staff: porttest.Person(2).ID},
		"user_agent": {},
	} {
		dir := copied(t, whole)
		to := "BLOB"
		if column == "at" {
			to = "TEXT"
		}
		withSchema(t, dir, "audit_event", untyped, "UPDATE audit_event SET "+column+" = CAST("+column+" AS "+to+") WHERE sequence = 4")
		inFolder(t, dir, func(db *sqlite.DB) {
			err := db.View(t.Context(), func(r ports.Records) error {
				for _, err := range r.Audit().Events(filter) {
					if err != nil {
						return err
					}
				}
				return nil
			})
			mustName(t, err, 4, altered)
		})
	}
}
