package fiberhttp

import (
	"net/netip"
	"net/url"
	"strings"
	"time"

	"gatehouse/adapters/fiberhttp/pages"
	"gatehouse/domain"
)

// Config is what the operator decides about HTTP.
type Config struct {
	// PublicURL is the scheme, host and path prefix that people see. Links are built from it, and
	// never from a request, whose Host anybody can set.
	PublicURL *url.URL
	Cookies   CookieConfig
	Pages     pages.Config
	// AllowedOrigins are the origins, besides that of PublicURL, whose pages may call the API.
	AllowedOrigins []string
	// TrustedProxies are the peers whose X-Forwarded-For is believed.
	TrustedProxies []netip.Prefix
	// PasswordMinLength is the least number of characters that pages announce for a new password.
	PasswordMinLength int
	// MaxConnections is how many connections may be open at once; 0 means 2048.
	MaxConnections int
	// CheckKey is what the command that checks the reverse proxy knows answers by. Without it, they prove
	// nothing.
	CheckKey domain.Secret
	// RequestTimeout is how long a use case may take; 0 means 10 s.
	RequestTimeout time.Duration
}

// CookieConfig says how tokens travel in cookies.
type CookieConfig struct {
	// Enabled: the service hands out tokens in cookies rather than in bodies.
	Enabled     bool
	AccessName  string
	RefreshName string
	DeviceName  string // name of the cookie that recognises a browser
	Domain      string // this host alone if empty
	Secure      bool
	SameSite    string // Lax, Strict or None
}

// passwordChangeURL is the page for people who must change their password.
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
