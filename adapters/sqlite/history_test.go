package sqlite_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"gatehouse/adapters/sqlite"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

func headFile(dir string) string { return filepath.Join(dir, sqlite.HeadFileName) }

// trailHead is the end of the trail in the database.
func trailHead(t *testing.T, db *sqlite.DB) (mark domain.AuditMark) {
	t.Helper()
	must(t, db.View(t.Context(), func(r ports.Records) (err error) {
		mark, err = r.Audit().Head()
		return err
	}))
	return mark
}

func TestHistoryIsWritten(t *testing.T) {
	dir := t.TempDir()
	db := open(t, sqlite.Config{Dir: dir, AuditKey: sealing})
	if newest := db.Newest(); newest != (domain.AuditMark{}) {
		t.Errorf("of a new database %+v is known", newest)
	}
	for n := 1; n <= 2; n++ {
		appendEvents(t, db, n, 1)
		head := trailHead(t, db)
		if db.Newest() != head || head.Sequence != int64(n) {
			t.Errorf("the trail ends at %d, known is %d", head.Sequence, db.Newest().Sequence)
		}
		content, err := os.ReadFile(headFile(dir))
		must(t, err)
		if want := signed(head); string(content) != want {
			t.Errorf("the file has %q, want %q", content, want)
		}
	}
	info, err := os.Stat(headFile(dir))
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the file has the mode %v", info.Mode())
	}
}

// Where there are events, there was a file that said so: without one it is not known what is
// lost. Nobody makes it again before that is accepted.
func TestHistoryThatKnowsNothing(t *testing.T) {
	whole := withTrail(t)
	good := mark(t, whole, 8)
	another := domain.NewAuditKey(domain.NewSecret("a key that somebody made up")).SignEnd(domain.AuditMark{})
	for name, content := range map[string]string{
		"gone":             "",
		"garbled":          strings.Repeat("\xa5", len(good)),
		"cut short":        good[:50],
		"unsigned":         good[:85] + "\n",
		"not signed by us": good[:86] + another.String() + "\n",
		"another sequence": fmt.Sprintf("%020d", 7) + good[20:],
		"another seal":     good[:21] + strings.Repeat("0", 64) + good[85:],
		"no number":        strings.Repeat("x", 20) + good[20:],
		"no seal":          good[:21] + strings.Repeat("x", 64) + good[85:],
		"no signature":     good[:86] + strings.Repeat("x", 64) + "\n",
		"too short seal":   fmt.Sprintf("%022d ", 8) + good[23:],
		"too far":          strings.Repeat("9", 20) + good[20:],
	} {
		dir := copied(t, whole)
		must(t, os.WriteFile(headFile(dir), []byte(content), 0o600))
		if name == "gone" {
			must(t, os.Remove(headFile(dir)))
		}
		inFolder(t, dir, func(db *sqlite.DB) { appendEvents(t, db, 8, 1) })
		if after, _ := os.ReadFile(headFile(dir)); string(after) != content {
			t.Errorf("%s: a command has made it %q", name, after)
		}
		_, err := verify(t, dir, sealing)
		mustName(t, err, 10, domain.TrailEndUnknown)
		inFolder(t, dir, func(db *sqlite.DB) {
			if lost, is := db.Lost(); !is || lost != (domain.AuditMark{}) {
				t.Errorf("%s: lost %+v, %v; want that it is not known", name, lost, is)
			}
			must(t, db.Accept(t.Context()))
		})
		if _, err := verify(t, dir, sealing); err != nil {
			t.Errorf("%s: accepted, and still %v", name, err)
		}
	}
}

func TestHistoryThatLags(t *testing.T) {
	dir := withTrail(t)
	newest := mark(t, dir, 8)
	must(t, os.WriteFile(headFile(dir), []byte(mark(t, dir, 5)), 0o600))
	inFolder(t, dir, func(db *sqlite.DB) {
		if lost, is := db.Lost(); is || db.Newest() != trailHead(t, db) {
			t.Errorf("lost %+v, %v; known is %d", lost, is, db.Newest().Sequence)
		}
	})
	if content, err := os.ReadFile(headFile(dir)); err != nil || string(content) != newest {
		t.Errorf("afterwards the file has %q, %v", content, err)
	}
}

// The file exists before the first event, whichever process opens the new folder first. So a new
// folder never looks like a folder that has lost the file.
func TestHistoryOfANewFolder(t *testing.T) {
	dir := t.TempDir()
	first := open(t, sqlite.Config{Dir: dir, AuditKey: sealing})
	if content, err := os.ReadFile(headFile(dir)); err != nil || len(content) != 151 {
		t.Fatalf("before the first event the file has %q, %v", content, err)
	}
	appendEvents(t, first, 0, 1)
	if mark, lost := open(t, sqlite.Config{Dir: dir, AuditKey: sealing, Exclusive: true}).Lost(); lost {
		t.Errorf("event %d is lost", mark.Sequence)
	}
}

