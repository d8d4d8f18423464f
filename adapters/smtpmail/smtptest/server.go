package smtptest

import (
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// A Config says how the server behaves.
type Config struct {
	// Dir is the folder of the letters.
	Dir string
	// Certificate makes it offer STARTTLS, and with Implicit encrypt from the start. Without
	// one nothing is encrypted.
	CertFile, KeyFile string
	Implicit          bool
	// User and Password are asked for unless they are empty.
	User, Password string
	// Login makes LOGIN the only way to sign in, in place of PLAIN.
	Login bool
	// International makes it take addresses that are not ASCII, with SMTPUTF8.
	International bool
	// Pause is how long it takes to acknowledge a letter that it has kept.
	Pause time.Duration
	// Kept is called with the recipient of a letter that has been kept.
	Kept func(to string)
}

// What it answers to letters for some names, whatever their host.
const (
	Refused = "refused" // 550
	Busy    = "busy"    // 451
)

// Main is the server as a program. It prints the address that it listens at, and ends only by
// being killed, or when there is a mistake.
func Main() error {
	var c Config
	listen := flag.String("listen", "127.0.0.1:0", "`ADDRESS` to listen at")
	flag.StringVar(&c.Dir, "dir", ".", "`FOLDER` of the letters")
	flag.StringVar(&c.CertFile, "cert", "", "`FILE` of the certificate")
	flag.StringVar(&c.KeyFile, "key", "", "`FILE` of its key")
	flag.BoolVar(&c.Implicit, "implicit", false, "encrypt from the start")
	flag.StringVar(&c.User, "user", "", "`NAME` of the account")
	flag.StringVar(&c.Password, "password", "", "its `PASSWORD`")
	flag.BoolVar(&c.Login, "login", false, "offer AUTH LOGIN in place of PLAIN")
	flag.BoolVar(&c.International, "utf8", false, "offer SMTPUTF8")
	flag.DurationVar(&c.Pause, "pause", 0, "wait for a `DURATION` before a letter that was kept is acknowledged")
	flag.Parse()
	c.Kept = func(to string) { fmt.Println("kept", to) }
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		return err
	}
	fmt.Println("listening", listener.Addr())
	return Serve(listener, c)
}

// Serve answers at the listener until that is closed.
func Serve(listener net.Listener, c Config) error {
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{config: c}, nil }))
	server.Domain = "smtptest"
	server.AllowInsecureAuth = true
	server.EnableSMTPUTF8 = c.International
	if c.CertFile != "" {
		certificate, err := tls.LoadX509KeyPair(c.CertFile, c.KeyFile)
		if err != nil {
			return err
		}
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
		if c.Implicit {
			listener = tls.NewListener(listener, server.TLSConfig)
		}
	}
	return server.Serve(listener)
}

type session struct {
	config   Config
	signedIn bool
	mail     Mail
}

// AuthMechanisms implements [smtp.AuthSession].
func (s *session) AuthMechanisms() []string {
	if s.config.User == "" {
		return nil
	}
	if s.config.Login {
		return []string{sasl.Login}
	}
	return []string{sasl.Plain}
}

// Auth implements [smtp.AuthSession].
func (s *session) Auth(mechanism string) (sasl.Server, error) {
	if mechanism == sasl.Login {
		return &login{check: s.check}, nil
	}
	return sasl.NewPlainServer(func(_, user, password string) error { return s.check(user, password) }), nil
}

func (s *session) check(user, password string) error {
	if user != s.config.User || password != s.config.Password {
		return errors.New("wrong account")
	}
	s.signedIn = true
	return nil
}

// A login is the server's side of LOGIN, which asks for the name and then for the password.
type login struct {
	check func(user, password string) error
	said  []string
}

// Next implements [sasl.Server].
func (l *login) Next(response []byte) (challenge []byte, done bool, err error) {
	if response != nil {
		l.said = append(l.said, string(response))
	}
	switch len(l.said) {
	case 0:
		return []byte("Username:"), false, nil
	case 1:
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(l.said[0], l.said[1])
}

// Mail implements [smtp.Session].
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.config.User != "" && !s.signedIn {
		return smtp.ErrAuthRequired
	}
	s.mail.From = from
	return nil
}

// Rcpt implements [smtp.Session].
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	switch name, _, _ := strings.Cut(to, "@"); name {
	case Refused:
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user: " + to}
	case Busy:
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 2, 0}, Message: "try again: " + to}
	}
	s.mail.To = to
	return nil
}

// Data implements [smtp.Session].
func (s *session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mail.Text = string(text)
	if err := s.mail.keep(s.config.Dir); err != nil {
		return err
	}
	if s.config.Kept != nil {
		s.config.Kept(s.mail.To)
	}
	time.Sleep(s.config.Pause)
	return nil
}

// Reset implements [smtp.Session].
func (s *session) Reset() { s.mail = Mail{} }

// Logout implements [smtp.Session].
func (s *session) Logout() error { return nil }
