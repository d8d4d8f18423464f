package sqlite_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gatehouse/adapters/sqlite"
	"gatehouse/domain"
)

const (
	altered  = domain.TrailAltered
	missing  = domain.TrailMissing
	inserted = domain.TrailInserted
	forged   = domain.TrailCheckpointForged
)

// columns are those of audit_event but the sequence; the seal is the last.
const columns = "at, kind, outcome, reason, staff_id, subject, session_id, address, user_agent, request_id, operator, previous_address, actor, actor_id, seal"

// copyOf stores a copy of the event from at the sequence to.
func copyOf(from, to int64, seal string) string {
	return fmt.Sprintf("INSERT INTO audit_event (sequence, "+columns+") SELECT %d, %s, %s FROM audit_event WHERE sequence = %d",
		to, strings.TrimSuffix(columns, ", seal"), seal, from)
}

// A tampering changes a trail behind the service's back.
type tampering struct {
	name       string
	statements []string
	sequence   int64 // of the first event that must be named
	how        domain.TrailDamage
}

// tamperings are done to eight events.
var tamperings = []tampering{
	{"at", []string{"UPDATE audit_event SET at = at + 1 WHERE sequence = 4"}, 4, altered},
	{"kind", []string{"UPDATE audit_event SET kind = 'sign_in' WHERE sequence = 4"}, 4, altered},
	{"outcome", []string{"UPDATE audit_event SET outcome = 'success' WHERE sequence = 4"}, 4, altered},
	{"reason", []string{"UPDATE audit_event SET reason = '' WHERE sequence = 4"}, 4, altered},
	{"staff_id", []string{"UPDATE audit_event SET staff_id = '' WHERE sequence = 4"}, 4, altered},
	{"subject", []string{"UPDATE audit_event SET subject = 'abce' WHERE sequence = 4"}, 4, altered},
	{"session_id", []string{"UPDATE audit_event SET session_id = upper(session_id) || ' ' WHERE sequence = 4"}, 4, altered},
	{"address", []string{"UPDATE audit_event SET address = '192.0.2.8' WHERE sequence = 4"}, 4, altered},
	{"address, letter case", []string{"UPDATE audit_event SET address = upper(address) WHERE sequence = 4"}, 4, altered},
	{"address, other spelling", []string{"UPDATE audit_event SET address = '2001:db8:0::a' WHERE sequence = 4"}, 4, altered},
	{"address, no spelling", []string{"UPDATE audit_event SET address = 'nowhere' WHERE sequence = 4"}, 4, altered},
	{"user_agent", []string{"UPDATE audit_event SET user_agent = user_agent || char(0) WHERE sequence = 4"}, 4, altered},
	{"request_id", []string{"UPDATE audit_event SET request_id = 'other' WHERE sequence = 4"}, 4, altered},
	{"operator", []string{"UPDATE audit_event SET operator = 'nobody' WHERE sequence = 4"}, 4, altered},
	{"actor put in", []string{"UPDATE audit_event SET actor = 'service' WHERE sequence = 4"}, 4, altered},
	{"actor's id put in", []string{"UPDATE audit_event SET actor_id = '00000000-0000-4000-8000-000000000001' WHERE sequence = 4"}, 4, altered},
	{"actor taken out", []string{"UPDATE audit_event SET actor = '' WHERE sequence = 8"}, 8, altered},
	{"actor's id taken out", []string{"UPDATE audit_event SET actor_id = '' WHERE sequence = 8"}, 8, altered},
	{"actor and id taken out", []string{"UPDATE audit_event SET actor = '', actor_id = '' WHERE sequence = 8"}, 8, altered},
	{"previous_address", []string{"UPDATE audit_event SET previous_address = '' WHERE sequence = 4"}, 4, altered},
	{"previous_address, letter case", []string{"UPDATE audit_event SET previous_address = upper(previous_address) WHERE sequence = 4"}, 4, altered},
	{"text moved between columns", []string{"UPDATE audit_event SET subject = subject || substr(session_id, 1, 1), session_id = substr(session_id, 2) WHERE sequence = 4"}, 4, altered},
	{"seal", []string{"UPDATE audit_event SET seal = zeroblob(32) WHERE sequence = 4"}, 4, altered},
	{"seal cut short", []string{"UPDATE audit_event SET seal = substr(seal, 1, 31) WHERE sequence = 4"}, 4, altered},
	{"seal made longer", []string{"UPDATE audit_event SET seal = CAST(seal || x'00' AS BLOB) WHERE sequence = 4"}, 4, altered},
	{"first changed", []string{"UPDATE audit_event SET at = 0 WHERE sequence = 1"}, 1, altered},
	{"last changed", []string{"UPDATE audit_event SET at = 0 WHERE sequence = 8"}, 8, altered},
	{"all changed", []string{"UPDATE audit_event SET operator = 'nobody'"}, 1, altered},

	{"first deleted", []string{"DELETE FROM audit_event WHERE sequence = 1"}, 1, missing},
	{"middle deleted", []string{"DELETE FROM audit_event WHERE sequence = 4"}, 4, missing},
	{"several deleted", []string{"DELETE FROM audit_event WHERE sequence IN (3, 4, 7)"}, 3, missing},
	{"last deleted", []string{"DELETE FROM audit_event WHERE sequence = 8"}, 8, missing},
	{"last several deleted", []string{"DELETE FROM audit_event WHERE sequence > 5"}, 6, missing},
	{"all deleted", []string{"DELETE FROM audit_event"}, 1, missing},
	{"deleted, the others closed up", []string{
		"DELETE FROM audit_event WHERE sequence = 4",
		"UPDATE audit_event SET sequence = -sequence WHERE sequence > 4", "UPDATE audit_event SET sequence = -sequence - 1 WHERE sequence < 0",
	}, 4, altered},
	{"first deleted, the others closed up", []string{
		"DELETE FROM audit_event WHERE sequence = 1",
		"UPDATE audit_event SET sequence = -sequence", "UPDATE audit_event SET sequence = -sequence - 1",
	}, 1, altered},

	{"sequences exchanged", []string{
		"UPDATE audit_event SET sequence = 99 WHERE sequence = 4", "UPDATE audit_event SET sequence = 4 WHERE sequence = 5",
		"UPDATE audit_event SET sequence = 5 WHERE sequence = 99",
	}, 4, altered},
	{"contents exchanged, seals left", []string{
		"UPDATE audit_event SET staff_id = (SELECT staff_id FROM audit_event AS other WHERE other.sequence = 9 - audit_event.sequence) WHERE sequence IN (4, 5)",
	}, 4, altered},
	{"seals exchanged", []string{
		"UPDATE audit_event SET seal = (SELECT seal FROM audit_event AS other WHERE other.sequence = 9 - audit_event.sequence) WHERE sequence IN (4, 5)",
	}, 4, altered},
	{"last with a higher sequence", []string{"UPDATE audit_event SET sequence = 9 WHERE sequence = 8"}, 8, missing},
	{"last with the highest sequence", []string{"UPDATE audit_event SET sequence = 9223372036854775807 WHERE sequence = 8"}, 8, missing},

	{"inserted in the middle with a copied seal", []string{
		"UPDATE audit_event SET sequence = -sequence WHERE sequence > 4", "UPDATE audit_event SET sequence = 1 - sequence WHERE sequence < 0",
		copyOf(4, 5, "seal"),
	}, 5, altered},
	{"inserted before the first", []string{copyOf(1, 0, "seal")}, 0, inserted},
	{"inserted with a negative sequence", []string{copyOf(1, -5, "seal")}, -5, inserted},
	{"inserted with the lowest sequence", []string{copyOf(1, -9223372036854775808, "seal")}, -9223372036854775808, inserted},
	{"added with a made-up seal", []string{copyOf(8, 9, "randomblob(32)")}, 9, altered},
	{"last repeated", []string{copyOf(8, 9, "seal")}, 9, altered},
	{"first repeated at the end", []string{copyOf(1, 9, "seal")}, 9, altered},
	{"replaced", []string{strings.Replace(copyOf(5, 4, "seal"), "INSERT", "INSERT OR REPLACE", 1)}, 4, altered},

	{"checkpoint made up", []string{
		"INSERT INTO audit_checkpoint SELECT 1, sequence, seal, at, at, seal FROM audit_event WHERE sequence = 3",
		"DELETE FROM audit_event WHERE sequence <= 3",
	}, 3, forged},
}

