package fiberhttp

import (
	"net/netip"
	"net/url"
	"strings"
	"time"

	"gatehouse/adapters/fiberhttp/pages"
)

// Config is what the operator decides about the outside.
type Config struct {
	// PublicURL is the scheme, host and path prefix that people see. Links are built from
	// it, and never from a request.
	PublicURL *url.URL
	Cookies   CookieConfig
	Pages     pages.Config
	// AllowedOrigins are the origins, besides the public URL's, whose pages may call.
	AllowedOrigins []string
	// TrustedProxies are the peers whose X-Forwarded-For is believed.
	TrustedProxies []netip.Prefix
	// PasswordMinLength is what the page for changing the password announces.
	PasswordMinLength int
	// MaxConnections is how many connections may be open at once; 2048 if zero.
	MaxConnections int
	// RequestTimeout ends what a request has asked for; 10 s if zero.
	RequestTimeout time.Duration
}

// CookieConfig says how tokens travel in cookies.
type CookieConfig struct {
	// Enabled: tokens are handed out in cookies rather than in bodies.
	Enabled     bool
	AccessName  string
	RefreshName string
	DeviceName  string // of the cookie by which a browser is known again
	Domain      string // empty: this host alone
	Secure      bool
	SameSite    string // Lax, Strict or None
}

// passwordChangeURL is where people are sent whose password must be changed.
func (c Config) passwordChangeURL() string {
	return strings.TrimSuffix(c.PublicURL.String(), "/") + "/accounts/password_change/"
}

// origin is the public URL as browsers send it in Origin.
func (c Config) origin() string { return c.PublicURL.Scheme + "://" + c.PublicURL.Host }

func (c Config) requestTimeout() time.Duration {
	if c.RequestTimeout == 0 {
		return 10 * time.Second
	}
	return c.RequestTimeout
}

func (c Config) maxConnections() int {
	if c.MaxConnections == 0 {
		return 2048
	}
	return c.MaxConnections
}
