package cli_test

import (
	"context"
	"errors"
	"flag"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"gatehouse/adapters/cli"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestManualPages(t *testing.T) {
	for _, command := range cli.Commands() {
		t.Run(command.Name, func(t *testing.T) {
			if command.Summary == "" || strings.Contains(command.Summary, "\n") || strings.HasSuffix(command.Summary, ".") {
				t.Errorf("the summary is %q, want half a line", command.Summary)
			}
			for _, part := range []string{"Exit status: 0 ", "Example:\n\n  ", "gatehouse " + command.Name} {
				if !strings.Contains(command.Description, part) {
					t.Errorf("the description lacks %q", part)
				}
			}
			for line := range strings.SplitSeq(command.Description, "\n") {
				if utf8.RuneCountInString(line) > 80 || strings.TrimRight(line, " ") != line {
					t.Errorf("the line is too long or ends in a space: %q", line)
				}
			}
			flagsOf(command).VisitAll(func(f *flag.Flag) {
				if f.Usage == "" || !strings.Contains(command.Arguments, "--"+f.Name) {
					t.Errorf("the synopsis %q lacks --%s, or the flag has no text", command.Arguments, f.Name)
				}
			})
		})
	}
}

func flagsOf(command *cli.Command) *flag.FlagSet {
	flags := flag.NewFlagSet(command.Name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	command.Flags(flags)
	return flags
}

// complete are arguments with which every command runs.
var complete = map[string][]string{
	"staff import":          {"-"},
	"staff add":             {"x@example.test", "--first-name", "X", "--last-name", "Y"},
	"staff list":            nil,
	"staff show":            {"person1@example.test"},
	"staff set-password":    {"person1@example.test"},
	"staff require-reset":   {"person1@example.test"},
	"staff invite":          {"person1@example.test"},
	"staff reset-link":      {"person1@example.test"},
	"staff unlock":          {"person1@example.test"},
	"staff deactivate":      {"person1@example.test"},
	"staff activate":        {"person1@example.test"},
	"staff leave":           {"person1@example.test", "--on", "2026-12-24"},
	"staff delete":          {"person1@example.test", "--yes"},
	"staff revoke-sessions": {"person1@example.test"},
	"sessions list":         nil,
	"sessions revoke":       {"00000000000000000000000000000001"},
	"audit list":            nil,
	"audit export":          {"--format", "csv"},
	"audit verify":          nil,
	"backup":                {"new"},
	"restore":               {"copy"},
}

func TestBrokenStore(t *testing.T) {
	for _, command := range cli.Commands() {
		t.Run(command.Name, func(t *testing.T) {
			s := newShop()
			s.breakStore()
			words := append(strings.Fields(command.Name), complete[command.Name]...)
			result := s.run(t, strings.NewReader("1 x@example.test"), words...)
			result.refused(t, false, broken)
			if result.out.Len() > 0 {
				t.Errorf("printed %q", &result.out)
			}
			if !errors.Is(result.failure, domain.ErrUnavailable) {
				t.Error("the error has lost its cause")
			}
		})
	}
}

// memberName is a name in quotes; words without an underscore are values.
var memberName = regexp.MustCompile(`"([a-z]+_[a-z_]+)"`)

// What a manual page says of a member is printed, with --json and as a line for people.
func TestManualPagesNameWhatIsPrinted(t *testing.T) {
	for _, command := range cli.Commands() {
		for _, name := range memberName.FindAllStringSubmatch(command.Description, -1) {
			s := newShop()
			s.save(t, porttest.Person(1))
			words := append(strings.Fields(command.Name), complete[command.Name]...)
			mustPrint(t, "\n"+name[1]+":", s.do(t, words...))
			mustPrint(t, "\n  "+name[0]+":", s.do(t, append(words, "--json")...))
		}
	}
}

func mustPrint(t *testing.T, name, out string) {
	t.Helper()
	if !strings.Contains(out, name) {
		t.Errorf("the manual page tells of %s, which is not in\n%s", name, out)
	}
}

// full is a disk without space.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestOutputFails(t *testing.T) {
	for _, command := range cli.Commands() {
		t.Run(command.Name, func(t *testing.T) {
			s := newShop()
			s.save(t, porttest.Person(1))
			s.signIn(t, porttest.Session(1, porttest.Person(1)))
			s.do(t, "backup", "copy")
			words := append(strings.Fields(command.Name), complete[command.Name]...)
			err := s.call(t.Context(), cli.Environment{
				Client: porttest.Operator(), In: strings.NewReader("2 a good long password"), Out: full{}, Err: io.Discard,
				Clock: s.clock.Now, Zone: time.UTC, PublicURL: "https://shop.example", ReadExport: readExport,
			}, words...)
			if want := "the output could not be written: no space left on device"; err == nil || err.Error() != want {
				t.Errorf("error %v, want %q", err, want)
			}
		})
	}
}

func TestWrongUsage(t *testing.T) {
	const setPassword = "one e-mail address is expected and nothing else: " +
		"the password is read from the terminal or from standard input"
	const oneCriterion = "one e-mail address, --weaker-than, --older-than and --all exclude each other: give one"
	for words, sentence := range map[string]string{
		"staff show":                                       "the e-mail address is missing",
		"staff show a@b.test c@d.test":                     "one e-mail address is expected, and 2 arguments were given",
		"staff show --jsn a@b.test":                        "flag provided but not defined: -jsn",
		"staff show a@b.test --\u202ejson":                 `flag provided but not defined: -\u202ejson`,
		"staff show -- --json --json":                      "one e-mail address is expected, and 2 arguments were given",
		"staff show -- --json":                             "nobody has the address --json: see gatehouse staff list",
		"staff list x":                                     "nothing but flags is expected here",
		"staff import":                                     "the FILE argument is missing",
		"staff import --example a":                         "--example prints an export and imports none: give it alone",
		"staff import --example --json":                    "--example prints an export and imports none: give it alone",
		"staff import a b":                                 "one FILE argument is expected, and 2 arguments were given",
		"staff add a@b.test --first-name A":                `--first-name and --last-name are both needed (write "" for a name that somebody does not have)`,
		"staff add --first-name A --last-name B":           "the e-mail address is missing",
		"staff set-password":                               "the e-mail address is missing",
		"staff set-password a@b.test correcthorse":         setPassword,
		"staff set-password a@b.test --password=x":         "flag provided but not defined: -password",
		"staff activate":                                   "the e-mail address is missing",
		"staff deactivate a@b.test now":                    "one e-mail address is expected, and 2 arguments were given",
		"staff unlock":                                     "the e-mail address is missing",
		"staff require-reset":                              "say whose password: an e-mail address, --weaker-than, --older-than or --all",
		"staff require-reset --dry-run":                    "say whose password: an e-mail address, --weaker-than, --older-than or --all",
		"staff require-reset a@b.test c@d.test":            oneCriterion,
		"staff require-reset a@b.test --all":               oneCriterion,
		"staff require-reset --all --weaker-than memory":   oneCriterion,
		"staff require-reset --all --older-than 1d":        oneCriterion,
		"staff require-reset a@b.test --dry-run":           "--dry-run goes with --weaker-than, --older-than or --all",
		"staff require-reset --weaker-than=":               "--weaker-than needs a kind of hash, such as argon2id",
		"staff require-reset --older-than 0d":              `invalid value "0d" for flag -older-than: write it as 365d or 12h, from 1 h to 100 years`,
		"staff require-reset --older-than -1d":             `invalid value "-1d" for flag -older-than: write it as 365d or 12h, from 1 h to 100 years`,
		"staff require-reset --older-than 40000d":          `invalid value "40000d" for flag -older-than: write it as 365d or 12h, from 1 h to 100 years`,
		"staff require-reset --older-than 1y":              `invalid value "1y" for flag -older-than: write it as 365d or 12h, from 1 h to 100 years`,
		"staff leave a@b.test":                             "the day is missing: --on 2026-12-24",
		"staff leave --on 2026-12-24":                      "the e-mail address is missing",
		"staff leave a@b.test --on 24.12.2026":             `invalid value "24.12.2026" for flag -on: "24.12.2026" is not a date: write it as 2026-12-24`,
		"staff delete a@b.test":                            "deleting an account cannot be undone: confirm it with --yes",
		"staff delete --yes":                               "the e-mail address is missing",
		"staff revoke-sessions":                            "the e-mail address is missing",
		"staff revoke-sessions a@b.test c@d.test":          "one e-mail address is expected, and 2 arguments were given",
		"sessions list a@b.test":                           "nothing but flags is expected here",
		"sessions list --staff=":                           "--staff needs an e-mail address",
		"sessions revoke":                                  "the id of a session is missing",
		"sessions revoke 1 2":                              "one id of a session is expected, and 2 arguments were given",
		"audit list yesterday":                             "nothing but flags is expected here",
		"audit list --limit -1":                            "--limit must not be negative; 0 shows all",
		"audit list --limit x":                             `invalid value "x" for flag -limit: parse error`,
		"audit list --staff=":                              "--staff needs an e-mail address or an id",
		"audit list --outcome good":                        `invalid value "good" for flag -outcome: it must be one of success, failure, blocked`,
		"audit list --since 2026-03-02T10:00":              `invalid value "2026-03-02T10:00" for flag -since: write it as 2026-03-02, "2026-03-02 15:04" or 2026-03-02T15:04:05+13:00`,
		"audit list --since 2026-03-03 --until 2026-03-02": "--since is not before --until",
	} {
		t.Run(words, func(t *testing.T) {
			newShop().refuse(t, !strings.HasPrefix(sentence, "nobody"), sentence, strings.Fields(words)...)
		})
	}
}

func TestEmptyArgument(t *testing.T) {
	newShop().refuse(t, true, "the e-mail address is missing", "staff", "show", "")
}

func TestHelpIsNoUsageError(t *testing.T) {
	for _, command := range cli.Commands() {
		if _, err := cli.Parse(flagsOf(command), []string{"x", "--help"}); !errors.Is(err, flag.ErrHelp) {
			t.Errorf("%s --help: %v, want flag.ErrHelp", command.Name, err)
		}
	}
}

func TestFlagsOfCallsAreSeparate(t *testing.T) {
	s := newShop()
	s.save(t, porttest.Person(1))
	s.do(t, "staff", "show", "person1@example.test", "--json")
	if out := s.do(t, "staff", "show", "person1@example.test"); strings.HasPrefix(out, "{") {
		t.Errorf("--json has survived: %s", out)
	}
}

func TestInterrupted(t *testing.T) {
	never, end := io.Pipe()
	defer func() { _ = end.Close() }()
	for _, name := range []string{"staff import", "staff set-password", "staff list"} {
		t.Run(name, func(t *testing.T) {
			s := newShop()
			s.save(t, porttest.Person(1))
			ctx, cancel := context.WithCancel(t.Context())
			err := s.call(ctx, cli.Environment{
				Client: porttest.Operator(), In: interrupting{never, cancel}, Out: interruptingWriter{cancel}, Err: io.Discard,
				Clock: s.clock.Now, Zone: time.UTC, ReadExport: readExport,
			}, append(strings.Fields(name), complete[name]...)...)
			if name == "staff list" { // cancelled before it has begun
				err = s.call(ctx, cli.Environment{Out: io.Discard}, "staff", "list")
			}
			if want := "interrupted: nothing has been changed"; err == nil || err.Error() != want || !errors.Is(err, context.Canceled) {
				t.Errorf("error %v, want %q", err, want)
			}
		})
	}
}

// interrupting is an input that nobody writes to; the operator gives up when it is read.
type interrupting struct {
	io.Reader
	cancel func()
}

func (i interrupting) Read(p []byte) (int, error) {
	i.cancel()
	return i.Reader.Read(p)
}

type interruptingWriter struct{ cancel func() }

func (i interruptingWriter) Write(p []byte) (int, error) {
	i.cancel()
	return len(p), nil
}