func TestTampering(t *testing.T) {
	tamper(t, withTrail(t), tamperings)
}

// retiredTamperings are done to the same events when the first three have been removed as
// old, in two steps.
var retiredTamperings = []tampering{
	{"checkpoint's sequence", []string{"UPDATE audit_checkpoint SET sequence = 2"}, 2, forged},
	{"checkpoint's seal", []string{"UPDATE audit_checkpoint SET seal = zeroblob(32)"}, 3, forged},
	{"checkpoint's time", []string{"UPDATE audit_checkpoint SET at = at + 1"}, 3, forged},
	{"checkpoint's removal", []string{"UPDATE audit_checkpoint SET removed_at = removed_at - 1"}, 3, forged},
	{"checkpoint's signature", []string{"UPDATE audit_checkpoint SET signature = zeroblob(32)"}, 3, forged},
	{"checkpoint's signature cut short", []string{"UPDATE audit_checkpoint SET signature = substr(signature, 2)"}, 3, forged},
	{"checkpoint deleted", []string{"DELETE FROM audit_checkpoint"}, 1, missing},
	{"checkpoint moved on", []string{
		"UPDATE audit_checkpoint SET (sequence, seal, at) = (SELECT sequence, seal, at FROM audit_event WHERE sequence = 5)",
		"DELETE FROM audit_event WHERE sequence <= 5",
	}, 5, forged},
	{"more removed than sealed", []string{"DELETE FROM audit_event WHERE sequence = 4"}, 4, missing},
	{"removed event made up again", []string{copyOf(4, 3, "seal")}, 3, inserted},
	{"event before the removed ones", []string{copyOf(4, 0, "seal")}, 0, inserted},
	{"next one changed", []string{"UPDATE audit_event SET operator = '' WHERE sequence = 4"}, 4, altered},
	{"all deleted but the checkpoint", []string{"DELETE FROM audit_event"}, 4, missing},
}

