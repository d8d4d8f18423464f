package acceptance

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"testing"
	"time"

	"gatehouse/adapters/sqlite"
	"gatehouse/cmd/gatehouse/internal/program"
)

// A service that commits without a pause may keep a command waiting for longer than it waits
// itself. Here somebody holds the lock for three seconds.
func TestACommandWaitsForItsTurn(t *testing.T) {
	const held = 3 * time.Second
	dir := filepath.Join(t.TempDir(), "data")
	command := func(args ...string) (status int, output string) {
		var out, failures bytes.Buffer
		environment := map[string]string{"GATEHOUSE_DATA_DIR": dir}
		status = program.Run(context.Background(), args, program.Process{
			Getenv: func(name string) string { return environment[name] }, Environ: func() []string { return nil },
			Stdin: os.Stdin, Stdout: &out, Stderr: &failures,
		})
		return status, out.String() + failures.String()
	}
	if status, output := command("staff", "add", "kea@shop.test", "--first-name", "Ke", "--last-name", "A"); status != program.StatusDone {
		t.Fatal(output)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, sqlite.FileName))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	for _, reading := range [][]string{{"audit", "verify"}, {"audit", "list"}, {"db", "info"}, {"staff", "list"}} {
		if status, output := command(reading...); status != program.StatusDone {
			t.Errorf("%q waits for whoever writes: %s", reading, output)
		}
	}
	if took := time.Since(begun); took > held {
		t.Errorf("commands that read took %v", took)
	}
	time.AfterFunc(held, func() { _, _ = db.Exec("ROLLBACK") })
	if status, output := command("staff", "deactivate", "kea@shop.test"); status != program.StatusDone {
		t.Errorf("a command that writes has given up: %s", output)
	}
}
