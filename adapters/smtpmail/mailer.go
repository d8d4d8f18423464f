package smtpmail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"unicode"

	"github.com/google/wire"
	gomail "github.com/wneessen/go-mail"

	"gatehouse/domain"
	"gatehouse/ports"
)

// Set provides the mailer.
var Set = wire.NewSet(New, wire.Bind(new(ports.Mailer), new(*Mailer)))

// A Mailer opens a connection for each letter. It may be used concurrently.
type Mailer struct {
	config Config
	writer writer
}

var _ ports.Mailer = (*Mailer)(nil)

// New makes a Mailer. Nothing is connected yet.
func New(config Config) *Mailer { return &Mailer{config, newWriter(config)} }

// Send implements [ports.Mailer].
func (m *Mailer) Send(ctx context.Context, letter domain.Letter) error {
	message, err := m.message(letter)
	if err != nil {
		return err
	}
	client, err := m.client()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, m.config.Timeout)
	defer cancel()
	return deliver(ctx, client, message, letter.To)
}

func deliver(ctx context.Context, client *gomail.Client, message *gomail.Msg, to domain.Email) error {
	connection, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return explain(err)
	}
	defer func() { _ = client.CloseWithSMTPClient(connection) }() // the letter is delivered, or it is not
	if international, _ := connection.Extension("SMTPUTF8"); !international && !isASCII(string(to)) {
		return errNotASCII
	}
	if err = client.SendWithSMTPClient(connection, message); message.IsDelivered() {
		return nil
	}
	return explain(err)
}

// errNotASCII is told before the server has seen the address (RFC 6531, 3.2).
var errNotASCII = fmt.Errorf("%w: the address is not ASCII, and the mail server does not offer SMTPUTF8", domain.ErrMailRefused)

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII })
}

// message has the same id and date however often the letter is sent, and nothing in a header
// that somebody else could end it with.
func (m *Mailer) message(letter domain.Letter) (*gomail.Msg, error) {
	if _, err := domain.ParseEmail(string(letter.To)); err != nil {
		return nil, fmt.Errorf("%w: the address cannot be written to", domain.ErrMailRefused)
	}
	letterText, err := m.writer.write(letter)
	if err != nil {
		return nil, fmt.Errorf("writing a letter (%s): %w", letter.Kind, err)
	}
	message := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	message.FromMailAddress(&m.config.From)
	message.ToMailAddress(&mail.Address{Address: string(letter.To)})
	message.Subject(letterText.subject)
	message.SetMessageIDWithValue(string(letter.ID) + "@" + m.config.domain())
	message.SetDateWithValue(letter.About)
	message.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834
	message.SetBodyString(gomail.TypeTextPlain, letterText.text)
	message.AddAlternativeString(gomail.TypeTextHTML, letterText.html)
	return message, nil
}

func (m *Mailer) client() (*gomail.Client, error) {
	c := m.config
	options := []gomail.Option{
		gomail.WithPort(c.Port), gomail.WithTimeout(c.Timeout),
		gomail.WithTLSConfig(&tls.Config{ServerName: c.Host, MinVersion: tls.VersionTLS12}),
	}
	switch c.Security {
	case ImplicitTLS:
		options = append(options, gomail.WithSSL())
	case StartTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case Plain:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if c.Username != "" {
		options = append(options, signIn(c.Security),
			gomail.WithUsername(c.Username), gomail.WithPassword(c.Password.Reveal()))
	}
	client, err := gomail.NewClient(c.Host, options...)
	if err != nil {
		return nil, fmt.Errorf("the mail server cannot be used: %w", err)
	}
	return client, nil
}

// signIn chooses among the ways to sign in that the server offers. The library's own choice
// leaves the ways out that show the password to the network, unless it is encrypted; without
// encryption the server is on this machine.
func signIn(security Security) gomail.Option {
	if security != Plain {
		return gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover)
	}
	return gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1,
		gomail.SMTPAuthCramMD5, gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc)
}

// explain leaves out what the library and the server say of the letter: they name the address.
func explain(err error) error {
	refused, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		if network, ok := errors.AsType[*net.OpError](err); ok { // our port is another each time
			err = &net.OpError{Op: network.Op, Net: network.Net, Addr: network.Addr, Err: network.Err}
		}
		return fmt.Errorf("the mail server cannot be reached or used: %w", err)
	}
	said := refused.Reason.String()
	if refused.ErrorCode() > 0 {
		said += ", code " + strconv.Itoa(refused.ErrorCode())
	}
	if permanent(refused) {
		return fmt.Errorf("%w (%s)", domain.ErrMailRefused, said)
	}
	return fmt.Errorf("the mail server does not take it now (%s)", said)
}

// permanent reports whether the server has refused this letter, and not this sender, for good
// (RFC 5321, 4.2.1).
func permanent(refused *gomail.SendError) bool {
	code := refused.ErrorCode()
	return code >= 500 && code < 600 &&
		(refused.Reason == gomail.ErrSMTPRcptTo || refused.Reason == gomail.ErrSMTPDataClose)
}