func TestTamperingAfterRetention(t *testing.T) {
	tamper(t, withTrail(t, retireUpTo(t, 2), retireUpTo(t, 3)), retiredTamperings)
}

func tamper(t *testing.T, whole string, all []tampering) {
	if result, err := verify(t, whole, sealing); err != nil || result.Last != 8 || len(result.Unguarded) > 0 {
		t.Fatalf("before anything is done to it: %+v, %v", result, err)
	}
	for _, test := range all {
		t.Run(test.name, func(t *testing.T) {
			dir := copied(t, whole)
			unprotected(t, dir, test.statements...)
			_, err := verify(t, dir, sealing)
			mustName(t, err, test.sequence, test.how)
		})
	}
}

// Without the key, a shorter trail cannot be made to look whole. Neither an audit.head made by hand
// nor the claim that the database is from before that file was signed helps.
func TestTailCutWithAHeadMadeByHand(t *testing.T) {
	whole := withTrail(t)
	newest, cut := mark(t, whole, 8), mark(t, whole, 7)[:85]
	for name, head := range map[string]string{
		"unsigned":                            cut + "\n",
		"with the signature of the newest":    cut + newest[85:],
		"with zeros for a signature":          cut + " " + strings.Repeat("0", 64) + "\n",
		"empty":                               "",
		"unsigned, of before the first event": strings.Repeat("0", 20) + " " + strings.Repeat("0", 64) + "\n",
	} {
		for _, older := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", older ", older), func(t *testing.T) {
				dir := copied(t, whole)
				unprotected(t, dir, "DELETE FROM audit_event WHERE sequence = 8")
				if older {
					unprotected(t, dir, toVersionBeforeSigning()...)
				}
				must(t, os.WriteFile(headFile(dir), []byte(head), 0o600))
				for range 2 { // opening it once mends nothing
					_, err := verify(t, dir, sealing)
					mustName(t, err, 8, domain.TrailEndUnknown)
				}
			})
		}
	}
}

// People without a trail are people whose trail was taken away.
func TestTrailEmptied(t *testing.T) {
	for name, forget := range map[string]func(path string) error{
		"its end forgotten": os.Remove,
		"its end known":     func(string) error { return nil },
	} {
		dir := withTrail(t)
		inFolder(t, dir, func(db *sqlite.DB) { must(t, db.Update(t.Context(), savePerson(1))) })
		unprotected(t, dir, "DELETE FROM audit_event")
		must(t, forget(headFile(dir)))
		if _, err := verify(t, dir, sealing); !errors.Is(err, domain.ErrTrailBroken) {
			t.Errorf("%s: %v, want ErrTrailBroken", name, err)
		}
	}
}

func mustName(t *testing.T, err error, sequence int64, how domain.TrailDamage) {
	t.Helper()
	damage, broken := errors.AsType[*domain.TrailBreak](err)
	if !broken || damage.Sequence != sequence || damage.How != how {
		t.Errorf("%v, want event %d: %s", err, sequence, how)
	}
}

// The signature of an older checkpoint is good, but stands for fewer events.
func TestOlderCheckpointPutBack(t *testing.T) {
	dir := withTrail(t, retireUpTo(t, 2))
	file := filepath.Join(dir, sqlite.FileName)
	db := raw(t, file)
	exec(t, db, "CREATE TABLE kept AS SELECT * FROM audit_checkpoint")
	must(t, db.Close())
	inFolder(t, dir, retireUpTo(t, 3))
	unprotected(t, dir, "DELETE FROM audit_checkpoint", "INSERT INTO audit_checkpoint SELECT * FROM kept")
	_, err := verify(t, dir, sealing)
	mustName(t, err, 3, missing)
}

