package acceptance

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// Each script in testdata/script keeps the program to one promise. Besides the commands of
// package testscript they have those of script_commands_test.go.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                filepath.Join("testdata", "script"),
		Setup:              setUpScript,
		Cmds:               scriptCommands(),
		RequireUniqueNames: true,
	})
}

// setUpScript gives a script its own browser, and the people of testdata/staff.json.
func setUpScript(env *testscript.Env) error {
	people, err := os.ReadFile(filepath.Join("testdata", "staff.json"))
	if err != nil {
		return err
	}
	s := &stage{browser: newBrowser()}
	env.Values[stageKey{}] = s
	env.Defer(func() {
		if s.server != nil {
			_ = s.server.End(os.Kill)
		}
		if s.mail != nil {
			_ = s.mail.End(os.Kill)
		}
	})
	env.Setenv("GATEHOUSE_LISTEN", "127.0.0.1:0")
	env.Setenv("GATEHOUSE_OPERATOR", "mia")
	env.Vars = append(env.Vars, raceOptions())
	return os.WriteFile(filepath.Join(env.WorkDir, "staff.json"), people, 0o600)
}
