package acceptance

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"gatehouse/cmd/gatehouse/internal/program"
	"gatehouse/cmd/internal/running"
)

// A shop changes what its pages say while people sign in. A mistake changes nothing.
func TestHangUpReloadsThePages(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	texts, logo := filepath.Join(dir, "texts.json"), filepath.Join(dir, "logo.svg")
	const first, second = `<svg xmlns="http://www.w3.org/2000/svg"><title>1</title></svg>`, `<svg xmlns="http://www.w3.org/2000/svg"><title>2</title></svg>`
	putFile(t, texts, englishWith(t, "Change it one"))
	putFile(t, logo, first)
	s := serving(t, dir, environment("SHOP_TEXTS_FILE="+texts, "SHOP_LOGO_FILE="+logo))
	before := s.mustSay(t, "Change it one")

	putFile(t, texts, englishWith(t, "Change it two"))
	putFile(t, logo, second)
	s.hangUp(t, `"reloaded: the texts and the logo of the pages"`)
	after := s.mustSay(t, "Change it two")
	for path, want := range map[string]string{logoOf(t, before): first, logoOf(t, after): second} {
		if got := s.get(t, path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}

	putFile(t, texts, strings.ReplaceAll(englishWith(t, "Change it three"), `"lang"`, `"language"`))
	putFile(t, logo, "GIF89a")
	s.hangUp(t, "not reloaded, and the pages stay as they are")
	for _, want := range []string{"SHOP_TEXTS_FILE", "lang is missing", "SHOP_LOGO_FILE", "is not a picture"} {
		if !strings.Contains(s.Stderr.String(), want) {
			t.Errorf("the log does not say %q:\n%s", want, s.Stderr)
		}
	}
	if got := s.mustSay(t, "Change it two"); logoOf(t, got) != logoOf(t, after) {
		t.Error("the logo has changed without its texts")
	}
}

// englishWith are the texts of the pages, with another title of the page to change a password.
func englishWith(t *testing.T, title string) string {
	t.Helper()
	english, err := os.ReadFile("../../../adapters/fiberhttp/pages/en.json")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Replace(string(english), "Change your password", title, 1)
}

func putFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// hangUp sends SIGHUP, and waits until the log says so in a line that it has not had before.
func (s *server) hangUp(t *testing.T, says string) {
	t.Helper()
	had := strings.Count(s.Stderr.String(), says)
	mustSignal(t, s.Process, syscall.SIGHUP)
	if err := s.Await(s.Stderr, func(log string) bool { return strings.Count(log, says) > had }); err != nil {
		t.Fatalf("%v: the log does not say %q:\n%s", err, says, s.Stderr)
	}
}

func mustSignal(t *testing.T, r *running.Process, signal os.Signal) {
	t.Helper()
	if err := r.Signal(signal); err != nil {
		t.Fatal(err)
	}
}

func (s *server) get(t *testing.T, path string) string {
	t.Helper()
	response, err := http.Get(s.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func (s *server) mustSay(t *testing.T, title string) (page string) {
	t.Helper()
	if page = s.get(t, "/accounts/password_change/"); !strings.Contains(page, "<h1>"+title+"</h1>") {
		t.Fatalf("the page does not say %q:\n%s", title, page)
	}
	return page
}

func logoOf(t *testing.T, page string) string {
	t.Helper()
	_, rest, found := strings.Cut(page, "/accounts/assets/logo-")
	name, _, _ := strings.Cut(rest, `"`)
	if !found {
		t.Fatalf("the page has no logo:\n%s", page)
	}
	return "/accounts/assets/logo-" + name
}

// Nothing that a hang-up meets is ended by it: not the start, and not the end, which waits for
// who is being answered.
func TestHangUpEndsTheServiceInNoPhase(t *testing.T) {
	t.Parallel()
	starting, err := running.Start(command(t.TempDir(), environment("GATEHOUSE_THROTTLE=off"), "serve"))
	if err != nil {
		t.Fatal(err)
	}
	s := &server{Process: starting}
	t.Cleanup(func() { _ = s.End(os.Kill) })
	mustAwait(t, s.Process, "GATEHOUSE_THROTTLE is off") // the first that it says, before the database is there
	for range 3 {
		mustSignal(t, s.Process, syscall.SIGHUP)
	}
	mustAwait(t, s.Process, "listening")
	mustAwait(t, s.Process, "reloaded")
	s.address = running.ListeningAt(s.Stderr.String())
	slow, err := net.Dial("tcp", s.address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = slow.Close() }()
	const request = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
	answer := make([]byte, 12)
	_, _ = io.WriteString(slow, request+request[:20])
	if _, err := io.ReadFull(slow, answer); err != nil { // so the service has begun to read the second
		t.Fatal(err)
	}
	mustSignal(t, s.Process, syscall.SIGTERM)
	mustAwait(t, s.Process, "stopping")
	mustSignal(t, s.Process, syscall.SIGHUP)
	_, _ = io.WriteString(slow, request[20:])
	_ = slow.Close()
	if err := s.End(syscall.SIGHUP); err != nil || !strings.Contains(s.Stderr.String(), `"stopped"`) {
		t.Errorf("a hang-up has ended the service that was stopping: %v\n%s", err, s.Stderr)
	}
}

func mustAwait(t *testing.T, r *running.Process, says string) {
	t.Helper()
	if err := r.Await(r.Stderr, func(log string) bool { return strings.Contains(log, says) }); err != nil {
		t.Fatalf("%v: the log does not say %q:\n%s", err, says, r.Stderr)
	}
}

// The demonstration goes with its terminal, and leaves nothing.
func TestHangUpEndsTheDemonstration(t *testing.T) {
	t.Parallel()
	s, err := startServer(t.TempDir(), environment(), "--demo")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Await(s.Stdout, demoSaysIt.MatchString); err != nil {
		t.Fatal(err)
	}
	if err := s.End(syscall.SIGHUP); err != nil {
		t.Errorf("it has not ended well: %v\n%s", err, s.Stderr)
	}
	if dir := demoSaysIt.FindStringSubmatch(s.Stdout.String())[1]; program.IsThere(dir, "") {
		t.Errorf("%s is still there", dir)
	}
}

// A command whose terminal is closed ends as on SIGTERM, and has done nothing by half.
func TestHangUpEndsACommand(t *testing.T) {
	t.Parallel()
	for _, signal := range []os.Signal{syscall.SIGHUP, syscall.SIGTERM} {
		dir := t.TempDir()
		command, in := importing(t, dir, "gatehouse", "staff", "import", "-")
		mustSignal(t, command, signal)
		mustFail(t, command, "interrupted: nothing has been changed")
		_ = in.Close()
	}
}

// Under nohup a command goes on.
func TestHangUpIsIgnoredUnderNohup(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	command, in := importing(t, dir, "sh", "-c", "trap '' HUP; exec gatehouse staff import -")
	mustSignal(t, command, syscall.SIGHUP)
	people, err := os.ReadFile("testdata/staff.json")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = in.Write(bytes.TrimPrefix(people, []byte("[")))
	_ = in.Close()
	<-command.Exited
	if command.Err != nil || !strings.Contains(command.Stdout.String(), "added") {
		t.Errorf("the import has not been done: %v\n%s%s", command.Err, command.Stdout, command.Stderr)
	}
}

// importing is an import that has begun to read its input: more of it has been taken than a
// pipe holds.
func importing(t *testing.T, dir string, name string, args ...string) (*running.Process, io.WriteCloser) {
	t.Helper()
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := called(dir, environment(), name, args...)
	cmd.Stdin = out
	r, err := running.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	_ = out.Close()
	if _, err := in.Write(append([]byte("["), bytes.Repeat([]byte(" "), 256<<10)...)); err != nil {
		t.Fatal(err)
	}
	return r, in
}

func mustFail(t *testing.T, r *running.Process, says string) {
	t.Helper()
	<-r.Exited
	if r.Err == nil || !strings.Contains(r.Stderr.String(), says) {
		t.Errorf("%v: it does not say %q:\n%s", r.Err, says, r.Stderr)
	}
}

// Every command sees a hang-up that came before it could do anything.
func TestHangUpBeforeACommand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	importStaff(t, dir, environment())
	before := filesIn(t, dir)
	for _, args := range [][]string{
		{"backup", filepath.Join(dir, "copy")}, {"restore", filepath.Join(dir, "copy")}, {"staff", "list"}, {"staff", "deactivate", "mere@shop.test"},
		{"audit", "verify"}, {"healthcheck"},
	} {
		hangUps := make(chan os.Signal, 1)
		hangUps <- syscall.SIGHUP
		var out, failures bytes.Buffer
		status := program.Run(t.Context(), args, program.Process{
			Getenv: func(name string) string {
				return map[string]string{"GATEHOUSE_DATA_DIR": filepath.Join(dir, "data")}[name]
			},
			Environ: func() []string { return nil }, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &failures, HangUps: hangUps,
		})
		if status != program.StatusFailed || out.Len() > 0 {
			t.Errorf("%q goes on with status %d: %s%s", args, status, &out, &failures)
		}
	}
	if after := filesIn(t, dir); after != before {
		t.Errorf("there is %s, and there was %s", after, before)
	}
}

// filesIn are the names of all files but the lock, which stays.
func filesIn(t *testing.T, dir string) string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if !strings.HasSuffix(path, ".lock") {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(names, " ")
}
