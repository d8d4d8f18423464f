package acceptance

import (
	"bufio"
	"net/http"
	"os"
	"regexp"
	"testing"

	"gatehouse/cmd/internal/running"
)

// deaf is a file that nothing can be written to, as on a full disk.
func deaf(t *testing.T) *os.File {
	t.Helper()
	file, err := os.Open(os.DevNull) // for reading alone
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return file
}

// answers asks the service, some times so that it has something to log.
func answers(t *testing.T, url string) {
	t.Helper()
	for range 5 {
		got, err := newBrowser().send(http.MethodGet, url+"/accounts/me/", nil, "")
		if err != nil || got.status != http.StatusUnauthorized {
			t.Fatalf("the service does not answer: %v, %v", err, got)
		}
	}
}

// stops expects that the service is still there to end, and ends well.
func stops(t *testing.T, r *running.Process) {
	t.Helper()
	if err := r.End(os.Interrupt); err != nil {
		t.Errorf("the service has not stopped as it should: %v", err)
	}
}

func TestReaderOfTheLogGoesAway(t *testing.T) {
	t.Parallel()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := command(t.TempDir(), environment(), "serve")
	cmd.Stderr = writer
	r, err := running.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.End(os.Kill) }()
	_ = writer.Close() // the process has its own
	address := ""
	for lines := bufio.NewReader(reader); address == ""; {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		address = running.ListeningAt(line)
	}
	_ = reader.Close()
	answers(t, "http://"+address)
	stops(t, r)
}

// An empty service has hints to print; it runs although they cannot be.
func TestHintsThatCannotBePrinted(t *testing.T) {
	t.Parallel()
	cmd := command(t.TempDir(), environment(), "serve")
	cmd.Stdout = deaf(t)
	r, err := running.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.End(os.Kill) }()
	if err := r.Await(r.Stderr, func(log string) bool { return running.ListeningAt(log) != "" }); err != nil {
		t.Fatalf("%v: %s", err, r.Stderr)
	}
	answers(t, "http://"+running.ListeningAt(r.Stderr.String()))
	stops(t, r)
}

var curlURL = regexp.MustCompile(`(http://\S+)/accounts/api/token/\n`)

func TestLogThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	cmd := command(t.TempDir(), environment(), "serve", "--demo")
	cmd.Stderr = deaf(t)
	r, err := running.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.End(os.Kill) }()
	if err := r.Await(r.Stdout, curlURL.MatchString); err != nil {
		t.Fatalf("%v: %s", err, r.Stdout)
	}
	answers(t, curlURL.FindStringSubmatch(r.Stdout.String())[1])
	stops(t, r)
}

// A command whose reader has seen enough, such as head, says nothing about it.
func TestReaderThatHasSeenEnough(t *testing.T) {
	t.Parallel()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	_ = reader.Close()
	defer func() { _ = writer.Close() }()
	cmd := command(t.TempDir(), environment(), "version")
	cmd.Stdout = writer
	r, err := running.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	<-r.Exited
	if r.Stderr.String() != "" {
		t.Errorf("the complaint is %q", r.Stderr)
	}
}
