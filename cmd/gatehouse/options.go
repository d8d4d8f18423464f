package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gatehouse/adapters/blocklist"
	"gatehouse/adapters/breached"
	"gatehouse/domain"
)

// An option is one row of the configuration: the parser, the help and
// docs/configuration.md are made from this table.
type option struct {
	name         string // of the environment variable
	defaultValue string
	sentence     string
	// secret: the value is never shown, and is given as a variable or in a file that
	// NAME_FILE names.
	secret bool
	// reloads: it is set again on SIGHUP, as the sentence says.
	reloads bool
	set     func(*settings, string) error
}

// flag is what the option is called on the command line; a secret is given as the name of
// its file there, because other accounts can see a command line.
func (o option) flag() string {
	name := strings.TrimPrefix(o.name, "GATEHOUSE_")
	if o.secret {
		name += "_FILE"
	}
	return strings.ReplaceAll(strings.ToLower(name), "_", "-")
}

// options is the table. Names that Django, SimpleJWT or the shop's app has are kept.
func options() []option {
	return slices.Concat(baseOptions(), mailOptions())
}

func baseOptions() []option {
	return []option{
		{name: "GATEHOUSE_LISTEN", defaultValue: "127.0.0.1:8080", set: setListen,
			sentence: "Address and port to listen at; port 0 takes a free one, which the log line \"listening\" names."},
		{name: "GATEHOUSE_DATA_DIR", defaultValue: "./data", set: text(func(s *settings) *string { return &s.dataDir }),
			sentence: "Folder of the database and the keys; it is made, for this account alone, if it is missing."},
		{name: "GATEHOUSE_PUBLIC_URL", set: setPublicURL,
			sentence: "Scheme, host and path prefix that people see, such as https://shop.example. Required unless the service listens on loopback."},
		{name: "GATEHOUSE_TRUSTED_PROXIES", set: setTrustedProxies,
			sentence: "Addresses or networks (CIDR), separated by commas, of the reverse proxies whose X-Forwarded-For is believed."},
		{name: "GATEHOUSE_MAX_CONNECTIONS", defaultValue: "2048", set: number(func(s *settings) *int { return &s.maxConnections }, 16, 65536),
			sentence: "How many connections may be open at once, from 16 to 65536; one more is answered 503 and closed."},

		{name: "SIGNING_KEY", secret: true, set: secret(func(s *settings) *domain.Secret { return &s.signingKey }),
			sentence: "The HS256 secret, as SimpleJWT's SIGNING_KEY: the UTF-8 bytes as they are, at least 32."},
		{name: "SECRET_KEY", secret: true, set: secret(func(s *settings) *domain.Secret { return &s.secretKey }),
			sentence: "Django's SECRET_KEY; it is the HS256 secret where there is no SIGNING_KEY."},
		{name: "GATEHOUSE_ALLOW_WEAK_SECRET", defaultValue: "false", set: boolean(func(s *settings) *bool { return &s.allowWeakSecret }),
			sentence: "Accepts a secret of less than 32 bytes. Somebody can guess such a secret and sign tokens."},
		{name: "ALGORITHM", set: oneOf(func(s *settings) *string { return &s.algorithm }, "HS256", "ES256", "EdDSA"),
			sentence: "What tokens are signed with: HS256 (the default with a secret), ES256 (the default without) or EdDSA, with a key that is made in the data folder."},
		{name: "ACCEPT_DJANGO_TOKENS_UNTIL", set: setAcceptDjangoTokensUntil,
			sentence: "Until when tokens of the shop's Django count, such as 2026-12-31T00:00:00Z. With ES256 or EdDSA that goes for everything that is signed with the secret. Empty: they never count."},
		{name: "ACCESS_TOKEN_LIFETIME", defaultValue: "15m", set: duration(func(s *settings) *time.Duration { return &s.policy.AccessLifetime }),
			sentence: "How long an access token works."},
		{name: "REFRESH_TOKEN_LIFETIME", defaultValue: "30d", set: duration(func(s *settings) *time.Duration { return &s.policy.SessionLifetime }),
			sentence: "How long a session lasts after signing in."},
		{name: "SESSION_IDLE_LIFETIME", defaultValue: "off", set: setIdleLifetime,
			sentence: "How long a session lasts without being refreshed; off: as long as any."},
		{name: "ROTATE_REFRESH_TOKENS", defaultValue: "auto", set: setRotation,
			sentence: "Whether a refresh gives a new refresh token too: true, false, or auto, which does so for sessions that were opened in cookies."},
		{name: "REFRESH_GRACE", defaultValue: "10s", set: setRefreshGrace,
			sentence: "How long the refresh token before the current one is still answered, for a second tab or a reply that was lost; at most 5m."},
		{name: "MAX_SESSIONS_PER_STAFF", defaultValue: "20", set: number(func(s *settings) *int { return &s.policy.MaxSessions }, 1, 1000),
			sentence: "How many sessions one person can have, from 1 to 1000; a sign-in beyond it, or a token of the shop's Django that becomes a session, ends the oldest."},
		{name: "LEEWAY", defaultValue: "0", set: duration(func(s *settings) *time.Duration { return &s.policy.Leeway }),
			sentence: "How far the clocks of other machines may be off when their tokens are checked; at most 5m."},
		{name: "ISSUER", set: text(func(s *settings) *string { return &s.policy.Issuer }),
			sentence: "The iss claim that tokens get, and must have."},
		{name: "AUDIENCE", set: text(func(s *settings) *string { return &s.policy.Audience }),
			sentence: "The aud claim that tokens get, and must have."},

		{name: "ENABLE_JWT_AUTH", defaultValue: "false", set: boolean(func(s *settings) *bool { return &s.cookies.Enabled }),
			sentence: "Hands tokens out in cookies that scripts cannot read, rather than in bodies."},
		{name: "AUTH_COOKIE", defaultValue: "access_token", set: cookieName(func(s *settings) *string { return &s.cookies.AccessName }),
			sentence: "Name of the access token's cookie."},
		{name: "REFRESH_COOKIE", defaultValue: "refresh_token", set: cookieName(func(s *settings) *string { return &s.cookies.RefreshName }),
			sentence: "Name of the refresh token's cookie."},
		{name: "DEVICE_COOKIE", defaultValue: "device", set: cookieName(func(s *settings) *string { return &s.cookies.DeviceName }),
			sentence: "Name of the cookie by which a browser is known again, so that wrong passwords from elsewhere do not delay it."},
		{name: "AUTH_COOKIE_DOMAIN", set: setCookieDomain,
			sentence: "Domain of the cookies; empty keeps them to the one host."},
		{name: "AUTH_COOKIE_SECURE", defaultValue: "true", set: boolean(func(s *settings) *bool { return &s.cookies.Secure }),
			sentence: "Lets browsers send the cookies over https only. Off is for development on loopback."},
		{name: "COOKIE_SAMESITE", defaultValue: "Lax", set: oneOf(func(s *settings) *string { return &s.cookies.SameSite }, "Lax", "Strict", "None"),
			sentence: "SameSite of the cookies: Lax, Strict or None."},
		{name: "CORS_ALLOWED_ORIGINS", set: origins(func(s *settings) *[]string { return &s.corsAllowedOrigins }),
			sentence: "Origins, separated by commas, of the other web pages that may call, such as https://app.shop.example."},

		{name: "SHOP_NAME", set: setShopName,
			sentence: "What the shop is called on the pages and in letters."},
		{name: "SHOP_LOGO_FILE", set: setLogo, reloads: true,
			sentence: "A picture of the shop for the pages: PNG, SVG, WebP or JPEG, of 200 KB at most. It is read at the start, and again on SIGHUP."},
		{name: "SHOP_TEXTS_FILE", set: setTexts, reloads: true,
			sentence: "What the pages say, in another language. See Pages in operations.md. Empty: English. It is read at the start, and again on SIGHUP."},
		{name: "SIGN_IN_REDIRECT_URL", set: setSignInRedirect,
			sentence: "Where people go on after signing in on the page accounts/login/, and where links back to the shop lead. Empty: the public URL."},
		{name: "SIGN_IN_REDIRECT_ALLOWED", set: origins(func(s *settings) *[]string { return &s.pages.RedirectAllowed }),
			sentence: "Origins, separated by commas, to which ?next= may lead after signing in, besides our own."},

		{name: "PASSWORD_RESET_ENFORCEMENT", defaultValue: "block", set: setEnforcement,
			sentence: "Whether a due change of the password blocks signing in (block) or is only announced (warn)."},
		{name: "PASSWORD_MIN_LENGTH", defaultValue: "15", set: setMinLength,
			sentence: "Least number of characters of a new password; 8 at least."},
		{name: "PASSWORD_BLOCKLIST_FILE", set: setBlocklistFile,
			sentence: "Text file of words of the place, one a line, that a new password must not mainly be; gatehouse, the shop's name and the names in the public URL are always among them."},
		{name: "PASSWORD_BREACHED_FILE", set: setBreachedFile,
			sentence: "Copy of Pwned Passwords (SHA-1) that new passwords must not be in: the one file that is ordered by hash, or the folder of ranges. See Passwords in operations.md."},
		{name: "GATEHOUSE_THROTTLE", defaultValue: "on", set: setThrottle,
			sentence: "Whether wrong passwords are limited: on or, for tests on loopback, off. See Throttling in operations.md."},
		{name: "GATEHOUSE_THROTTLE_FREE_FAILURES", defaultValue: "5", set: number(func(s *settings) *int { return &s.policy.Throttle.FreeFailures }, 1, 20),
			sentence: "How many wrong passwords in a row, from 1 to 20, go without a delay: by account and network, or by account and known device."},
		{name: "GATEHOUSE_THROTTLE_FIRST_DELAY", defaultValue: "2s", set: duration(func(s *settings) *time.Duration { return &s.policy.Throttle.FirstDelay }),
			sentence: "The delay after that; each further wrong password doubles it."},
		{name: "GATEHOUSE_THROTTLE_MAX_DELAY", defaultValue: "15m", set: duration(func(s *settings) *time.Duration { return &s.policy.Throttle.MaxDelay }),
			sentence: "The longest delay."},
		{name: "GATEHOUSE_THROTTLE_DELAY_RESET", defaultValue: "24h", set: duration(func(s *settings) *time.Duration { return &s.policy.Throttle.DelayReset }),
			sentence: "How long without a wrong password until the delay of an account and a network is forgotten."},
		{name: "GATEHOUSE_THROTTLE_ACCOUNT_BUDGET", defaultValue: "100", set: number(func(s *settings) *int { return &s.policy.Throttle.AccountBudget }, 10, 100),
			sentence: "How many wrong passwords in a row, from 10 to 100, hold an account: then only known devices get in until it is freed."},
		{name: "GATEHOUSE_THROTTLE_ACCOUNT_RESET", defaultValue: "30d", set: duration(func(s *settings) *time.Duration { return &s.policy.Throttle.AccountReset }),
			sentence: "How long without a wrong password until the fewer of an account, and those of a known device, are forgotten."},
		{name: "GATEHOUSE_THROTTLE_DEVICE_BUDGET", defaultValue: "20", set: number(func(s *settings) *int { return &s.policy.Throttle.DeviceBudget }, 1, 100),
			sentence: "How many wrong passwords in a row, from 1 to 100, make a known device one like any other."},
		{name: "GATEHOUSE_THROTTLE_NETWORK_BUDGET", defaultValue: "100", set: number(func(s *settings) *int { return &s.policy.Throttle.NetworkBudget }, 1, 100_000),
			sentence: "How many wrong passwords a network (/24, or /64 in IPv6) has in a window, over all accounts; known devices do not count. A /48 in IPv6 has four times as many. One-time links that are asked for, or wrong, have a budget of the same size."},
		{name: "GATEHOUSE_THROTTLE_NETWORK_WINDOW", defaultValue: "15m", set: duration(func(s *settings) *time.Duration { return &s.policy.Throttle.NetworkWindow }),
			sentence: "How long that window is, from its first wrong password on."},
		{name: "AUDIT_RETENTION", defaultValue: "400d", set: setAuditRetention,
			sentence: "How long audit events are kept, 1d at least; older ones are removed, and a signed checkpoint takes their place. off: for ever."},
		{name: "TIME_ZONE", defaultValue: "UTC", set: setTimeZone,
			sentence: "Where the shop is, such as Pacific/Auckland: a leaving date takes effect at midnight there."},
	}
}

