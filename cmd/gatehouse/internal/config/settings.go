package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"gatehouse/adapters/fiberhttp"
	"gatehouse/adapters/fiberhttp/pages"
	"gatehouse/domain"
)

// Settings are the configuration as the operator has written it, each value checked by
// itself. See options.go for what each is called, and check.go for what they must be
// together.
type Settings struct {
	Listen         string
	GuardListen    string // as in its setting; "" if there is no guard
	DataDir        string
	publicURL      *url.URL // nil: derived from the address that is listened at
	TrustedProxies []netip.Prefix
	MaxConnections int
	Operator       string // who runs a command; "" if nobody says

	signingKey, secretKey domain.Secret
	algorithm             string // "": by whether there is a secret
	allowWeakSecret       bool

	Cookies            fiberhttp.CookieConfig
	CorsAllowedOrigins []string
	Pages              pages.Config

	Policy domain.Policy
	mail   mailSettings
	// words of the place are no new passwords, nor are those of the copy at breached.
	words    []string
	Breached string

	// Written are the values as they were given, by variable.
	Written map[string]string

	NewDatabase NewDatabase

	// doubts are warnings about the environment itself.
	doubts []string
}

// Secret is the HS256 key, if there is one.
func (s *Settings) Secret() domain.Secret {
	if !s.signingKey.Empty() {
		return s.signingKey
	}
	return s.secretKey
}

// secretName is the variable that the secret comes from.
func (s *Settings) secretName() string {
	if !s.signingKey.Empty() {
		return "SIGNING_KEY"
	}
	return "SECRET_KEY"
}

// secretCounts reports whether tokens count that are signed with the secret.
func (s *Settings) secretCounts(now time.Time) bool {
	return !s.Secret().Empty() && (s.Policy.SharedSecretSigns || now.Before(s.Policy.AcceptDjangoTokensUntil))
}

// Signers says who can sign tokens, and until when.
func (s *Settings) Signers(now time.Time) string {
	until := s.Policy.AcceptDjangoTokensUntil.Format(time.RFC3339)
	switch {
	case s.Policy.SharedSecretSigns && now.Before(s.Policy.AcceptDjangoTokensUntil):
		return fmt.Sprintf("Everybody who knows %s can sign tokens; those of the shop's Django count until %s.", s.secretName(), until)
	case s.Policy.SharedSecretSigns:
		return fmt.Sprintf("Everybody who knows %s can sign tokens.", s.secretName())
	case s.secretCounts(now):
		return fmt.Sprintf("This service can sign tokens, with a key of its own, and until %s everybody who knows %s can.", until, s.secretName())
	}
	return "This service alone can sign tokens, with a key of its own."
}

// renews reports whether browsers get new access tokens in passing.
func (s *Settings) renews() bool { return s.Cookies.Enabled && s.Policy.RenewAccess }

// Renewal says whether access tokens are renewed in passing, and if not, why.
func (s *Settings) Renewal() string {
	lifetime := shown(s.Policy.AccessLifetime)
	if s.renews() {
		return fmt.Sprintf("Access cookies last %s, and are renewed in passing.", lifetime)
	}
	cause := "RENEW_ACCESS_TOKENS"
	if !s.Cookies.Enabled {
		cause = "ENABLE_JWT_AUTH"
	}
	return fmt.Sprintf("Nothing renews access tokens in passing, because %s is %s: apps call token/refresh/ before %s are over.",
		cause, s.Written[cause], lifetime)
}

// SigningAlgorithm is the algorithm with which new tokens are signed.
func (s *Settings) SigningAlgorithm() string {
	switch {
	case s.algorithm != "":
		return s.algorithm
	case s.Secret().Empty():
		return "ES256"
	}
	return "HS256"
}

// Guard is where the guard listens, as [net.Listen] takes it. The network is "" if there is none.
func (s *Settings) Guard() (network, address string) {
	if path, unix := strings.CutPrefix(s.GuardListen, unixPrefix); unix {
		return "unix", path
	}
	if s.GuardListen == "" {
		return "", ""
	}
	return "tcp", s.GuardListen
}

// onLoopback reports whether only this machine can reach the service directly.
func (s *Settings) onLoopback() bool {
	host, _, err := net.SplitHostPort(s.Listen)
	return err == nil && isLoopback(host)
}

// PublicOnLoopback reports whether people reach it on this machine as well: the service
// is being tried out or developed.
func (s *Settings) PublicOnLoopback() bool {
	return s.onLoopback() && (s.publicURL == nil || isLoopback(s.publicURL.Hostname()))
}

// ContextWords are the words of the place: those of the operator, the names of the program and
// of the shop, and those that the public host has, but for the last ("shop" and "example" of
// auth.shop.example.nz).
func (s *Settings) ContextWords() []string {
	words := append([]string{"gatehouse"}, s.words...)
	if utf8.RuneCountInString(s.Pages.ShopName) >= leastLabel {
		words = append(words, s.Pages.ShopName)
	}
	if s.publicURL == nil {
		return words
	}
	host := s.publicURL.Hostname()
	if _, err := netip.ParseAddr(host); err == nil {
		return words
	}
	labels := strings.Split(host, ".")
	for _, label := range labels[:max(1, len(labels)-1)] {
		if len(label) >= leastLabel {
			words = append(words, label)
		}
	}
	return words
}

// leastLabel is the length from which the shop's name, or a part of a host's, counts: www and co
// say nothing.
const leastLabel = 4

func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

// Public is the public URL, once it is known at what address the service listens.
func (s *Settings) Public(listening net.Addr) *url.URL {
	if s.publicURL != nil {
		return s.publicURL
	}
	return &url.URL{Scheme: "http", Host: listening.String()}
}

// A NewDatabase is what a command needs to know that may make one.
type NewDatabase struct {
	Command    string // its name
	StartEmpty string // a code, or ""
	Abandons   bool   // it takes the place of one that was lost: [NewDatabase.allow] finds out
}
