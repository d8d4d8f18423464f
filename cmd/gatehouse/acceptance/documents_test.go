package acceptance

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// notRun are the beginnings of command lines that this test leaves out.
var notRun = []struct{ begins, reason string }{
	{"useradd ", "the prepared machine has the account"},
	{"systemctl daemon-reload", "the test stands in for systemd, and has no units to read"},
	{"systemctl reload nginx", "no nginx runs here; the tests of `task system` have one read the printed file"},
	{"nginx -t", "the printed file names a certificate that only the shop has"},
	{"python manage.py ", "it is the shop's Django; the export that it writes is there already"},
	{"haveibeenpwned-downloader ", "it loads 40 GB"},
	{"task bench", "it takes ten minutes"},
	{"go run ./cmd/gatehouse serve --demo", "it compiles for minutes; a script of TestScripts tries the demonstration"},
	{"go test ./...", "it would run this test again"},
	{"pwgen ", "not every machine has pwgen"},
	{"gatehouse staff list --json | jq ", "not every machine has jq"},
	{"CGO_ENABLED=0 go build ", "the program of these tests is at bin/gatehouse already"},
}

// endsOtherwise are the beginnings of command lines with another exit status than 0, and what they print.
var endsOtherwise = []struct {
	begins string
	status int
	prints string
}{
	// No proxy runs here. The tests of `task system` have real ones.
	{"gatehouse --env-file /etc/gatehouse/environment proxy --check https://shop.example", exitRefused, "nobody answers at the URL"},
	{"gatehouse sessions revoke 0f3b9c5d7e1a42868d4c6b2f9e7a1035", exitRefused, "there is no session"}, // ids are made by chance
}

// madeTrue are command lines that speak of a machine with a history, and the shell commands that make it so.
var madeTrue = map[string]string{
	"gatehouse staff add mere@shop.example --first-name Mere --last-name Parata": "gatehouse staff delete --yes mere@shop.example",
	"gatehouse staff revoke-sessions mere@shop.example":                          "gatehouse staff add mere@shop.example --first-name Mere --last-name Parata",
	"gatehouse backup /srv/backups/gatehouse-2026-03-02.db":                      "install -d -m 700 /srv/backups",
	"rm /var/lib/gatehouse": "mkdir -m 700 /var/lib/private && mv /var/lib/gatehouse /var/lib/private/ && ln -s private/gatehouse /var/lib/gatehouse",
}

var (
	callsProgram = regexp.MustCompile(`(?m)^([A-Z_]+=\S+ )?(bin/)?gatehouse `)
	changesFiles = regexp.MustCompile(`^(install|rm|mv|cp|chown) `)
	callsSystemd = regexp.MustCompile(`^systemctl (enable --now|start|stop) gatehouse$`)
	absolutePath = regexp.MustCompile(`(^| )/\S*`)
	serves       = regexp.MustCompile(`gatehouse serve$`)
	settingLine  = regexp.MustCompile(`^[A-Z_]+=`)
	loneCommand  = regexp.MustCompile("^[0-9]+\\. `([^`]+)`\\.$")
)

// A documentLine is a command line of a document, or a script that begins with #!, or a setting.
type documentLine struct {
	document, text string
	number         int
}

func (l documentLine) String() string { return fmt.Sprintf("%s:%d: %s", l.document, l.number, l.text) }

func (l documentLine) isSetting() bool {
	return settingLine.MatchString(l.text) && !callsProgram.MatchString(l.text) && !l.isLeftOut()
}

func (l documentLine) isLeftOut() bool {
	for _, left := range notRun {
		if strings.HasPrefix(l.text, left.begins) {
			return true
		}
	}
	return false
}

// documents are README.md and all in docs, as paths from the root of the project.
func documents(t *testing.T) []string {
	t.Helper()
	names, err := fs.Glob(os.DirFS("../../.."), "docs/*.md")
	decisions, _ := fs.Glob(os.DirFS("../../.."), "docs/decisions/*.md")
	if err != nil || len(names) == 0 || len(decisions) == 0 {
		t.Fatal("there are no documents", err)
	}
	return slices.Concat([]string{"README.md"}, names, decisions)
}