func text(field func(*settings) *string) func(*settings, string) error {
	return func(s *settings, value string) error { *field(s) = value; return nil }
}

func secret(field func(*settings) *domain.Secret) func(*settings, string) error {
	return func(s *settings, value string) error { *field(s) = domain.NewSecret(value); return nil }
}

func boolean(field func(*settings) *bool) func(*settings, string) error {
	return func(s *settings, value string) error {
		switch value {
		case "True", "true", "1":
			*field(s) = true
		case "False", "false", "0":
			*field(s) = false
		default:
			return errors.New("is neither true nor false")
		}
		return nil
	}
}

func duration(field func(*settings) *time.Duration) func(*settings, string) error {
	return func(s *settings, value string) (err error) {
		*field(s), err = parseDuration(value)
		return err
	}
}

func number(field func(*settings) *int, least, most int) func(*settings, string) error {
	return func(s *settings, value string) error {
		n, err := strconv.Atoi(value)
		if err != nil || n < least || n > most {
			return fmt.Errorf("is not a number from %d to %d", least, most)
		}
		*field(s) = n
		return nil
	}
}

func oneOf(field func(*settings) *string, values ...string) func(*settings, string) error {
	return func(s *settings, value string) error {
		if value != "" && !slices.Contains(values, value) {
			return errors.New("must be one of " + strings.Join(values, ", "))
		}
		*field(s) = value
		return nil
	}
}

