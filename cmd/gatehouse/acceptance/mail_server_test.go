package acceptance

import (
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"gatehouse/adapters/smtpmail/smtptest"
	"gatehouse/cmd/internal/running"
)

// A mailServer is a process that takes letters. Its folder survives it.
type mailServer struct {
	*running.Process
	dir     string
	address string
}

// startMailServer starts one and waits until it listens.
func startMailServer(dir, address string, flags ...string) (*mailServer, error) {
	process, err := running.Start(called("", environment(), "smtptest", append([]string{"-dir", dir, "-listen", address}, flags...)...))
	if err != nil {
		return nil, err
	}
	m := &mailServer{Process: process, dir: dir}
	err = m.Await(m.Stdout, func(text string) bool {
		line, rest, _ := strings.Cut(text, "\n")
		m.address = strings.TrimPrefix(line, "listening ")
		return rest != "" || strings.HasSuffix(text, "\n")
	})
	return m, err
}

// kept counts the letters that the process has kept so far.
func (m *mailServer) kept() int { return strings.Count(m.Stdout.String(), "kept ") }

func (m *mailServer) awaitKept(n int) error {
	return m.Await(m.Stdout, func(text string) bool { return strings.Count(text, "kept ") >= n })
}

// awaitLetters waits until there are n letters to the address, also from before the process
// was started, and returns them.
func (m *mailServer) awaitLetters(to string, n int) (letters []smtptest.Mail, err error) {
	err = m.Await(m.Stdout, func(string) bool {
		all, _ := smtptest.Mails(m.dir) // what cannot be read is not there yet
		letters = slices.DeleteFunc(all, func(letter smtptest.Mail) bool { return letter.To != to })
		return len(letters) >= n
	})
	return letters, err
}

// settings are what the service needs to use it.
func (m *mailServer) settings() []string {
	host, port, _ := strings.Cut(m.address, ":")
	return []string{"EMAIL_HOST=" + host, "EMAIL_PORT=" + port, "EMAIL_USE_TLS=false", "DEFAULT_FROM_EMAIL=Shop <noreply@shop.test>"}
}

// plainText takes the text out of a letter, and its subject.
func plainText(letter string) (subject, text string, err error) {
	message, err := mail.ReadMessage(strings.NewReader(letter))
	if err != nil {
		return "", "", err
	}
	_, parameters, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil {
		return "", "", err
	}
	part, err := multipart.NewReader(message.Body, parameters["boundary"]).NextRawPart()
	if err != nil {
		return "", "", err
	}
	body, err := io.ReadAll(quotedprintable.NewReader(part))
	return message.Header.Get("Subject"), strings.ReplaceAll(string(body), "\r\n", "\n"), err
}

var linkInText = regexp.MustCompile(`\?uid=([0-9a-f-]{36})&token=([A-Za-z0-9_-]{43})(?:\n|$)`)

func startMail(ts *testscript.TestScript, _ bool, _ []string) {
	dir := ts.MkAbs("mail")
	ts.Check(os.MkdirAll(filepath.Clean(dir), 0o700))
	m, err := startMailServer(dir, "127.0.0.1:0")
	ts.Check(err)
	stageOf(ts).mail = m
	for _, set := range m.settings() {
		name, value, _ := strings.Cut(set, "=")
		ts.Setenv(name, value)
	}
}

func showLetter(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	all, err := stageOf(ts).mail.awaitLetters(args[0], n)
	if err != nil {
		ts.Fatalf("there is no such letter: %v\n%s", err, stageOf(ts).server.Stderr)
	}
	subject, text, err := plainText(all[n-1].Text)
	ts.Check(err)
	_, _ = io.WriteString(ts.Stdout(), "Subject: "+subject+"\n\n"+text)
	setLink(ts, text)
}

func takeLink(ts *testscript.TestScript, _ bool, args []string) {
	if !setLink(ts, ts.ReadFile(args[0])) {
		ts.Fatalf("there is no link in %s", args[0])
	}
}

func setLink(ts *testscript.TestScript, text string) bool {
	found := linkInText.FindStringSubmatch(text)
	if found == nil {
		return false
	}
	ts.Setenv("UID", found[1])
	ts.Setenv("TOKEN", found[2])
	return true
}