// linesOf collects what stands in a document as code: blocks that are indented by four columns or more,
// fenced blocks unless they are ```text, and steps of a list that are one command and nothing else.
func linesOf(t *testing.T, document string) (lines []documentLine) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("../../..", document))
	if err != nil {
		t.Fatal(err)
	}
	fenced, drawn, inScript := false, false, false
	number := 0
	for line := range strings.Lines(string(content)) {
		number++
		text := strings.TrimSpace(line)
		lone := loneCommand.FindStringSubmatch(text)
		switch {
		case strings.HasPrefix(text, "```"):
			fenced, drawn = !fenced, text == "```text"
		case lone != nil:
			lines = append(lines, documentLine{document, lone[1], number})
		case text == "" || drawn && fenced || !fenced && !strings.HasPrefix(line, "    "):
			inScript = false
		case inScript:
			lines[len(lines)-1].text += "\n" + text
		default:
			inScript = strings.HasPrefix(text, "#!")
			lines = append(lines, documentLine{document, text, number})
		}
	}
	return lines
}

// manual is the name of what "gatehouse help COMMAND" prints.
const manual = "gatehouse help"

var (
	manualCommand  = regexp.MustCompile(`(?m)^  ([a-z-]+(?: [a-z-]+)?)  +\S`)
	manualExamples = regexp.MustCompile(`(?s)\nExamples?:\n\n(.*?)\n\n\S`)
)

// A manualPage is what the manual says of a command.
type manualPage struct{ command, text string }

// manualPages are in the order in which the manual names the commands.
func manualPages(t *testing.T) (pages []manualPage) {
	t.Helper()
	help := func(args ...string) string {
		stdout, stderr, status := runProgram(t, "", environment(), "", append([]string{"help"}, args...)...)
		if status != 0 {
			t.Fatalf("help %q: exit status %d: %s", args, status, stderr)
		}
		return stdout
	}
	commands, _, _ := strings.Cut(help(), "\n\ngatehouse help")
	for _, command := range manualCommand.FindAllStringSubmatch(commands, -1) {
		pages = append(pages, manualPage{command[1], help(strings.Fields(command[1])...)})
	}
	return pages
}

// examplesOf collects the examples of the manual.
func examplesOf(pages []manualPage) (lines []documentLine) {
	for _, page := range pages {
		for _, examples := range manualExamples.FindAllStringSubmatch(page.text, -1) {
			for example := range strings.Lines(examples[1]) {
				lines = append(lines, documentLine{manual, strings.TrimSpace(example), len(lines) + 1})
			}
		}
	}
	return lines
}

// Every command line of README.md, of docs and of the manual's examples works as it stands there, one after the
// other, on a machine where Gatehouse is installed as docs/operations.md says, with all the settings that it shows.
//
// Root runs them in a mount namespace. There /etc, /var/lib, /srv, /root and /usr/local/bin are the test's, and all
// else of the file system is read-only. Other accounts, and root where it may not make a namespace, as in some
// containers, run them with other names: these folders lie in a temporary one, and files belong to the account that
// runs the test.
func TestCommandLinesOfTheDocuments(t *testing.T) {
	t.Parallel()
	var all []documentLine
	for _, document := range documents(t) {
		all = append(all, linesOf(t, document)...)
	}
	all = append(all, examplesOf(manualPages(t))...)
	mustBeUsed(t, all)
	byDocument, settings := map[string][]documentLine{}, ""
	for _, line := range all {
		if line.isSetting() {
			settings += line.text + "\n"
		} else if !line.isLeftOut() {
			byDocument[line.document] = append(byDocument[line.document], line)
		}
	}
	for document, lines := range byDocument {
		t.Run(document, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t, settings)
			if !slices.ContainsFunc(lines, func(l documentLine) bool { return strings.Contains(l.text, "staff import") }) {
				m.mustRun("gatehouse --env-file /etc/gatehouse/environment staff import staff.json")
			}
			if document == manual { // it says that the settings come from the environment
				m.env = strings.Split(strings.TrimSpace(m.here(settings)), "\n")
			}
			for _, line := range lines {
				m.follow(line)
			}
		})
	}
}