var plainToken = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$") // RFC 9110

func cookieName(field func(*settings) *string) func(*settings, string) error {
	return func(s *settings, value string) error {
		if !plainToken.MatchString(value) {
			return errors.New("is not a cookie's name: use letters, digits, - and _")
		}
		*field(s) = value
		return nil
	}
}

func setListen(s *settings, value string) error {
	host, port, err := net.SplitHostPort(value)
	number, bad := strconv.ParseUint(port, 10, 16)
	_, badAddress := netip.ParseAddr(host)
	if err != nil || bad != nil || host != "" && host != "localhost" && badAddress != nil {
		return errors.New("is not an address and a port: write 127.0.0.1:8080")
	}
	s.listen = net.JoinHostPort(host, strconv.FormatUint(number, 10))
	return nil
}

func setPublicURL(s *settings, value string) error {
	if value == "" {
		return nil
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" ||
		u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("is not a URL that people can see: write https://shop.example")
	}
	u.Host = strings.ToLower(u.Host)
	if port := map[string]string{"http": ":80", "https": ":443"}[u.Scheme]; strings.HasSuffix(u.Host, port) {
		u.Host = strings.TrimSuffix(u.Host, port) // as browsers send it in Origin
	}
	s.publicURL = u
	return nil
}

func setTrustedProxies(s *settings, value string) error {
	for _, item := range list(value) {
		prefix, err := netip.ParsePrefix(item)
		if address, bad := netip.ParseAddr(item); bad == nil {
			prefix, err = netip.PrefixFrom(address, address.BitLen()), nil
		}
		if err != nil {
			return errors.New("is not a list of addresses or networks: write 127.0.0.1, 10.0.0.0/8")
		}
		if prefix = unmapped(prefix); prefix.Bits() == 0 {
			return errors.New("trusts everybody: name the addresses of your proxies")
		}
		s.trustedProxies = append(s.trustedProxies, prefix)
	}
	return nil
}

