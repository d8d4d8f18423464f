package sqlite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"gatehouse/adapters/sqlite"
	"gatehouse/domain"
)

// rolledBack is the folder of a database that was put back to before a sign-out, by hand.
func rolledBack(t *testing.T) (dir string) {
	t.Helper()
	dir, file := goneOn(t)
	content, err := os.ReadFile(file.Path)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, sqlite.FileName), content, 0o600))
	return dir
}

func lost(t *testing.T, dir string) (domain.AuditMark, bool) {
	t.Helper()
	db, closeDB, err := sqlite.Open(sqlite.Config{Dir: dir, AuditKey: testKey, Exclusive: true})
	must(t, err)
	defer closeDB()
	return db.Lost()
}

func head(t *testing.T, dir string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, sqlite.HeadFileName))
	must(t, err)
	return string(content)
}

func TestNothingIsLost(t *testing.T) {
	for name, dir := range map[string]string{"new": t.TempDir(), "stopped": closed(t), "crashed": crashed(t)} {
		if mark, lost := lost(t, dir); lost {
			t.Errorf("%s: event %d is said to be lost", name, mark.Sequence)
		}
	}
}

// After a power cut the file may be of a while ago.
func TestTheHeadFileMayLag(t *testing.T) {
	dir := closed(t)
	old := head(t, dir)
	db := open(t, sqlite.Config{Dir: dir, AuditKey: testKey})
	must(t, db.Update(t.Context(), signOut))
	newest := head(t, dir)
	must(t, os.WriteFile(filepath.Join(dir, sqlite.HeadFileName), []byte(old), 0o600))
	if mark, lost := lost(t, dir); lost {
		t.Errorf("event %d is said to be lost", mark.Sequence)
	}
	if head(t, dir) != newest {
		t.Error("the file is not brought up to date")
	}
}

// Whatever commands write to a database that was put back, even if that makes its trail
// longer than it was, the next server finds out, once.
func TestTheLossStaysUntilItIsAccepted(t *testing.T) {
	dir := rolledBack(t)
	before := head(t, dir)
	command := open(t, sqlite.Config{Dir: dir, AuditKey: testKey})
	for n := range 5 {
		must(t, command.Update(t.Context(), signIn(10+n)))
	}
	if head(t, dir) != before {
		t.Error("a command has written down another end of the trail")
	}
	server, closeServer, err := sqlite.Open(sqlite.Config{Dir: dir, AuditKey: testKey, Exclusive: true})
	must(t, err)
	if mark, lost := server.Lost(); !lost || mark.Sequence != 3 {
		t.Errorf("event %d, lost: %t; want event 3", mark.Sequence, lost)
	}
	must(t, server.Accept(t.Context()))
	if _, lost := server.Lost(); lost {
		t.Error("what was accepted is lost")
	}
	must(t, server.Update(t.Context(), signIn(20)))
	closeServer()
	if mark, lost := lost(t, dir); lost {
		t.Errorf("event %d is lost again", mark.Sequence)
	}
}

// A command that commits first may get to write down the end of the trail last.
func TestTheHeadFileIsNotLowered(t *testing.T) {
	dir := closed(t)
	server := open(t, sqlite.Config{Dir: dir, AuditKey: testKey, Exclusive: true})
	must(t, server.Update(t.Context(), signIn(3)))
	file := filepath.Join(dir, sqlite.HeadFileName)
	mark := domain.AuditMark{Sequence: 99}
	later := fmt.Sprintf("%020d %s %s\n", mark.Sequence, mark.Seal, testKey.SignEnd(mark)) // what another process has written
	must(t, os.WriteFile(file, []byte(later), 0o600))
	must(t, server.Update(t.Context(), signIn(4)))
	if got := head(t, dir); got != later {
		t.Errorf("the file says %q, want %q", got, later)
	}
}
