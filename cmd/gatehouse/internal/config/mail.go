package config

import (
	"cmp"
	"errors"
	"net"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gatehouse/adapters/smtpmail"
	"gatehouse/domain"
)

// mailSettings are the options about mail as they were written.
type mailSettings struct {
	host           string // "": mail is off
	port           string // "": by how the connection is encrypted
	user           string
	password       domain.Secret
	useTLS, useSSL bool
	from           *mail.Address // nil if it is not set
	timeout        time.Duration
	subjectPrefix  string
}

func setMailHost(s *Settings, value string) error {
	if strings.ContainsAny(value, " /@[]") {
		return errors.New("is not the name of a mail server: write smtp.shop.example")
	}
	if strings.Contains(value, ":") && net.ParseIP(value) == nil {
		return errors.New("is not the name of a mail server: write smtp.shop.example, the port belongs into EMAIL_PORT")
	}
	s.mail.host = value
	s.Policy.Links.Mail = value != ""
	return nil
}

func setMailPort(s *Settings, value string) error {
	if n, err := strconv.ParseUint(value, 10, 16); value != "" && (err != nil || n == 0) {
		return errors.New("is not a port: write 587")
	}
	s.mail.port = value
	return nil
}

func setMailFrom(s *Settings, value string) error {
	if s.mail.from = nil; value == "" {
		return nil
	}
	from, err := mail.ParseAddress(value)
	if err == nil {
		_, err = domain.ParseEmail(from.Address)
	}
	if err != nil {
		return errors.New("is not a sender: write Shop <noreply@shop.example>")
	}
	s.mail.from = from
	return nil
}

func setSubjectPrefix(s *Settings, value string) error {
	if !utf8.ValidString(value) || strings.ContainsFunc(value, unicode.IsControl) {
		return errors.New("is not text of one line: write [Shop]")
	}
	s.mail.subjectPrefix = value
	return nil
}

// checkMail looks at what the options about mail must be together.
func (s *Settings) checkMail() (problems []error) {
	refuse := func(name, problem string) { problems = append(problems, Error{name, problem}) }
	for name, lifetime := range map[string]time.Duration{
		"PASSWORD_RESET_LIFETIME": s.Policy.Links.ResetLifetime, "INVITATION_LIFETIME": s.Policy.Links.InvitationLifetime,
	} {
		if lifetime < time.Minute || lifetime > domain.LongestLink {
			refuse(name, "must be from 1m to 24h")
		}
	}
	m := s.mail
	if m.host == "" {
		return problems
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
	if m.timeout < time.Second || m.timeout > 2*time.Minute {
		refuse("EMAIL_TIMEOUT", "must be from 1s to 2m")
	}
	return problems
}

// mailConfig is for the mailer, which is used only where mail is on.
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
	if m.port != "" {
		config.Port, _ = strconv.Atoi(m.port) // it has been read before
	}
	if m.from != nil {
		config.From = *m.from
	}
	return config
}

// linkBase is what links begin with that a command prints, or "" if that is not known: the
// port of a service on this machine may be any.
func (s *Settings) LinkBase() string {
	switch {
	case s.publicURL != nil:
		return strings.TrimSuffix(s.publicURL.String(), "/")
	case s.onLoopback() && !strings.HasSuffix(s.Listen, ":0"):
		return "http://" + s.Listen
	}
	return ""
}