// mustBeUsed fails for what the tables of this file say about lines that no document has.
func mustBeUsed(t *testing.T, lines []documentLine) {
	t.Helper()
	var begins []string
	for _, left := range notRun {
		begins = append(begins, left.begins)
	}
	for _, other := range endsOtherwise {
		begins = append(begins, other.begins)
	}
	for text := range madeTrue {
		begins = append(begins, text)
	}
	for _, text := range begins {
		if !slices.ContainsFunc(lines, func(l documentLine) bool { return strings.HasPrefix(l.text, text) }) {
			t.Errorf("no document has a line that begins with %q: take it out of documents_test.go", text)
		}
	}
}

// A machine is one on which somebody follows a document.
type machine struct {
	t             *testing.T
	top, settings string
	env           []string // what is set for each command
	namespace     int      // a process in the mount namespace; 0 without root
	service       *server
	address       string // where the service listens, or has listened last
}

// machineFolders are the folders that are the machine's own.
var machineFolders = []string{"/etc", "/var/lib", "/srv", "/root", "/usr/local/bin"}

func newMachine(t *testing.T, settings string) *machine {
	t.Helper()
	m := &machine{t: t, top: t.TempDir(), settings: settings, address: "127.0.0.1:8080"}
	for _, folder := range append(machineFolders, "/etc/gatehouse", "/etc/nginx/conf.d", "/etc/caddy", "/etc/systemd/system", "/tmp", "/checkout/bin", "/checkout/docs") {
		m.must(os.MkdirAll(m.top+folder, 0o755))
	}
	m.must(os.Mkdir(m.top+"/var/lib/gatehouse", 0o700))
	program, err := exec.LookPath("gatehouse")
	m.must(err)
	m.must(os.Link(program, m.top+"/checkout/bin/gatehouse"))
	m.must(os.Link(program, m.top+"/usr/local/bin/gatehouse"))
	m.copyFile("testdata/staff.json", "/checkout/staff.json")
	m.copyFile("../../../docs/gatehouse.service", "/checkout/docs/gatehouse.service")
	putFile(t, m.top+"/etc/nginx/conf.d/shop.conf", "# what the shop had before\n")
	putFile(t, m.top+"/etc/hosts", "127.0.0.1 localhost shop.example smtp.shop.example\n")
	putFile(t, m.top+"/etc/nsswitch.conf", "hosts: files\n")
	putFile(t, m.top+"/etc/passwd", fmt.Sprintf("root:x:0:0::/root:/bin/sh\ngatehouse:x:%d:%[1]d::/var/lib/gatehouse:/usr/sbin/nologin\n", serviceAccount))
	putFile(t, m.top+"/etc/group", fmt.Sprintf("root:x:0:\ngatehouse:x:%d:\n", serviceAccount))
	if os.Geteuid() == 0 && exec.Command("unshare", "--mount", "true").Run() == nil {
		m.must(os.Chown(m.top+"/var/lib/gatehouse", serviceAccount, serviceAccount))
		m.enterNamespace()
	}
	t.Cleanup(m.stop)
	m.fillIn()
	return m
}

func (m *machine) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

// copyFile copies a file, in which somebody gets the address that the documents name.
func (m *machine) copyFile(from, to string) {
	m.t.Helper()
	content, err := os.ReadFile(from)
	m.must(err)
	putFile(m.t, m.top+to, strings.Replace(string(content), "hana@shop.test", "mere@shop.example", 1))
}

