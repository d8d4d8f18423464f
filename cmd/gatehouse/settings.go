package main

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

// settings are the configuration as the operator has written it, each value checked by
// itself. See options.go for what each is called, and check.go for what they must be
// together.
type settings struct {
	listen         string
	dataDir        string
	publicURL      *url.URL // nil: derived from the address that is listened at
	trustedProxies []netip.Prefix
	maxConnections int

	signingKey, secretKey domain.Secret
	algorithm             string // "": by whether there is a secret
	allowWeakSecret       bool

	cookies            fiberhttp.CookieConfig
	corsAllowedOrigins []string
	pages              pages.Config

	policy domain.Policy
	mail   mailSettings
	// words of the place are no new passwords, nor are those of the copy at breached.
	words    []string
	breached string

	// written are the values as they were given, by variable.
	written map[string]string

	newDatabase newDatabase

	// doubts are warnings about the environment itself.
	doubts []string
}

// secret is the HS256 key, if there is one.
func (s *settings) secret() domain.Secret {
	if !s.signingKey.Empty() {
		return s.signingKey
	}
	return s.secretKey
}

// secretName is the variable that the secret comes from.
func (s *settings) secretName() string {
	if !s.signingKey.Empty() {
		return "SIGNING_KEY"
	}
	return "SECRET_KEY"
}

// secretCounts reports whether tokens count that are signed with the secret.
func (s *settings) secretCounts(now time.Time) bool {
	return !s.secret().Empty() && (s.policy.SharedSecretSigns || now.Before(s.policy.AcceptDjangoTokensUntil))
}

// signers says who can sign tokens, and until when.
func (s *settings) signers(now time.Time) string {
	until := s.policy.AcceptDjangoTokensUntil.Format(time.RFC3339)
	switch {
	case s.policy.SharedSecretSigns && now.Before(s.policy.AcceptDjangoTokensUntil):
		return fmt.Sprintf("Everybody who knows %s can sign tokens; those of the shop's Django count until %s.", s.secretName(), until)
	case s.policy.SharedSecretSigns:
		return fmt.Sprintf("Everybody who knows %s can sign tokens.", s.secretName())
	case s.secretCounts(now):
		return fmt.Sprintf("This service can sign tokens, with a key of its own, and until %s everybody who knows %s can.", until, s.secretName())
	}
	return "This service alone can sign tokens, with a key of its own."
}

// signingAlgorithm is the one that new tokens are signed with.
func (s *settings) signingAlgorithm() string {
	switch {
	case s.algorithm != "":
		return s.algorithm
	case s.secret().Empty():
		return "ES256"
	}
	return "HS256"
}

// onLoopback reports whether only this machine can reach the service directly.
func (s *settings) onLoopback() bool {
	host, _, err := net.SplitHostPort(s.listen)
	return err == nil && isLoopback(host)
}

// publicOnLoopback reports whether people reach it on this machine as well: the service
// is being tried out or developed.
func (s *settings) publicOnLoopback() bool {
	return s.onLoopback() && (s.publicURL == nil || isLoopback(s.publicURL.Hostname()))
}

// contextWords are the words of the place: those of the operator, the names of the program and
// of the shop, and those that the public host has, but for the last ("shop" and "example" of
// auth.shop.example.nz).
func (s *settings) contextWords() []string {
	words := append([]string{"gatehouse"}, s.words...)
	if utf8.RuneCountInString(s.pages.ShopName) >= leastLabel {
		words = append(words, s.pages.ShopName)
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

// public is the public URL, once it is known at what address the service listens.
func (s *settings) public(listening net.Addr) *url.URL {
	if s.publicURL != nil {
		return s.publicURL
	}
	return &url.URL{Scheme: "http", Host: listening.String()}
}

func defaultSettings() *settings {
	return &settings{policy: domain.Policy{TimeZone: time.UTC}, written: map[string]string{}}
}

// A newDatabase is what a command needs to know that may make one.
type newDatabase struct {
	command    string // its name
	startEmpty string // a code, or ""
	abandons   bool   // it takes the place of one that was lost: [newDatabase.allow] finds out
}
