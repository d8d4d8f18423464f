package smtpmail_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gatehouse/adapters/smtpmail"
	"gatehouse/adapters/smtpmail/smtptest"
	"gatehouse/domain"
)

// asServer makes the test's binary the mail server.
const asServer = "SMTPMAIL_TEST_SERVER"

// TestMain makes a certificate that the tests trust, which has to be before anything asks for
// trusted ones.
func TestMain(m *testing.M) {
	if os.Getenv(asServer) != "" {
		fmt.Fprintln(os.Stderr, smtptest.Main())
		os.Exit(1)
	}
	os.Exit(trusting(m))
}

var certFile, keyFile string

func trusting(m *testing.M) int {
	dir, err := os.MkdirTemp("", "smtpmail-")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if certFile, keyFile, err = smtptest.NewCertificate(dir, time.Now()); err != nil {
		panic(err)
	}
	if err := os.Setenv("SSL_CERT_FILE", certFile); err != nil {
		panic(err)
	}
	return m.Run()
}

// A post is a mail server that runs, and a configuration for it.
type post struct {
	t      *testing.T
	dir    string
	config smtpmail.Config
}

// open starts a server as a process of its own.
func open(t *testing.T, flags ...string) *post {
	t.Helper()
	p := &post{t: t, dir: t.TempDir()}
	command := exec.Command(os.Args[0], append([]string{"-dir", p.dir}, flags...)...)
	command.Env = append(os.Environ(), asServer+"=1")
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command.Process.Kill(); _ = command.Wait() })
	line, err := bufio.NewReader(stdout).ReadString('\n')
	address, ok := strings.CutPrefix(strings.TrimSpace(line), "listening 127.0.0.1:")
	port, bad := strconv.Atoi(address)
	if err != nil || !ok || bad != nil {
		t.Fatalf("the server says %q, %v", line, err)
	}
	p.config = smtpmail.Config{
		Host: "127.0.0.1", Port: port, Security: smtpmail.StartTLS, Timeout: 10 * time.Second,
		From: mail.Address{Name: "The Shop", Address: "noreply@shop.test"}, Shop: "Bits & Bolts",
		PublicURL: &url.URL{Scheme: "https", Host: "shop.test", Path: "/gate/"}, Zone: time.FixedZone("NZDT", 13*60*60),
	}
	return p
}

func withCertificate() []string { return []string{"-cert", certFile, "-key", keyFile} }

func letter(kind domain.MailKind) domain.Letter {
	noon := time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)
	return domain.Letter{
		ID: "0123456789abcdef0123456789abcdef", Kind: kind, To: "mere@shop.test", Name: "Mere <Parata>",
		About: noon, Until: noon.Add(10 * time.Minute),
		Staff: "00000000-0000-4000-8000-000000000001", Token: domain.NewLinkToken("the-token"),
	}
}

func (p *post) send(l domain.Letter) error {
	return smtpmail.New(p.config).Send(context.Background(), l)
}

// received are the letters that the server has.
func (p *post) received() []smtptest.Mail {
	p.t.Helper()
	mails, err := smtptest.Mails(p.dir)
	if err != nil {
		p.t.Fatal(err)
	}
	return mails
}