// unmapped is an IPv4 network that is written as IPv6 (::ffff:10.0.0.0/104) as itself.
func unmapped(prefix netip.Prefix) netip.Prefix {
	const mapped = 96
	if !prefix.Addr().Is4In6() || prefix.Bits() < mapped {
		return prefix
	}
	return netip.PrefixFrom(prefix.Addr().Unmap(), prefix.Bits()-mapped)
}

func setAcceptDjangoTokensUntil(s *settings, value string) (err error) {
	if value == "" {
		return nil
	}
	if s.policy.AcceptDjangoTokensUntil, err = time.Parse(time.RFC3339, value); err != nil {
		return errors.New("is not a time: write 2026-12-31T00:00:00Z")
	}
	return nil
}

func setIdleLifetime(s *settings, value string) error {
	if value == "off" {
		return nil
	}
	return duration(func(s *settings) *time.Duration { return &s.policy.IdleLifetime })(s, value)
}

func setRotation(s *settings, value string) error {
	switch value {
	case "auto":
		s.policy.Rotation = domain.RotateCookies
	case "True", "true", "1":
		s.policy.Rotation = domain.RotateAlways
	case "False", "false", "0":
		s.policy.Rotation = domain.RotateNever
	default:
		return errors.New("must be auto, true or false")
	}
	return nil
}