// enterNamespace makes the mount namespace, which is there as long as a process in it.
func (m *machine) enterNamespace() {
	m.t.Helper()
	script := `mount --bind "$1" "$1"; for f in ` + strings.Join(machineFolders, " ") + `; do mount --bind "$1$f" $f; done; mount -o remount,bind,ro /; echo ready; exec cat`
	cmd := exec.Command("unshare", "--mount", "sh", "-ec", script, "sh", m.top)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	m.must(err)
	out, err := cmd.StdoutPipe()
	m.must(err)
	m.must(cmd.Start())
	m.t.Cleanup(func() {
		_ = in.Close()
		_, _ = io.Copy(io.Discard, out)
		_ = cmd.Wait()
	})
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		m.t.Fatalf("the folders of the machine cannot be put in place: %v", err)
	}
	m.namespace = cmd.Process.Pid
}

// shell is a call of the shell on the machine, in a checkout of the project. Nothing is set but what any
// process needs: the settings come from the file.
func (m *machine) shell(script string, env ...string) *exec.Cmd {
	inherited := slices.DeleteFunc(environment("TMPDIR="+m.top+"/tmp"), func(set string) bool {
		return strings.HasPrefix(set, "GATEHOUSE_LISTEN=") || strings.HasPrefix(set, "PATH=")
	})
	env = append(append(inherited, "PATH="+m.here("/usr/local/bin/")+":"+os.Getenv("PATH")), slices.Concat(m.env, env)...)
	checkout := m.top + "/checkout"
	if m.namespace == 0 {
		return called(checkout, env, "sh", "-c", m.here(script))
	}
	return called("/", env, "nsenter", "--mount", "--target", strconv.Itoa(m.namespace), "sh", "-c", "cd "+checkout+"\n"+script)
}