// A database of the first schema came without the file, and has not lost it.
func TestHistoryOfTheFirstSchema(t *testing.T) {
	dir := ofTheFirstSchema(t, "INSERT INTO audit_event VALUES (1, 1, 'sign_in', 'success', '', '', '', '', '', '', '', '', '')")
	server := open(t, sqlite.Config{Dir: dir, AuditKey: sealing, Exclusive: true})
	if mark, lost := server.Lost(); lost || server.Newest().Sequence != 1 {
		t.Errorf("event %d is lost: %t; known is %d", mark.Sequence, lost, server.Newest().Sequence)
	}
}

// signed is the line that the file has for a place in a trail that is sealed with sealing.
func signed(mark domain.AuditMark) string {
	return fmt.Sprintf("%020d %s %s\n", mark.Sequence, mark.Seal, sealing.SignEnd(mark))
}

// mark is what the file says when an event is the newest.
func mark(t *testing.T, dir string, sequence int64) (line string) {
	t.Helper()
	inFolder(t, dir, func(db *sqlite.DB) {
		must(t, db.View(t.Context(), func(r ports.Records) error {
			for event, err := range r.Audit().Trail(sequence-1, 1) {
				line = signed(event.Mark())
				return err
			}
			return nil
		}))
	})
	return line
}

func TestHistoryKnowsMore(t *testing.T) {
	var other domain.Seal
	for name, test := range map[string]struct {
		retire int64 // up to which event
		line   string
		lost   bool
		newest int64
	}{
		"later than the trail":        {line: signed(domain.AuditMark{Sequence: 9, Seal: other}), lost: true, newest: 9},
		"another event in its place":  {line: signed(domain.AuditMark{Sequence: 5, Seal: other}), lost: true, newest: 5},
		"before what was retired":     {retire: 5, line: signed(domain.AuditMark{Sequence: 4, Seal: other})},
		"all retired, and the newest": {retire: 8, line: signed(domain.AuditMark{Sequence: 8, Seal: other})},
	} {
		t.Run(name, func(t *testing.T) {
			dir := withTrail(t)
			if test.retire > 0 {
				inFolder(t, dir, retireUpTo(t, test.retire))
			}
			must(t, os.WriteFile(headFile(dir), []byte(test.line), 0o600))
			inFolder(t, dir, func(db *sqlite.DB) {
				appendEvents(t, db, 8, 1) // does not make it forget
				lost, is := db.Lost()
				if is != test.lost || is && lost.Sequence != test.newest {
					t.Fatalf("lost is %d, %v", lost.Sequence, is)
				}
			})
			if !test.lost {
				return
			}
			inFolder(t, dir, func(db *sqlite.DB) {
				if _, is := db.Lost(); !is {
					t.Fatal("it is forgotten by opening again")
				}
				must(t, db.Accept(t.Context()))
			})
			inFolder(t, dir, func(db *sqlite.DB) {
				if _, is := db.Lost(); is || db.Newest() != trailHead(t, db) {
					t.Errorf("accepted, and still lost: %v; known is %d", is, db.Newest().Sequence)
				}
			})
		})
	}
}

// toVersionBeforeSigning takes the schema back to the last version that did not sign audit.head.
func toVersionBeforeSigning() []string {
	return []string{
		"ALTER TABLE audit_event DROP COLUMN actor", "ALTER TABLE audit_event DROP COLUMN actor_id",
		"ALTER TABLE session DROP COLUMN renewed_token", "ALTER TABLE session DROP COLUMN renewed_at",
		fmt.Sprintf("PRAGMA user_version = %d", sqlite.VersionSignedEnd-1),
	}
}

// beforeSigning is a folder as versions leave it that do not sign audit.head: four events of theirs,
// and the end in plain text.
func beforeSigning(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	inFolderWith(t, dir, testKey, func(db *sqlite.DB) { appendEvents(t, db, 0, 4) })
	var events []domain.SealedEvent
	inFolderWith(t, dir, testKey, func(db *sqlite.DB) {
		must(t, db.View(t.Context(), func(r ports.Records) error {
			for event, err := range r.Audit().Trail(0, 4) {
				must(t, err)
				events = append(events, event)
			}
			return nil
		}))
	})
	var end domain.AuditMark
	statements := toVersionBeforeSigning()
	for _, event := range events {
		end = domain.AuditMark{Sequence: event.Sequence, Seal: sealedBefore(end, event.AuditEvent)}
		statements = append(statements, fmt.Sprintf("UPDATE audit_event SET seal = x'%s' WHERE sequence = %d", end.Seal, end.Sequence))
	}
	unprotected(t, dir, statements...)
	must(t, os.WriteFile(headFile(dir), fmt.Appendf(nil, "%020d %s\n", end.Sequence, end.Seal), 0o600))
	return dir
}