func TestOlderDatabasePutBack(t *testing.T) {
	older := copied(t, withTrail(t))
	dir := copied(t, older)
	inFolder(t, dir, func(db *sqlite.DB) { appendEvents(t, db, 8, 3) })
	content, err := os.ReadFile(filepath.Join(older, sqlite.FileName))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, sqlite.FileName), content, 0o600))

	_, err = verify(t, dir, sealing)
	mustName(t, err, 9, missing)

	// Written to again until it is as long as it was, it is whole in itself.
	inFolder(t, dir, func(db *sqlite.DB) { appendEvents(t, db, 20, 4) })
	_, err = verify(t, dir, sealing)
	mustName(t, err, 11, domain.TrailReplaced)
}

func TestSealedWithAnotherKey(t *testing.T) {
	other := domain.NewAuditKey(domain.NewSecret("a key that somebody made up"))
	dir := withTrail(t)
	_, err := verify(t, copied(t, dir), other)
	mustName(t, err, 1, altered)
	if damage, _ := errors.AsType[*domain.TrailBreak](err); !damage.AtStart {
		t.Error("nothing suggests that the key is wrong")
	}

	db, closeDB, err := sqlite.Open(sqlite.Config{Dir: dir, AuditKey: other})
	must(t, err)
	appendEvents(t, db, 8, 1)
	closeDB()
	_, err = verify(t, dir, sealing)
	mustName(t, err, 9, altered)
}

// A trail without its triggers may be whole, but that is luck.
func TestTriggersAreMissed(t *testing.T) {
	whole := withTrail(t)
	for name := range triggersOf(t, raw(t, filepath.Join(whole, sqlite.FileName))) {
		mustMiss(t, whole, "trigger "+name+" is missing", "DROP TRIGGER "+name)
	}
	mustMiss(t, whole, "trigger audit_event_is_never_deleted has been changed", "DROP TRIGGER audit_event_is_never_deleted",
		"CREATE TRIGGER audit_event_is_never_deleted BEFORE DELETE ON audit_event WHEN OLD.sequence < 0 BEGIN SELECT RAISE(ABORT, 'no'); END")
	mustMiss(t, whole, "trigger quiet does not belong there",
		"CREATE TRIGGER quiet BEFORE INSERT ON audit_event WHEN NEW.operator = 'root' BEGIN SELECT RAISE(IGNORE); END")
}

func mustMiss(t *testing.T, whole, problem string, statements ...string) {
	t.Helper()
	dir := copied(t, whole)
	db := raw(t, filepath.Join(dir, sqlite.FileName))
	for _, statement := range statements {
		exec(t, db, statement)
	}
	must(t, db.Close())
	result, err := verify(t, dir, sealing)
	if err != nil || !slices.Equal(result.Unguarded, []string{problem}) {
		t.Errorf("%q, %v; want %q", result.Unguarded, err, problem)
	}
}

// What comes through any other program is refused, and changes nothing.
func TestTriggersRefuse(t *testing.T) {
	dir := withTrail(t, retireUpTo(t, 3))
	db := raw(t, filepath.Join(dir, sqlite.FileName))
	for _, statement := range []string{
		"UPDATE audit_event SET operator = '' WHERE sequence = 5",
		"UPDATE audit_event SET operator = operator",
		"UPDATE audit_event SET sequence = 99 WHERE sequence = 8",
		"UPDATE OR REPLACE audit_event SET sequence = 5 WHERE sequence = 6",
		"UPDATE OR IGNORE audit_event SET operator = ''",
		"DELETE FROM audit_event WHERE sequence = 8",
		"DELETE FROM audit_event",
		copyOf(4, 4, "seal"),
		copyOf(4, 2, "seal"),
		strings.Replace(copyOf(4, 5, "seal"), "INSERT", "INSERT OR REPLACE", 1),
		strings.Replace(copyOf(4, 5, "seal"), "INSERT", "REPLACE", 1),
		copyOf(4, 5, "seal") + " ON CONFLICT (sequence) DO UPDATE SET operator = ''",
		"INSERT INTO audit_event (sequence, " + columns + ") SELECT NULL, " + columns + " FROM audit_event WHERE sequence = 4",
		"UPDATE audit_checkpoint SET sequence = 2",
		"UPDATE audit_checkpoint SET at = 0",
		"DELETE FROM audit_checkpoint",
		"REPLACE INTO audit_checkpoint VALUES (1, 3, x'', 0, 0, x'')",
	} {
		if _, err := db.Exec(statement); err == nil {
			t.Errorf("%s: it is done", statement)
		}
	}
	must(t, db.Close())
	if result, err := verify(t, dir, sealing); err != nil || result.Events != 5 {
		t.Errorf("after all that: %+v, %v", result, err)
	}
}