const longestGrace = 5 * time.Minute

func setRefreshGrace(s *settings, value string) error {
	grace, err := parseDuration(value)
	if err == nil && grace > longestGrace {
		err = errors.New("must be 5m at most: within it a stolen token passes for a lost reply")
	}
	s.policy.RefreshGrace = grace
	return err
}

var plainDomain = regexp.MustCompile(`^\.?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z]$`)

func setCookieDomain(s *settings, value string) error {
	if value != "" && !plainDomain.MatchString(value) {
		return errors.New("is not a domain: write shop.example")
	}
	s.cookies.Domain = value
	return nil
}

func origins(field func(*settings) *[]string) func(*settings, string) error {
	return func(s *settings, value string) error {
		for _, item := range list(value) {
			if !isOrigin(item) {
				return errors.New("is not a list of origins: write https://app.shop.example, in lower case, without a path or a star")
			}
			*field(s) = append(*field(s), item)
		}
		return nil
	}
}

func isOrigin(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" &&
		u.Scheme+"://"+strings.ToLower(u.Host) == text && !strings.ContainsAny(text, "*;,'")
}

func setEnforcement(s *settings, value string) error {
	if value != "block" && value != "warn" {
		return errors.New("must be block or warn")
	}
	s.policy.EnforcePasswordReset = value == "block"
	return nil
}

// leastMinLength is the floor of NIST SP 800-63B-4 for any password.
const leastMinLength = 8

func setMinLength(s *settings, value string) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < leastMinLength || n > 128 {
		return fmt.Errorf("is not a number from %d to 128", leastMinLength)
	}
	s.policy.PasswordMinLength = n
	return nil
}

func setBlocklistFile(s *settings, path string) (err error) {
	s.words = nil
	if path == "" {
		return nil
	}
	if s.words, err = blocklist.ReadWords(path); err != nil {
		return fmt.Errorf("cannot be used: %w", err)
	}
	return nil
}

func setBreachedFile(s *settings, path string) error {
	s.breached = path
	if path == "" {
		return nil
	}
	if err := breached.Check(path); err != nil {
		return fmt.Errorf("cannot be used: %w", err)
	}
	return nil
}

func setThrottle(s *settings, value string) error {
	if value != "on" && value != "off" {
		return errors.New("must be on or off")
	}
	s.policy.Throttle.On = value == "on"
	return nil
}

func setAuditRetention(s *settings, value string) error {
	if value == "off" {
		return nil
	}
	retention, err := parseDuration(value)
	if err == nil && retention < day {
		err = errors.New("must be 1d at least, or off to keep everything")
	}
	s.policy.AuditRetention = retention
	return err
}

func setTimeZone(s *settings, value string) error {
	zone, err := time.LoadLocation(value)
	if err != nil || value == "" || value == "Local" {
		return errors.New("is not a time zone: write Pacific/Auckland")
	}
	s.policy.TimeZone = zone
	return nil
}

// list splits at commas and white space, and drops what is empty.
func list(value string) []string {
	return strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' })
}

// variable is the environment variable, or both for a secret.
func (o option) variable() string {
	if o.secret {
		return o.name + " or " + o.name + "_FILE"
	}
	return o.name
}
