package config

import (
	"cmp"
	"errors"
	"net"
	"net/mail"
	"net/url"
	"strings"
	"time"

	"gatehouse/adapters/smtpmail"
	"gatehouse/domain"
)

// mailSettings are the options about mail as they were written.
type mailSettings struct {
	host           string // "": mail is off
	port           int    // 0: by how the connection is encrypted
	user           string
	password       domain.Secret
	useTLS, useSSL bool
	from           *mail.Address // nil if it is not set
	timeout        time.Duration
	subjectPrefix  string
}

func mailHost(value string) (string, error) {
	if strings.ContainsAny(value, " /@[]") {
		return "", errors.New("is not the name of a mail server: write smtp.shop.example")
	}
	if strings.Contains(value, ":") && net.ParseIP(value) == nil {
		return "", errors.New("is not the name of a mail server: write smtp.shop.example, the port belongs into EMAIL_PORT")
	}
	return value, nil
}

func mailPort(value string) (int, error) {
	port, err := number(1, 65535)(value)
	if err != nil {
		return 0, errors.New("is not a port: write 587")
	}
	return port, nil
}

func mailSender(value string) (*mail.Address, error) {
	from, err := mail.ParseAddress(value)
	if err == nil {
		_, err = domain.ParseEmail(from.Address)
	}
	if err != nil {
		return nil, errors.New("is not a sender: write Shop <noreply@shop.example>")
	}
	return from, nil
}

// checkMail looks at what the options about mail must be together.
func (s *Settings) checkMail(refuse refusal) {
	m := s.mail
	if m.host == "" {
		return
	}
	if m.from == nil {
		refuse("DEFAULT_FROM_EMAIL", "is required with EMAIL_HOST: write Shop <noreply@shop.example>")
	}
	if !m.useTLS && !m.useSSL && !isLoopback(m.host) {
		refuse("EMAIL_USE_TLS", "= false is for a mail server on this machine: anybody on the way could read the links")
	}
	if m.user == "" && !m.password.Empty() {
		refuse("EMAIL_HOST_USER", "is missing beside EMAIL_HOST_PASSWORD")
	}
}

// MailConfig is for the mailer, which is used only where mail is on.
func (s *Settings) MailConfig(public *url.URL) smtpmail.Config {
	m := s.mail
	config := smtpmail.Config{
		Host: m.host, Username: m.user, Password: m.password, Security: smtpmail.Plain, Port: 25, Timeout: m.timeout,
		SubjectPrefix: m.subjectPrefix, Shop: cmp.Or(s.Pages.ShopName, "the shop"), PublicURL: public, Zone: s.Policy.TimeZone,
	}
	switch {
	case m.useSSL:
		config.Security, config.Port = smtpmail.ImplicitTLS, 465
	case m.useTLS:
		config.Security, config.Port = smtpmail.StartTLS, 587
	}
	config.Port = cmp.Or(m.port, config.Port)
	if m.from != nil {
		config.From = *m.from
	}
	return config
}

// LinkBase begins the links that a command prints. It is "" if nobody has said it and the service may
// listen at any port.
func (s *Settings) LinkBase() string {
	switch {
	case s.publicURL != nil:
		return strings.TrimSuffix(s.publicURL.String(), "/")
	case s.onLoopback() && !strings.HasSuffix(s.Listen, ":0"):
		return "http://" + s.Listen
	}
	return ""
}