// parts takes a letter apart: its headers, and the bodies by their types.
func parts(t *testing.T, text string) (mail.Header, map[string]string) {
	t.Helper()
	message, err := mail.ReadMessage(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	_, parameters, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	bodies := map[string]string{}
	for reader := multipart.NewReader(message.Body, parameters["boundary"]); ; {
		part, err := reader.NextRawPart()
		if err == io.EOF {
			return message.Header, bodies
		}
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := strings.Cut(part.Header.Get("Content-Type"), ";")
		bodies[kind] = strings.ReplaceAll(string(body), "\r\n", "\n")
	}
}

const link = "https://shop.test/gate/accounts/password_reset/confirm/?uid=00000000-0000-4000-8000-000000000001&token=the-token"

func TestALetter(t *testing.T) {
	p := open(t, withCertificate()...)
	p.config.SubjectPrefix = "[Shop] "
	if err := p.send(letter(domain.MailResetLink)); err != nil {
		t.Fatal(err)
	}
	got := p.received()
	if len(got) != 1 || got[0].From != "noreply@shop.test" || got[0].To != "mere@shop.test" {
		t.Fatalf("received is %+v", got)
	}
	header, bodies := parts(t, got[0].Text)
	for name, want := range map[string]string{
		"From": `"The Shop" <noreply@shop.test>`, "To": "<mere@shop.test>", "Subject": "[Shop] Set a new password",
		"Message-Id": "<0123456789abcdef0123456789abcdef@shop.test>", "Date": "Mon, 02 Mar 2026 12:00:00 +0000",
		"Auto-Submitted": "auto-generated",
	} {
		if all := header[name]; len(all) != 1 || all[0] != want {
			t.Errorf("%s is %q, want %q", name, all, want)
		}
	}
	for name := range header {
		if !slices.Contains([]string{"From", "To", "Subject", "Message-Id", "Date", "Auto-Submitted", "Mime-Version", "Content-Type"}, name) {
			t.Errorf("there is a header %s: %s", name, header.Get(name))
		}
	}
	const want = `Hello Mere <Parata>,

Somebody, probably you, has asked for a new password for your account at Bits & Bolts. Open this link to set one:

` + link + `

It works once, until 3 March 2026 at 01:10 (NZDT). If you have asked for another since, only the newest works.

If you did not ask for it you need not do anything: your password is as it was. Do not give the link to anybody. Nobody at Bits & Bolts will ask you for it.
`
	if bodies["text/plain"] != want {
		t.Errorf("the text is\n%s", bodies["text/plain"])
	}
	html := bodies["text/html"]
	escaped := strings.ReplaceAll(link, "&", "&amp;")
	for _, part := range []string{"<p>Hello Mere &lt;Parata&gt;,</p>", `<a href="` + escaped + `">` + escaped + "</a>", "Bits &amp; Bolts"} {
		if !strings.Contains(html, part) {
			t.Errorf("the HTML lacks %s:\n%s", part, html)
		}
	}
	for _, part := range []string{"<img", "<script", "src=", "<Parata>"} {
		if strings.Contains(html, part) {
			t.Errorf("the HTML has %s", part)
		}
	}
}

// Every kind has its texts, a link or none, and nothing that was not filled in.
func TestEveryLetter(t *testing.T) {
	p := open(t, withCertificate()...)
	subjects := map[string]bool{}
	for _, kind := range domain.MailKinds() {
		if err := p.send(letter(kind)); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		all := p.received()
		header, bodies := parts(t, all[len(all)-1].Text)
		subjects[header.Get("Subject")] = true
		text := bodies["text/plain"]
		if strings.Contains(text, "the-token") != kind.HasLink() || strings.Contains(text, "<no value>") || !strings.Contains(text, "Bits & Bolts") || len(bodies) != 2 {
			t.Errorf("%s is\n%s", kind, text)
		}
	}
	if len(subjects) != len(domain.MailKinds()) {
		t.Errorf("subjects are %v", subjects)
	}
}

// Nothing in a name or an address makes a header, or another recipient.
func TestLettersCannotBeInjectedInto(t *testing.T) {
	p := open(t, withCertificate()...)
	for _, to := range []domain.Email{"mere@shop.test\r\nBcc: evil@shop.test", "mere@shop.test\nX: y", "mere@shop.test, evil@shop.test", "Mere <mere@shop.test>", "mere", "", "mere@shop.test\x00"} {
		l := letter(domain.MailResetLink)
		l.To = to
		if err := p.send(l); !errors.Is(err, domain.ErrMailRefused) || strings.Contains(err.Error(), "mere") {
			t.Errorf("%q: %v", to, err)
		}
	}
	if got := p.received(); len(got) > 0 {
		t.Fatalf("received is %v", got)
	}
	const evil = "Mere\r\nBcc: evil@shop.test\r\n\r\n\u2028X: y\x1b[2J"
	l := letter(domain.MailPasswordChanged)
	l.Name = evil
	p.config.Shop, p.config.SubjectPrefix, p.config.From.Name = evil, evil+" ", evil
	if err := p.send(l); err != nil {
		t.Fatal(err)
	}
	header, bodies := parts(t, p.received()[0].Text)
	if header.Get("Bcc") != "" || header.Get("X") != "" || len(header["Subject"]) != 1 || strings.Contains(bodies["text/plain"], "\n\nX") ||
		strings.ContainsAny(bodies["text/plain"], "\r\x1b") {
		t.Errorf("the letter is %v\n%s", header, bodies["text/plain"])
	}
}

func TestHowTheConnectionIsMade(t *testing.T) {
	for name, test := range map[string]struct {
		flags  []string
		change func(*smtpmail.Config)
		sent   bool
	}{
		"STARTTLS":                              {withCertificate(), func(*smtpmail.Config) {}, true},
		"from the start":                        {append(withCertificate(), "-implicit"), func(c *smtpmail.Config) { c.Security = smtpmail.ImplicitTLS }, true},
		"plain":                                 {nil, func(c *smtpmail.Config) { c.Security = smtpmail.Plain }, true},
		"STARTTLS that is not offered":          {nil, func(*smtpmail.Config) {}, false},
		"TLS that is not there":                 {nil, func(c *smtpmail.Config) { c.Security = smtpmail.ImplicitTLS }, false},
		"a certificate of another name":         {withCertificate(), func(c *smtpmail.Config) { c.Host = "127.0.0.2" }, false},
		"an account":                            {append(withCertificate(), "-user", "u", "-password", "p"), func(c *smtpmail.Config) { c.Username, c.Password = "u", domain.NewSecret("p") }, true},
		"an account, plain":                     {account(), signedIn("p"), true},
		"an account, plain, with LOGIN":         {append(account(), "-login"), signedIn("p"), true},
		"the wrong password, plain":             {account(), signedIn("canary"), false},
		"the wrong password, plain, with LOGIN": {append(account(), "-login"), signedIn("canary"), false},
		"an account that is asked for, plain":   {account(), func(c *smtpmail.Config) { c.Security = smtpmail.Plain }, false},
		"the wrong password":                    {append(withCertificate(), "-user", "u", "-password", "p"), func(c *smtpmail.Config) { c.Username, c.Password = "u", domain.NewSecret("canary") }, false},
		"an account that is asked for":          {append(withCertificate(), "-user", "u", "-password", "p"), func(*smtpmail.Config) {}, false},
		"nobody who listens":                    {nil, func(c *smtpmail.Config) { c.Port = 1 }, false},
		"a certificate that nobody signs":       {withOther(t), func(*smtpmail.Config) {}, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := open(t, test.flags...)
			test.change(&p.config)
			err := p.send(letter(domain.MailResetLink))
			if (err == nil) != test.sent || len(p.received()) == 1 != test.sent {
				t.Errorf("sent: %v; received are %d", err, len(p.received()))
			}
			if err != nil && (errors.Is(err, domain.ErrMailRefused) || strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), "mere@")) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

// account makes the server ask for an account.
func account() []string { return []string{"-user", "u", "-password", "p"} }

// signedIn uses the account without encryption.
func signedIn(password string) func(*smtpmail.Config) {
	return func(c *smtpmail.Config) {
		c.Security, c.Username, c.Password = smtpmail.Plain, "u", domain.NewSecret(password)
	}
}

// withOther is a certificate that the tests do not trust.
func withOther(t *testing.T) []string {
	cert, key, err := smtptest.NewCertificate(t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return []string{"-cert", cert, "-key", key}
}

// A refusal for good is told from one for now, and neither names anybody.
func TestWhatTheServerRefuses(t *testing.T) {
	p := open(t, withCertificate()...)
	for name, permanent := range map[string]bool{smtptest.Refused: true, smtptest.Busy: false} {
		l := letter(domain.MailResetLink)
		l.To = domain.Email(name + "@shop.test")
		err := p.send(l)
		if err == nil || errors.Is(err, domain.ErrMailRefused) != permanent || strings.Contains(err.Error(), "shop.test") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The same problem has the same text each time, so that the log can tell it once.
func TestAServerThatIsSilent(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	p := open(t)
	p.config.Port, p.config.Timeout = listener.Addr().(*net.TCPAddr).Port, 100*time.Millisecond
	first, second := p.send(letter(domain.MailResetLink)), p.send(letter(domain.MailResetLink))
	if first == nil || second == nil || first.Error() != second.Error() {
		t.Errorf("the errors are %v and %v", first, second)
	}
}

// An address that is not ASCII goes to a server that takes such ones, and to no other.
func TestAnAddressThatIsNotASCII(t *testing.T) {
	l := letter(domain.MailResetLink)
	l.To = "mère@shop.test"
	p := open(t, append(withCertificate(), "-utf8")...)
	if err := p.send(l); err != nil || len(p.received()) != 1 || p.received()[0].To != string(l.To) {
		t.Errorf("received is %+v, %v", p.received(), err)
	}
	p = open(t, withCertificate()...)
	err := p.send(l)
	if !errors.Is(err, domain.ErrMailRefused) || !strings.HasSuffix(err.Error(), "does not offer SMTPUTF8") || len(p.received()) > 0 {
		t.Errorf("without SMTPUTF8 received is %+v, %v", p.received(), err)
	}
	if err := p.send(letter(domain.MailResetLink)); err != nil {
		t.Errorf("an address that is ASCII: %v", err)
	}
}