// sealedBefore is how those versions sealed an event with testKey.
func sealedBefore(previous domain.AuditMark, event domain.AuditEvent) (seal domain.Seal) {
	mac := hmac.New(sha256.New, []byte("a key for the trail of the tests"))
	mac.Write([]byte("gatehouse audit event 1"))
	mac.Write(previous.Seal[:])
	_ = binary.Write(mac, binary.BigEndian, []int64{event.Sequence, event.At.UnixMilli()}) // a hash takes everything
	for _, text := range []string{
		string(event.Kind), string(event.Outcome), string(event.Reason), string(event.StaffID), string(event.Subject), string(event.Session),
		event.Client.UserAgent, event.Client.RequestID, event.Client.Actor.Name, event.Client.Address.String(), event.PreviousAddress.String(),
	} {
		_ = binary.Write(mac, binary.BigEndian, uint32(len(text)))
		mac.Write([]byte(text))
	}
	mac.Sum(seal[:0])
	return seal
}

// What earlier versions have left is whole, is signed when it is first opened, and is not taken
// unsigned a second time.
func TestHistoryOfAVersionThatDidNotSign(t *testing.T) {
	dir := beforeSigning(t)
	unsigned := head(t, dir)
	if _, err := verify(t, dir, testKey); err != nil {
		t.Fatalf("opened for the first time: %v", err)
	}
	if got := head(t, dir); len(got) != 151 || got[:85] != unsigned[:85] {
		t.Errorf("the file says %q", got)
	}
	inFolderWith(t, dir, testKey, func(db *sqlite.DB) { appendEvents(t, db, 4, 2) })
	if result, err := verify(t, dir, testKey); err != nil || result.Last != 6 {
		t.Errorf("old and new events: %+v, %v", result, err)
	}
	cut := copied(t, dir)
	unprotected(t, cut, append(toVersionBeforeSigning(), "DELETE FROM audit_event WHERE sequence = 6")...)
	must(t, os.WriteFile(headFile(cut), fmt.Appendf(nil, "%s\n", mark(t, dir, 5)[:85]), 0o600))
	_, err := verify(t, cut, testKey)
	mustName(t, err, 6, domain.TrailEndUnknown)
}

// Of an earlier version too, the end counts.
func TestTailOfAVersionThatDidNotSign(t *testing.T) {
	dir := beforeSigning(t)
	unprotected(t, dir, "DELETE FROM audit_event WHERE sequence = 4")
	_, err := verify(t, dir, testKey)
	mustName(t, err, 4, missing)
}

// A command must not bring the schema up to date while a server of the version before goes on
// writing in its own way.
func TestNoCommandMigratesBesideAServer(t *testing.T) {
	dir := beforeSigning(t)
	lock, err := os.OpenFile(filepath.Join(dir, sqlite.FileName+".lock"), os.O_CREATE|os.O_RDWR, 0o600)
	must(t, err)
	must(t, syscall.Flock(int(lock.Fd()), syscall.LOCK_EX))
	before := head(t, dir)
	_, _, err = sqlite.Open(sqlite.Config{Dir: dir, AuditKey: testKey})
	if !errors.Is(err, sqlite.ErrFile) || !strings.Contains(err.Error(), "restart the service") || head(t, dir) != before {
		t.Errorf("beside a server: %v", err)
	}
	must(t, lock.Close())
	if _, err := verify(t, dir, testKey); err != nil {
		t.Errorf("without one: %v", err)
	}
}

// A database that takes the place of a lost one is a private file from the beginning. Its trail says that
// events are lost, and how many if the end of the old trail is known.
func TestADatabaseInThePlaceOfALostOne(t *testing.T) {
	known := withTrail(t)
	must(t, os.Remove(filepath.Join(known, sqlite.FileName)))
	for dir, want := range map[string]int64{known: 8, t.TempDir(): 0} {
		db := open(t, sqlite.Config{Dir: dir, AuditKey: sealing, Exclusive: true, Abandons: true})
		if mark, lost := db.Lost(); !lost || mark.Sequence != want {
			t.Errorf("lost is event %d: %t, want %d", mark.Sequence, lost, want)
		}
		info, err := os.Stat(filepath.Join(dir, sqlite.FileName))
		if must(t, err); info.Mode().Perm() != 0o600 {
			t.Errorf("the file has the mode %v", info.Mode())
		}
		porttest.LostHistory(t, db)
	}
}