// here replaces the folders of the machine and the account, unless the namespace has them.
func (m *machine) here(text string) string {
	if m.namespace != 0 {
		return text
	}
	account := fmt.Sprintf("%d:%d", os.Geteuid(), os.Getegid())
	pairs := []string{" -o gatehouse -g gatehouse", "", " gatehouse:gatehouse", " " + account, "https://shop.example", "http://127.0.0.1:1"}
	for _, folder := range machineFolders {
		pairs = append(pairs, folder+"/", m.top+folder+"/")
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// follow does what a line of a document says.
func (m *machine) follow(line documentLine) {
	m.t.Helper()
	command := strings.TrimSpace(strings.Split(line.text, " #")[0])
	switch systemd := callsSystemd.FindStringSubmatch(command); {
	case systemd != nil && systemd[1] == "stop":
		m.stop()
	case systemd != nil:
		m.start("SECRET_KEY_FILE=/etc/gatehouse/secret-key gatehouse --env-file /etc/gatehouse/environment serve")
	case serves.MatchString(command):
		m.start(command)
		m.stop()
	case callsProgram.MatchString(command), changesFiles.MatchString(command) && staysOnMachine(command):
		m.run(line, command)
	default:
		m.t.Errorf("%v\nno test runs this line. Let documents_test.go run its program in the folders of the machine, or add its beginning to notRun with the reason", line)
	}
	m.fillIn()
}

// staysOnMachine tells whether a command names no folder but those that the machine has of its own.
func staysOnMachine(command string) bool {
	for _, path := range absolutePath.FindAllString(command, -1) {
		path = strings.TrimSpace(path)
		if path != "/dev/null" && !slices.ContainsFunc(machineFolders, func(f string) bool { return strings.HasPrefix(path, f+"/") }) {
			return false
		}
	}
	return true
}

func (m *machine) run(line documentLine, command string) {
	m.t.Helper()
	if prepare := madeTrue[command]; prepare != "" {
		m.mustRun(prepare)
	}
	status, prints := 0, ""
	for _, other := range endsOtherwise {
		if strings.HasPrefix(command, other.begins) {
			status, prints = other.status, other.prints
		}
	}
	cmd := m.shell(command)
	cmd.Stdin = strings.NewReader("kiln marsupial trombone quay\n") // for commands that ask for a password
	output, _ := cmd.CombinedOutput()
	if got := cmd.ProcessState.ExitCode(); got != status || !strings.Contains(string(output), prints) {
		m.t.Errorf("%v\nexit status %d, want %d with %q. Mend the document, or say in endsOtherwise why it ends so. It printed:\n%s", line, got, status, prints, output)
	}
}

func (m *machine) mustRun(script string) {
	m.t.Helper()
	if output, err := m.shell(script).CombinedOutput(); err != nil {
		m.t.Fatalf("%s: %v\n%s", script, err, output)
	}
}

// start runs the service at free ports, and waits until it listens.
func (m *machine) start(command string) {
	m.t.Helper()
	s, err := served(m.shell("exec env "+command, "GATEHOUSE_LISTEN=127.0.0.1:0", "GATEHOUSE_GUARD_LISTEN=127.0.0.1:0"))
	if err != nil {
		m.t.Fatalf("%s: %v", command, err)
	}
	m.service, m.address = s, s.address
	m.must(os.RemoveAll(m.top + "/etc/gatehouse/environment"))
}

func (m *machine) stop() {
	if m.service == nil {
		return
	}
	if err := m.service.End(os.Interrupt); err != nil {
		m.t.Errorf("the service does not stop: %v\n%s", err, m.service.Stderr)
	}
	m.service = nil
}

// fillIn puts into the files of /etc/gatehouse what belongs there, if they are empty: the documents leave that
// to the reader.
func (m *machine) fillIn() {
	m.t.Helper()
	for name, content := range map[string]string{
		"secret-key":  recordedSecret,
		"environment": m.here(m.settings) + "GATEHOUSE_LISTEN=" + m.address + "\n",
	} {
		path := m.top + "/etc/gatehouse/" + name
		if info, err := os.Stat(path); err != nil || info.Size() == 0 {
			putFile(m.t, path, content)
		}
	}
}

var (
	codeSpan = regexp.MustCompile("`(?:bin/)?(gatehouse|task)\\s([^`]+)`")
	longFlag = regexp.MustCompile(`^--[a-z-]+$`)
	taskName = regexp.MustCompile(`(?m)^  ([a-z-]+):`)
)

// What the documents name within a sentence, such as `gatehouse staff show EMAIL`, is there: the command with its
// flags, and the task.
func TestCommandsThatTheDocumentsName(t *testing.T) {
	t.Parallel()
	taskfile, err := os.ReadFile("../../../Taskfile.yml")
	if err != nil {
		t.Fatal(err)
	}
	pages, tasks := manualPages(t), map[string]bool{}
	for _, task := range taskName.FindAllStringSubmatch(string(taskfile), -1) {
		tasks[task[1]] = true
	}
	named := 0
	for _, document := range documents(t) {
		content, err := os.ReadFile(filepath.Join("../../..", document))
		if err != nil {
			t.Fatal(err)
		}
		for _, span := range codeSpan.FindAllStringSubmatch(string(content), -1) {
			named++
			if words := strings.Fields(span[2]); span[1] == "task" && !tasks[words[0]] || span[1] == "gatehouse" && !isInManual(pages, words) {
				t.Errorf("%s names %s, which is not there: mend the document", document, span[0])
			}
		}
	}
	if named < 50 {
		t.Errorf("only %d are found", named)
	}
}

// isInManual tells whether the manual has the command that the words begin with, and each flag among them.
func isInManual(pages []manualPage, words []string) bool {
	if words[0] == "--env-file" {
		words = words[2:]
	}
	if words[0] == "COMMAND" {
		return true
	}
	if words[0] == "help" {
		return len(words) == 1 || words[1] == "COMMAND" || isInManual(pages, words[1:])
	}
	at := slices.IndexFunc(pages, func(p manualPage) bool { return strings.HasPrefix(strings.Join(words, " ")+" ", p.command+" ") })
	return at >= 0 && !slices.ContainsFunc(words, func(word string) bool {
		return longFlag.MatchString(word) && !strings.Contains(pages[at].text, "\n  "+word)
	})
}
