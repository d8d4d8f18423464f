package sqlite_test

import (
	"context"
	"fmt"
	"os"
	program "os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"gatehouse/adapters/sqlite"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// killedRestore is, when it is set, what this program is to do instead of testing: a folder,
// a backup, and the step at which it kills itself.
const killedRestore = "GATEHOUSE_TEST_KILLED_RESTORE"

func TestMain(m *testing.M) {
	arguments, set := os.LookupEnv(killedRestore)
	if !set {
		os.Exit(m.Run())
	}
	fields := strings.Split(arguments, "|")
	files := filesOf(fields[0])
	files.KillAt(fields[2])
	_, err := files.Restore(context.Background(), ports.BackupFile{Path: fields[1]}, endEvery)
	fmt.Println("the step was not reached:", err)
	os.Exit(1)
}

// Wherever a restore is killed, the database is the old one or the restored one, whole, and
// a session that was signed out is either still over, or the next server knows that it has
// to end all. Then the restore can be done again.
func TestRestoreIsKilled(t *testing.T) {
	for step, restored := range map[string]bool{
		"copied": false, "prepared": false, "settled": false, "kept": false, "cleared": false, "replaced": true,
	} {
		for name, prepare := range map[string]func(*testing.T) string{
			"stopped": func(t *testing.T) string { dir, _ := goneOn(t); return dir },
			"crashed": crashed,
		} {
			t.Run(step+"/"+name, func(t *testing.T) {
				dir := prepare(t)
				_, file := goneOn(t)
				kill(t, dir, file.Path, step)
				mustBeWhole(t, dir, restored)
				var clock porttest.Clock
				clock.Advance(time.Minute)
				later := sqlite.NewFiles(sqlite.Config{Dir: dir, AuditKey: testKey}, clock.Now)
				got, err := later.Restore(t.Context(), file, endEvery)
				must(t, err)
				if got.Staff != 2 {
					t.Errorf("the second restore: %+v", got)
				}
				mustBeWhole(t, dir, true)
				if left, _ := filepath.Glob(filepath.Join(dir, "gatehouse.db.[rk]*")); len(left) > 0 {
					t.Errorf("left behind: %q", left)
				}
			})
		}
	}
}

func kill(t *testing.T, dir, file, step string) {
	t.Helper()
	restore := program.Command(os.Args[0])
	restore.Env = append(os.Environ(), killedRestore+"="+dir+"|"+file+"|"+step)
	output, _ := restore.CombinedOutput()
	if status, ok := restore.ProcessState.Sys().(syscall.WaitStatus); !ok || !status.Signaled() {
		t.Fatalf("it was not killed: %s", output)
	}
}

// mustBeWhole opens the database as a server does.
func mustBeWhole(t *testing.T, dir string, restored bool) {
	t.Helper()
	db, closeDB, err := sqlite.Open(sqlite.Config{Dir: dir, AuditKey: testKey, Exclusive: true})
	must(t, err)
	defer closeDB()
	if has(t, db, 5) == restored {
		t.Errorf("restored: %t, want %t", !restored, restored)
	}
	session := sessionOf(t, db, 1)
	if want := map[bool]domain.EndReason{true: domain.EndRestored, false: domain.EndSignedOut}[restored]; session.EndReason != want {
		t.Errorf("the session was ended by %q, want %q", session.EndReason, want)
	}
	if err := db.Update(t.Context(), savePerson(8)); err != nil {
		t.Errorf("it cannot be written: %v", err)
	}
}
