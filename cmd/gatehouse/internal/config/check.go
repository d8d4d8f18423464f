package config

import (
	"fmt"
	"strings"
	"time"

	"gatehouse/adapters/breached"
	"gatehouse/adapters/fiberhttp"
)

// leastSecret, in bytes, is as long as the hash (RFC 7518, 3.2).
const leastSecret = 32

// A refusal takes one thing that is wrong: the option's name, and the problem with the right form.
type refusal func(name, problem string)

// check looks at what values must be together. The service never starts on a configuration
// that it would have to weaken.
func (s *Settings) check(signsNothing bool) (problems []error) {
	refuse := func(name, problem string) { problems = append(problems, Error{name, problem}) }
	s.checkAddress(refuse)
	s.checkCookies(refuse)
	s.checkCookieNames(refuse)
	s.checkLifetimes(refuse)
	s.checkThrottle(refuse)
	s.checkMail(refuse)
	if !signsNothing {
		s.checkKeys(refuse)
	}
	return problems
}

func (s *Settings) checkAddress(refuse refusal) {
	if !s.onLoopback() && s.publicURL == nil && s.Listen != "" {
		refuse("GATEHOUSE_PUBLIC_URL",
			"is required because GATEHOUSE_LISTEN is not on loopback: write the address that people see, such as https://shop.example")
	}
}

func (s *Settings) checkKeys(refuse refusal) {
	length := len(s.Secret().Reveal())
	if s.SigningAlgorithm() == "HS256" && length == 0 {
		refuse("ALGORITHM", "= HS256 needs a secret: set SIGNING_KEY or SECRET_KEY")
	}
	if 0 < length && length < leastSecret && !s.allowWeakSecret {
		refuse(s.secretName(), fmt.Sprintf(
			"has %d bytes, and %d are needed: use a longer one, or set GATEHOUSE_ALLOW_WEAK_SECRET=true until you can", length, leastSecret))
	}
	if !s.Policy.AcceptDjangoTokensUntil.IsZero() && length == 0 {
		refuse("ACCEPT_DJANGO_TOKENS_UNTIL", "needs the secret of the shop's Django: set SIGNING_KEY or SECRET_KEY")
	}
}

func (s *Settings) checkCookies(refuse refusal) {
	c := s.Cookies
	if !c.Secure && !s.PublicOnLoopback() {
		refuse("AUTH_COOKIE_SECURE", "= false is for development on loopback: leave it true and serve people over https")
	}
	if c.Enabled && c.Secure && !s.PublicOnLoopback() && s.publicURL != nil && s.publicURL.Scheme != "https" {
		refuse("GATEHOUSE_PUBLIC_URL", "must be https with ENABLE_JWT_AUTH: browsers send the cookies over https only")
	}
	if c.SameSite == "None" && !c.Secure {
		refuse("COOKIE_SAMESITE", "= None needs AUTH_COOKIE_SECURE=true: browsers refuse such cookies")
	}
	if !s.cookieDomainFits() {
		refuse("AUTH_COOKIE_DOMAIN", "= "+c.Domain+" does not belong to GATEHOUSE_PUBLIC_URL: browsers would drop the cookies")
	}
}

func (s *Settings) checkCookieNames(refuse refusal) {
	c := s.Cookies
	if c.AccessName == c.RefreshName {
		refuse("REFRESH_COOKIE", "must differ from AUTH_COOKIE")
	}
	if c.DeviceName == c.AccessName || c.DeviceName == c.RefreshName {
		refuse("DEVICE_COOKIE", "must differ from AUTH_COOKIE and REFRESH_COOKIE")
	}
	for name, value := range map[string]string{"AUTH_COOKIE": c.AccessName, "REFRESH_COOKIE": c.RefreshName, "DEVICE_COOKIE": c.DeviceName} {
		if value == fiberhttp.DueCookie {
			refuse(name, "= "+value+" is the name of another cookie: choose a different one")
		}
		host, secure := hasPrefixFold(value, "__Host-"), hasPrefixFold(value, "__Secure-")
		if (host || secure) && !c.Secure {
			refuse(name, "= "+value+" needs AUTH_COOKIE_SECURE=true: browsers refuse such cookies")
		}
		if host && c.Domain != "" {
			refuse(name, "= "+value+" cannot have AUTH_COOKIE_DOMAIN: browsers refuse such cookies")
		}
	}
}

// cookieDomainFits reports whether browsers keep a cookie of the domain that comes from the
// public host (RFC 6265, 5.3).
func (s *Settings) cookieDomainFits() bool {
	domain := strings.ToLower(strings.TrimPrefix(s.Cookies.Domain, "."))
	if domain == "" || s.publicURL == nil {
		return true
	}
	host := strings.ToLower(s.publicURL.Hostname())
	return host == domain || strings.HasSuffix(host, "."+domain)
}

