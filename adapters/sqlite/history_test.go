package sqlite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/adapters/sqlite"
	"gatehouse/domain"
	"gatehouse/ports"
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
		if want := fmt.Sprintf("%020d %s\n", head.Sequence, head.Seal); string(content) != want {
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
	seal := strings.Repeat("0", 64)
	for name, content := range map[string]string{
		"gone":           "",
		"garbled":        strings.Repeat("\xa5", 86),
		"cut short":      mark(t, whole, 8)[:50],
		"no number":      strings.Repeat("x", 20) + " " + seal + "\n",
		"no seal":        fmt.Sprintf("%020d ", 99) + strings.Repeat("x", 64) + "\n",
		"too short seal": fmt.Sprintf("%022d ", 99) + seal[:62] + "\n",
		"too far":        "99999999999999999999 " + seal + "\n",
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
			must(t, db.Accept())
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

// The file is there before the first event: a new folder, with whoever comes first, never
// looks like one that has lost it.
func TestHistoryOfANewFolder(t *testing.T) {
	dir := t.TempDir()
	first := open(t, sqlite.Config{Dir: dir, AuditKey: sealing})
	if content, err := os.ReadFile(headFile(dir)); err != nil || len(content) != 86 {
		t.Fatalf("before the first event the file has %q, %v", content, err)
	}
	appendEvents(t, first, 0, 1)
	if mark, lost := open(t, sqlite.Config{Dir: dir, AuditKey: sealing, Exclusive: true}).Lost(); lost {
		t.Errorf("event %d is lost", mark.Sequence)
	}
}

// A database of the first schema came without the file, and has not lost it.
func TestHistoryOfTheFirstSchema(t *testing.T) {
	dir := t.TempDir()
	first, err := os.ReadFile("migrations/0001_first_tables.sql")
	must(t, err)
	db := raw(t, filepath.Join(dir, sqlite.FileName))
	exec(t, db, string(first)+`; PRAGMA application_id = 0x47415445; PRAGMA user_version = 1;
INSERT INTO audit_event VALUES (1, 1, 'sign_in', 'success', '', '', '', '', '', '', '', '', '')`)
	must(t, db.Close())
	must(t, os.Chmod(filepath.Join(dir, sqlite.FileName), 0o600))
	server := open(t, sqlite.Config{Dir: dir, AuditKey: sealing, Exclusive: true})
	if mark, lost := server.Lost(); lost || server.Newest().Sequence != 1 {
		t.Errorf("event %d is lost: %t; known is %d", mark.Sequence, lost, server.Newest().Sequence)
	}
}

// mark is what the file says when an event is the newest.
func mark(t *testing.T, dir string, sequence int64) (line string) {
	t.Helper()
	inFolder(t, dir, func(db *sqlite.DB) {
		must(t, db.View(t.Context(), func(r ports.Records) error {
			for event, err := range r.Audit().Trail(sequence-1, 1) {
				line = fmt.Sprintf("%020d %s\n", event.Sequence, event.Seal)
				return err
			}
			return nil
		}))
	})
	return line
}

func TestHistoryKnowsMore(t *testing.T) {
	seal := strings.Repeat("ab", 32)
	for name, test := range map[string]struct {
		retire int64 // up to which event
		line   string
		lost   bool
		newest int64
	}{
		"later than the trail":        {line: "00000000000000000009 " + seal + "\n", lost: true, newest: 9},
		"another event in its place":  {line: "00000000000000000005 " + seal + "\n", lost: true, newest: 5},
		"before what was retired":     {retire: 5, line: "00000000000000000004 " + seal + "\n"},
		"all retired, and the newest": {retire: 8, line: "00000000000000000008 " + seal + "\n"},
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
				must(t, db.Accept())
			})
			inFolder(t, dir, func(db *sqlite.DB) {
				if _, is := db.Lost(); is || db.Newest() != trailHead(t, db) {
					t.Errorf("accepted, and still lost: %v; known is %d", is, db.Newest().Sequence)
				}
			})
		})
	}
}
