//go:build system

package acceptance

import (
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"gatehouse/cmd/internal/running"
)

// The disk says no, for a while, to what is asked of it: strace has the kernel's calls fail.
// Whatever cannot be stored is answered with 503, what only reads goes on, and when the disk
// works again everything that was acknowledged is there, and nothing else.
func TestDiskThatFails(t *testing.T) {
	for name, fault := range map[string]string{
		"fsync fails":        "inject=fsync,fdatasync:error=EIO",
		"fsync fails, full":  "inject=fsync,fdatasync:error=ENOSPC",
		"write fails":        "inject=pwrite64:error=EIO",
		"write fails, full":  "inject=pwrite64:error=ENOSPC",
		"every third fsync":  "inject=fsync,fdatasync:error=EIO:when=1+3",
		"every second write": "inject=pwrite64:error=EIO:when=1+2",
	} {
		t.Run(name, func(t *testing.T) { surviveFault(t, fault, strings.Contains(fault, "when=")) })
	}
}

func surviveFault(t *testing.T, fault string, nowAndThen bool) {
	s := newShop(t)
	before, leaving := s.asBrowser(t), s.asBrowser(t)
	acknowledged := 2
	restore := failing(t, s, fault)
	for range 4 {
		switch got := s.ask(t, goodSignIn()); {
		case got.status == 200 && nowAndThen:
			acknowledged++
		case got.status != 503:
			t.Errorf("signing in is answered with %v", got)
		}
	}
	left := s.ask(t, wirePost(logoutPath, "", "Cookie: refresh_token="+leaving.refresh))
	if left.status != 503 && !nowAndThen || left.status == 200 && !strings.Contains(string(left.body), "success") {
		t.Errorf("signing out is answered with %v", left)
	}
	if got := s.ask(t, wireGet(mePath, "Cookie: access_token="+before.access)); got.status != 200 {
		t.Errorf("reading is answered with %v", got)
	}
	restore()

	if got := s.ask(t, goodSignIn()); got.status != 200 {
		t.Errorf("afterwards signing in is answered with %v", got)
	}
	acknowledged++
	after := s.ask(t, wireGet(mePath, "Cookie: access_token="+leaving.access)).status
	if want := map[int]int{200: 401, 503: 200}[left.status]; after != want {
		t.Errorf("signing out was answered with %d, and the session then with %d", left.status, after)
	}
	s.operator(t, "audit", "verify")
	if got := strings.Count(s.operator(t, "audit", "list", "--json", "--kind", "sign_in"), `"sign_in"`); got != acknowledged {
		t.Errorf("%d sign-ins are in the trail, %d were acknowledged", got, acknowledged)
	}
}

// smallDisk is a file system with a little more room than the service wants to be ready.
const smallDisk = "mount -t tmpfs -o size=80m,mode=700 tmpfs data && exec gatehouse serve"

// On a disk that gets full the service says that it is not ready before it has to refuse anybody, and is
// ready again when somebody has made room. The file system is real, and the server's alone.
func TestDiskThatGetsFull(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	s, err := served(called(dir, environment(), "unshare", "--map-root-user", "--mount", "sh", "-c", smallDisk))
	if err != nil {
		t.Fatalf("the server does not start, or unshare is missing: %v", err)
	}
	t.Cleanup(func() { _ = s.End(os.Interrupt) })
	inside := filepath.Join("/proc", strconv.Itoa(s.Pid()), "root", dir, "data", "filler")

	s.mustBecome(t, http.StatusOK)
	if err := os.WriteFile(inside, make([]byte, 20<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	s.mustBecome(t, http.StatusServiceUnavailable)
	if got := s.ask(t, goodSignIn()); got.status != http.StatusUnauthorized {
		t.Errorf("somebody unknown is answered with %v: there is room for that", got)
	}
	if _, said, status := runProgram(t, dir, environment("GATEHOUSE_LISTEN="+s.address), "", "healthcheck"); status != exitRefused || !strings.Contains(said, "log") {
		t.Errorf("healthcheck: exit status %d, %s", status, said)
	}
	if err := os.Remove(inside); err != nil {
		t.Fatal(err)
	}
	s.mustBecome(t, http.StatusOK)
	if err := s.Await(s.Stderr, func(log string) bool { return strings.Contains(log, "room is getting short") }); err != nil {
		t.Errorf("%v: the log does not say that room is getting short: %s", err, s.Stderr)
	}
}

// mustBecome asks whether the service is ready until it says so, or says that it is not.
func (s *server) mustBecome(t *testing.T, status int) {
	t.Helper()
	for begin := time.Now(); time.Since(begin) < running.Patience; {
		if got := s.ask(t, wireGet("/readyz")); got.status == status {
			return
		}
	}
	t.Fatalf("/readyz does not become %d", status)
}

// failing has calls of the server fail that concern the database, until the returned function
// is called.
func failing(t *testing.T, s *shopServer, fault string) (restore func()) {
	t.Helper()
	database := filepath.Join(s.dir, "data", "gatehouse.db")
	command := exec.Command("strace", "-f", "-p", strconv.Itoa(s.Pid()), "-o", filepath.Join(t.TempDir(), "trace"),
		"-P", database, "-P", database+"-wal", "-e", fault)
	tracer, err := running.Start(command)
	if err != nil {
		t.Fatalf("strace is needed: %v", err)
	}
	if err := tracer.Await(tracer.Stderr, func(text string) bool { return strings.Contains(text, "attached") }); err != nil {
		t.Fatalf("strace: %v %s", err, tracer.Stderr)
	}
	return func() { _ = tracer.End(os.Interrupt) }
}

// On FAT, and on some file systems of networks and phones, there are no hard links. Keys, the database, its
// backup and a restore need none.
func TestFileSystemWithoutHardLinks(t *testing.T) {
	dir := t.TempDir()
	people, err := os.ReadFile("testdata/staff.json")
	if err := errors.Join(err, os.WriteFile(filepath.Join(dir, "staff.json"), people, 0o600)); err != nil {
		t.Fatal(err)
	}
	trace := filepath.Join(dir, "trace")
	for _, args := range [][]string{{"staff", "import", "staff.json"}, {"backup", "copy.db"}, {"restore", "copy.db"}, {"audit", "verify"}} {
		command := exec.Command("strace", append([]string{"-f", "-A", "-o", trace, "-e", "trace=link,linkat", "-e", "inject=link,linkat:error=EPERM", "gatehouse"}, args...)...)
		command.Dir, command.Env = dir, environment()
		if said, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%q: %v: %s", args, err, said)
		}
	}
	tried, err := os.ReadFile(trace)
	if err != nil || strings.Count(string(tried), "(INJECTED)") < 2 {
		t.Errorf("keys and the database were made without asking for a link, so nothing is proved: %s, %v", tried, err)
	}
}