func hasPrefixFold(text, prefix string) bool {
	return len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix)
}

func (s *Settings) checkLifetimes(refuse refusal) {
	p := s.Policy
	if p.SessionLifetime < p.AccessLifetime {
		refuse("REFRESH_TOKEN_LIFETIME", "must not be shorter than ACCESS_TOKEN_LIFETIME")
	}
}

func (s *Settings) checkThrottle(refuse refusal) {
	t := s.Policy.Throttle
	if !t.On && !s.onLoopback() {
		refuse("GATEHOUSE_THROTTLE", "= off is for tests: leave it on unless GATEHOUSE_LISTEN is on loopback")
	}
	if t.MaxDelay < t.FirstDelay {
		refuse("GATEHOUSE_THROTTLE_MAX_DELAY", "must not be shorter than GATEHOUSE_THROTTLE_FIRST_DELAY")
	}
	if t.DelayReset < t.MaxDelay {
		refuse("GATEHOUSE_THROTTLE_DELAY_RESET", "must not be shorter than GATEHOUSE_THROTTLE_MAX_DELAY")
	}
	if t.AccountReset < t.DelayReset {
		refuse("GATEHOUSE_THROTTLE_ACCOUNT_RESET", "must not be shorter than GATEHOUSE_THROTTLE_DELAY_RESET")
	}
}

// workingDay is how long access tokens must last for people whose app never refreshes.
const workingDay = 8 * time.Hour

// Warnings are what an operator should think about, although it works.
func (s *Settings) Warnings(now time.Time) (lines []string) {
	if s.publicURL != nil && s.publicURL.Scheme == "http" && !s.PublicOnLoopback() {
		lines = append(lines, "GATEHOUSE_PUBLIC_URL is http: passwords and tokens can be read on the way")
	}
	if !s.Policy.Throttle.On {
		lines = append(lines, "GATEHOUSE_THROTTLE is off: anybody can guess passwords as fast as they are checked")
	}
	if s.allowWeakSecret && len(s.Secret().Reveal()) < leastSecret && s.secretCounts(now) {
		lines = append(lines, "the HS256 secret is short: whoever guesses it can sign tokens")
	}
	if idle := s.Policy.IdleLifetime; idle > 0 && idle <= s.Policy.AccessLifetime {
		lines = append(lines, "SESSION_IDLE_LIFETIME is not longer than ACCESS_TOKEN_LIFETIME: people are signed out while they work, before their app has to refresh")
	}
	if s.Cookies.Enabled && !s.Policy.RenewAccess && s.Policy.AccessLifetime < workingDay {
		lines = append(lines, fmt.Sprintf("RENEW_ACCESS_TOKENS is %s and ACCESS_TOKEN_LIFETIME is %s: an app that never calls token/refresh/ signs its people out after %[2]s. "+
			"Set RENEW_ACCESS_TOKENS=true, or ACCESS_TOKEN_LIFETIME to a working day", s.Written["RENEW_ACCESS_TOKENS"], shown(s.Policy.AccessLifetime)))
	}
	if until := s.Policy.AcceptDjangoTokensUntil; !until.IsZero() && !now.Before(until) {
		lines = append(lines, "ACCEPT_DJANGO_TOKENS_UNTIL is over: tokens of the shop's Django are refused")
	}
	if !s.Secret().Empty() && !s.Policy.SharedSecretSigns && s.Policy.AcceptDjangoTokensUntil.IsZero() {
		lines = append(lines, fmt.Sprintf("nothing that is signed with %s counts: whoever signed in before ALGORITHM was changed has to sign in again, "+
			"unless ACCEPT_DJANGO_TOKENS_UNTIL gives them time", s.secretName()))
	}
	if network, _ := s.Guard(); network == "" && len(s.Policy.OpenPaths) > 0 {
		lines = append(lines, "GUARD_OPEN_PATHS has no effect without GATEHOUSE_GUARD_LISTEN")
	} else if network == "tcp" && len(s.TrustedProxies) == 0 {
		lines = append(lines, "GATEHOUSE_TRUSTED_PROXIES is empty: at the guard everybody seems to come from the proxy's address")
	}
	if breached.Missing(s.Breached) {
		lines = append(lines, "PASSWORD_BREACHED_FILE lacks ranges: a new password whose range is missing cannot be checked, and is answered with 503")
	}
	return append(lines, s.doubts...)
}
