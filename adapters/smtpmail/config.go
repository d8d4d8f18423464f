package smtpmail

import (
	"net/mail"
	"net/url"
	"strings"
	"time"

	"gatehouse/domain"
)

// Config is what the operator decides.
type Config struct {
	Host string
	Port int
	// Username is "" for a server that asks for none.
	Username string
	Password domain.Secret
	Security Security
	// Timeout ends an attempt.
	Timeout time.Duration
	// From is the sender.
	From mail.Address
	// SubjectPrefix comes before each subject.
	SubjectPrefix string
	// Shop is what the shop is called.
	Shop string
	// PublicURL is what links begin with.
	PublicURL *url.URL
	// Zone is that of the times in letters.
	Zone *time.Location
}

// Security says how the connection is encrypted.
type Security int

// The ways: from the start (port 465), after STARTTLS (port 587), or not at all, which is for
// a server on the same machine.
const (
	ImplicitTLS Security = iota + 1
	StartTLS
	Plain
)

func (c Config) publicURL() string { return strings.TrimSuffix(c.PublicURL.String(), "/") }

// domain is what is behind the @ of the sender.
func (c Config) domain() string {
	return c.From.Address[strings.LastIndexByte(c.From.Address, '@')+1:]
}
