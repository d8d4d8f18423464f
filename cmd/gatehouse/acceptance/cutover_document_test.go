package acceptance

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The commands of docs/cutover.md work as they stand there, one after the other, in a shop with the
// settings that it names. Only the folders and addresses are the test's: the proxy is one that is not there.
func TestCommandsOfTheCutover(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile("../../../docs/cutover.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	prepareCutover(t, dir)
	ours := strings.NewReplacer("/etc/gatehouse/", dir+"/", "/etc/nginx/conf.d/", dir+"/", "https://shop.example", "http://127.0.0.1:1")
	ran := 0
	for line := range strings.Lines(string(document)) {
		command := strings.TrimSpace(line)
		if !strings.HasPrefix(command, "gatehouse ") {
			continue
		}
		want := 0
		if strings.Contains(command, " --check ") {
			want = exitRefused // nobody answers
		}
		cmd := exec.CommandContext(t.Context(), "sh", "-c", ours.Replace(command))
		cmd.Dir, cmd.Env = dir, []string{"PATH=" + os.Getenv("PATH"), raceOptions()}
		if output, _ := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != want {
			t.Errorf("%s: exit status %d\n%s", command, cmd.ProcessState.ExitCode(), output)
		}
		ran++
	}
	if ran < 8 {
		t.Errorf("the document has %d commands", ran)
	}
}

// prepareCutover starts the service, and writes its settings into a file and what Django exports into
// another.
func prepareCutover(t *testing.T, dir string) {
	t.Helper()
	staff, err := os.ReadFile("testdata/staff.json")
	if err != nil {
		t.Fatal(err)
	}
	putFile(t, filepath.Join(dir, "staff.json"), string(staff))
	settings := []string{
		"GATEHOUSE_DATA_DIR=" + filepath.Join(dir, "data"), "GATEHOUSE_PUBLIC_URL=https://shop.example", "GATEHOUSE_TRUSTED_PROXIES=127.0.0.1",
		"GUARD_OPEN_PATHS=/,/assets/*", "ENABLE_JWT_AUTH=true", "SIGNING_KEY=" + recordedSecret,
		"ACCEPT_DJANGO_TOKENS_UNTIL=2100-01-01T00:00:00Z", "TIME_ZONE=Pacific/Auckland",
	}
	s := serving(t, dir, append(environment(settings...), "GATEHOUSE_GUARD_LISTEN=127.0.0.1:0"))
	settings = append(settings, "GATEHOUSE_LISTEN="+s.address, "GATEHOUSE_GUARD_LISTEN=127.0.0.1:8081")
	putFile(t, filepath.Join(dir, "environment"), strings.Join(settings, "\n")+"\n")
}
