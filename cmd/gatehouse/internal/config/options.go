package config

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
type Option struct {
	Name         string // of the environment variable
	DefaultValue string
	Sentence     string
	// secret: the value is never shown, and is given as a variable or in a file that
	// NAME_FILE names.
	secret bool
	// reloads: it is set again on SIGHUP, as the sentence says.
	Reloads bool
	Set     func(*Settings, string) error
}

// flag is what the option is called on the command line; a secret is given as the name of
// its file there, because other accounts can see a command line.
func (o Option) Flag() string {
	name := strings.TrimPrefix(o.Name, "GATEHOUSE_")
	if o.secret {
		name += "_FILE"
	}
	return strings.ReplaceAll(strings.ToLower(name), "_", "-")
}

// Options is the table. Names that Django, SimpleJWT or the shop's app has are kept.
func Options() []Option {
	return slices.Concat(baseOptions(), mailOptions())
}

func baseOptions() []Option {
	return []Option{
		{Name: "GATEHOUSE_LISTEN", DefaultValue: "127.0.0.1:8080", Set: setListen,
			Sentence: "Address and port to listen at; port 0 takes a free one, which the log line \"listening\" names."},
		{Name: "GATEHOUSE_DATA_DIR", DefaultValue: "./data", Set: text(func(s *Settings) *string { return &s.DataDir }),
			Sentence: "Folder of the database and the keys; it is made, for this account alone, if it is missing."},
		{Name: "GATEHOUSE_OPERATOR", Set: setOperator,
			Sentence: "Who runs a command, for the audit trail; 64 bytes at most. Empty: who called sudo, or the account that runs it unless that is the service's own. Do not set it for the service."},
		{Name: "GATEHOUSE_PUBLIC_URL", Set: setPublicURL,
			Sentence: "Scheme, host and path prefix that people see, such as https://shop.example. Required unless the service listens on loopback."},
		{Name: "GATEHOUSE_TRUSTED_PROXIES", Set: setTrustedProxies,
			Sentence: "Addresses or networks (CIDR), separated by commas, of the reverse proxies whose X-Forwarded-For is believed."},
		{Name: "GATEHOUSE_MAX_CONNECTIONS", DefaultValue: "2048", Set: number(func(s *Settings) *int { return &s.MaxConnections }, 16, 65536),
			Sentence: "How many connections may be open at once, from 16 to 65536; one more is answered 503 and closed."},

		{Name: "SIGNING_KEY", secret: true, Set: secret(func(s *Settings) *domain.Secret { return &s.signingKey }),
			Sentence: "The HS256 secret, as SimpleJWT's SIGNING_KEY: the UTF-8 bytes as they are, at least 32."},
		{Name: "SECRET_KEY", secret: true, Set: secret(func(s *Settings) *domain.Secret { return &s.secretKey }),
			Sentence: "Django's SECRET_KEY; it is the HS256 secret where there is no SIGNING_KEY."},
		{Name: "GATEHOUSE_ALLOW_WEAK_SECRET", DefaultValue: "false", Set: boolean(func(s *Settings) *bool { return &s.allowWeakSecret }),
			Sentence: "Accepts a secret of less than 32 bytes. Somebody can guess such a secret and sign tokens."},
		{Name: "ALGORITHM", Set: oneOf(func(s *Settings) *string { return &s.algorithm }, "HS256", "ES256", "EdDSA"),
			Sentence: "What tokens are signed with: HS256 (the default with a secret), ES256 (the default without) or EdDSA, with a key that is made in the data folder."},
		{Name: "ACCEPT_DJANGO_TOKENS_UNTIL", Set: setAcceptDjangoTokensUntil,
			Sentence: "Until when tokens of the shop's Django count, such as 2026-12-31T00:00:00Z. With ES256 or EdDSA that goes for everything that is signed with the secret. Empty: they never count."},
		{Name: "ACCESS_TOKEN_LIFETIME", DefaultValue: "15m", Set: duration(func(s *Settings) *time.Duration { return &s.Policy.AccessLifetime }),
			Sentence: "How long an access token works."},
		{Name: "REFRESH_TOKEN_LIFETIME", DefaultValue: "30d", Set: duration(func(s *Settings) *time.Duration { return &s.Policy.SessionLifetime }),
			Sentence: "How long a session lasts after signing in."},
		{Name: "SESSION_IDLE_LIFETIME", DefaultValue: "off", Set: setIdleLifetime,
			Sentence: "How long a session lasts without being refreshed; off: as long as any."},
		{Name: "ROTATE_REFRESH_TOKENS", DefaultValue: "auto", Set: setRotation,
			Sentence: "Whether a refresh gives a new refresh token too: true, false, or auto, which does so for sessions that were opened in cookies."},
		{Name: "REFRESH_GRACE", DefaultValue: "10s", Set: setRefreshGrace,
			Sentence: "How long the refresh token before the current one is still answered, for a second tab or a reply that was lost; at most 5m."},
		{Name: "MAX_SESSIONS_PER_STAFF", DefaultValue: "20", Set: number(func(s *Settings) *int { return &s.Policy.MaxSessions }, 1, 1000),
			Sentence: "How many sessions one person can have, from 1 to 1000; a sign-in beyond it, or a token of the shop's Django that becomes a session, ends the oldest."},
		{Name: "LEEWAY", DefaultValue: "0", Set: duration(func(s *Settings) *time.Duration { return &s.Policy.Leeway }),
			Sentence: "How far the clocks of other machines may be off when their tokens are checked; at most 5m."},
		{Name: "ISSUER", Set: text(func(s *Settings) *string { return &s.Policy.Issuer }),
			Sentence: "The iss claim that tokens get, and must have."},
		{Name: "AUDIENCE", Set: text(func(s *Settings) *string { return &s.Policy.Audience }),
			Sentence: "The aud claim that tokens get, and must have."},

		{Name: "ENABLE_JWT_AUTH", DefaultValue: "false", Set: boolean(func(s *Settings) *bool { return &s.Cookies.Enabled }),
			Sentence: "Hands tokens out in cookies that scripts cannot read, rather than in bodies."},
		{Name: "AUTH_COOKIE", DefaultValue: "access_token", Set: cookieName(func(s *Settings) *string { return &s.Cookies.AccessName }),
			Sentence: "Name of the access token's cookie."},
		{Name: "REFRESH_COOKIE", DefaultValue: "refresh_token", Set: cookieName(func(s *Settings) *string { return &s.Cookies.RefreshName }),
			Sentence: "Name of the refresh token's cookie."},
		{Name: "DEVICE_COOKIE", DefaultValue: "device", Set: cookieName(func(s *Settings) *string { return &s.Cookies.DeviceName }),
			Sentence: "Name of the cookie by which a browser is known again, so that wrong passwords from elsewhere do not delay it."},
		{Name: "AUTH_COOKIE_DOMAIN", Set: setCookieDomain,
			Sentence: "Domain of the cookies; empty keeps them to the one host."},
		{Name: "AUTH_COOKIE_SECURE", DefaultValue: "true", Set: boolean(func(s *Settings) *bool { return &s.Cookies.Secure }),
			Sentence: "Lets browsers send the cookies over https only. Off is for development on loopback."},
		{Name: "COOKIE_SAMESITE", DefaultValue: "Lax", Set: oneOf(func(s *Settings) *string { return &s.Cookies.SameSite }, "Lax", "Strict", "None"),
			Sentence: "SameSite of the cookies: Lax, Strict or None."},
		{Name: "CORS_ALLOWED_ORIGINS", Set: origins(func(s *Settings) *[]string { return &s.CorsAllowedOrigins }),
			Sentence: "Origins, separated by commas, of the other web pages that may call, such as https://app.shop.example."},

		{Name: "SHOP_NAME", Set: setShopName,
			Sentence: "What the shop is called on the pages and in letters."},
		{Name: "SHOP_LOGO_FILE", Set: setLogo, Reloads: true,
			Sentence: "A picture of the shop for the pages: PNG, SVG, WebP or JPEG, of 200 KB at most. It is read at the start, and again on SIGHUP."},
		{Name: "SHOP_TEXTS_FILE", Set: setTexts, Reloads: true,
			Sentence: "What the pages say, in another language. See Pages in operations.md. Empty: English. It is read at the start, and again on SIGHUP."},
		{Name: "SIGN_IN_REDIRECT_URL", Set: setSignInRedirect,
			Sentence: "Where people go on after signing in on the page accounts/login/, and where links back to the shop lead. Empty: the public URL."},
		{Name: "SIGN_IN_REDIRECT_ALLOWED", Set: origins(func(s *Settings) *[]string { return &s.Pages.RedirectAllowed }),
			Sentence: "Origins, separated by commas, to which ?next= may lead after signing in, besides our own."},

		{Name: "PASSWORD_RESET_ENFORCEMENT", DefaultValue: "block", Set: setEnforcement,
			Sentence: "Whether a due change of the password blocks signing in (block) or is only announced (warn)."},
		{Name: "PASSWORD_MIN_LENGTH", DefaultValue: "15", Set: setMinLength,
			Sentence: "Least number of characters of a new password; 8 at least."},
		{Name: "PASSWORD_BLOCKLIST_FILE", Set: setBlocklistFile,
			Sentence: "Text file of words of the place, one a line, that a new password must not mainly be; gatehouse, the shop's name and the names in the public URL are always among them."},
		{Name: "PASSWORD_BREACHED_FILE", Set: setBreachedFile,
			Sentence: "Copy of Pwned Passwords (SHA-1) that new passwords must not be in: the one file that is ordered by hash, or the folder of ranges. See Passwords in operations.md."},
		{Name: "GATEHOUSE_THROTTLE", DefaultValue: "on", Set: setThrottle,
			Sentence: "Whether wrong passwords are limited: on or, for tests on loopback, off. See Throttling in operations.md."},
		{Name: "GATEHOUSE_THROTTLE_FREE_FAILURES", DefaultValue: "5", Set: number(func(s *Settings) *int { return &s.Policy.Throttle.FreeFailures }, 1, 20),
			Sentence: "How many wrong passwords in a row, from 1 to 20, go without a delay: by account and network, or by account and known device."},
		{Name: "GATEHOUSE_THROTTLE_FIRST_DELAY", DefaultValue: "2s", Set: duration(func(s *Settings) *time.Duration { return &s.Policy.Throttle.FirstDelay }),
			Sentence: "The delay after that; each further wrong password doubles it."},
		{Name: "GATEHOUSE_THROTTLE_MAX_DELAY", DefaultValue: "15m", Set: duration(func(s *Settings) *time.Duration { return &s.Policy.Throttle.MaxDelay }),
			Sentence: "The longest delay."},
		{Name: "GATEHOUSE_THROTTLE_DELAY_RESET", DefaultValue: "24h", Set: duration(func(s *Settings) *time.Duration { return &s.Policy.Throttle.DelayReset }),
			Sentence: "How long without a wrong password until the delay of an account and a network is forgotten."},
		{Name: "GATEHOUSE_THROTTLE_ACCOUNT_BUDGET", DefaultValue: "100", Set: number(func(s *Settings) *int { return &s.Policy.Throttle.AccountBudget }, 10, 100),
			Sentence: "How many wrong passwords in a row, from 10 to 100, hold an account: then only known devices get in until it is freed."},
		{Name: "GATEHOUSE_THROTTLE_ACCOUNT_RESET", DefaultValue: "30d", Set: duration(func(s *Settings) *time.Duration { return &s.Policy.Throttle.AccountReset }),
			Sentence: "How long without a wrong password until the fewer of an account, and those of a known device, are forgotten."},
		{Name: "GATEHOUSE_THROTTLE_DEVICE_BUDGET", DefaultValue: "20", Set: number(func(s *Settings) *int { return &s.Policy.Throttle.DeviceBudget }, 1, 100),
			Sentence: "How many wrong passwords in a row, from 1 to 100, make a known device one like any other."},
		{Name: "GATEHOUSE_THROTTLE_NETWORK_BUDGET", DefaultValue: "100", Set: number(func(s *Settings) *int { return &s.Policy.Throttle.NetworkBudget }, 1, 100_000),
			Sentence: "How many wrong passwords a network (/24, or /64 in IPv6) has in a window, over all accounts; known devices do not count. A /48 in IPv6 has four times as many. One-time links that are asked for, or wrong, have a budget of the same size."},
		{Name: "GATEHOUSE_THROTTLE_NETWORK_WINDOW", DefaultValue: "15m", Set: duration(func(s *Settings) *time.Duration { return &s.Policy.Throttle.NetworkWindow }),
			Sentence: "How long that window is, from its first wrong password on."},
		{Name: "AUDIT_RETENTION", DefaultValue: "400d", Set: setAuditRetention,
			Sentence: "How long audit events are kept, 1d at least; older ones are removed, and a signed checkpoint takes their place. off: for ever."},
		{Name: "TIME_ZONE", DefaultValue: "UTC", Set: setTimeZone,
			Sentence: "Where the shop is, such as Pacific/Auckland: a leaving date takes effect at midnight there."},
	}
}

func setOperator(s *Settings, value string) error {
	if len(value) > domain.MaxOperatorLength {
		return fmt.Errorf("give a name of %d bytes at most", domain.MaxOperatorLength)
	}
	s.Operator = value
	return nil
}

func text(field func(*Settings) *string) func(*Settings, string) error {
	return func(s *Settings, value string) error { *field(s) = value; return nil }
}

func secret(field func(*Settings) *domain.Secret) func(*Settings, string) error {
	return func(s *Settings, value string) error { *field(s) = domain.NewSecret(value); return nil }
}

func boolean(field func(*Settings) *bool) func(*Settings, string) error {
	return func(s *Settings, value string) error {
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

func duration(field func(*Settings) *time.Duration) func(*Settings, string) error {
	return func(s *Settings, value string) (err error) {
		*field(s), err = parseDuration(value)
		return err
	}
}

func number(field func(*Settings) *int, least, most int) func(*Settings, string) error {
	return func(s *Settings, value string) error {
		n, err := strconv.Atoi(value)
		if err != nil || n < least || n > most {
			return fmt.Errorf("is not a number from %d to %d", least, most)
		}
		*field(s) = n
		return nil
	}
}

func oneOf(field func(*Settings) *string, values ...string) func(*Settings, string) error {
	return func(s *Settings, value string) error {
		if value != "" && !slices.Contains(values, value) {
			return errors.New("must be one of " + strings.Join(values, ", "))
		}
		*field(s) = value
		return nil
	}
}

var plainToken = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$") // RFC 9110

func cookieName(field func(*Settings) *string) func(*Settings, string) error {
	return func(s *Settings, value string) error {
		if !plainToken.MatchString(value) {
			return errors.New("is not a cookie's name: use letters, digits, - and _")
		}
		*field(s) = value
		return nil
	}
}

func setListen(s *Settings, value string) error {
	host, port, err := net.SplitHostPort(value)
	number, bad := strconv.ParseUint(port, 10, 16)
	_, badAddress := netip.ParseAddr(host)
	if err != nil || bad != nil || host != "" && host != "localhost" && badAddress != nil {
		return errors.New("is not an address and a port: write 127.0.0.1:8080")
	}
	s.Listen = net.JoinHostPort(host, strconv.FormatUint(number, 10))
	return nil
}

func setPublicURL(s *Settings, value string) error {
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

func setTrustedProxies(s *Settings, value string) error {
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
		s.TrustedProxies = append(s.TrustedProxies, prefix)
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

func setAcceptDjangoTokensUntil(s *Settings, value string) (err error) {
	if value == "" {
		return nil
	}
	if s.Policy.AcceptDjangoTokensUntil, err = time.Parse(time.RFC3339, value); err != nil {
		return errors.New("is not a time: write 2026-12-31T00:00:00Z")
	}
	return nil
}

func setIdleLifetime(s *Settings, value string) error {
	if value == "off" {
		return nil
	}
	return duration(func(s *Settings) *time.Duration { return &s.Policy.IdleLifetime })(s, value)
}

func setRotation(s *Settings, value string) error {
	switch value {
	case "auto":
		s.Policy.Rotation = domain.RotateCookies
	case "True", "true", "1":
		s.Policy.Rotation = domain.RotateAlways
	case "False", "false", "0":
		s.Policy.Rotation = domain.RotateNever
	default:
		return errors.New("must be auto, true or false")
	}
	return nil
}

const longestGrace = 5 * time.Minute

func setRefreshGrace(s *Settings, value string) error {
	grace, err := parseDuration(value)
	if err == nil && grace > longestGrace {
		err = errors.New("must be 5m at most: within it a stolen token passes for a lost reply")
	}
	s.Policy.RefreshGrace = grace
	return err
}

var plainDomain = regexp.MustCompile(`^\.?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z]$`)

func setCookieDomain(s *Settings, value string) error {
	if value != "" && !plainDomain.MatchString(value) {
		return errors.New("is not a domain: write shop.example")
	}
	s.Cookies.Domain = value
	return nil
}

func origins(field func(*Settings) *[]string) func(*Settings, string) error {
	return func(s *Settings, value string) error {
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

func setEnforcement(s *Settings, value string) error {
	if value != "block" && value != "warn" {
		return errors.New("must be block or warn")
	}
	s.Policy.EnforcePasswordReset = value == "block"
	return nil
}

// leastMinLength is the floor of NIST SP 800-63B-4 for any password.
const leastMinLength = 8

func setMinLength(s *Settings, value string) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < leastMinLength || n > 128 {
		return fmt.Errorf("is not a number from %d to 128", leastMinLength)
	}
	s.Policy.PasswordMinLength = n
	return nil
}

func setBlocklistFile(s *Settings, path string) (err error) {
	s.words = nil
	if path == "" {
		return nil
	}
	if s.words, err = blocklist.ReadWords(path); err != nil {
		return fmt.Errorf("cannot be used: %w", err)
	}
	return nil
}

func setBreachedFile(s *Settings, path string) error {
	s.Breached = path
	if path == "" {
		return nil
	}
	if err := breached.Check(path); err != nil {
		return fmt.Errorf("cannot be used: %w", err)
	}
	return nil
}

func setThrottle(s *Settings, value string) error {
	if value != "on" && value != "off" {
		return errors.New("must be on or off")
	}
	s.Policy.Throttle.On = value == "on"
	return nil
}

func setAuditRetention(s *Settings, value string) error {
	if value == "off" {
		return nil
	}
	retention, err := parseDuration(value)
	if err == nil && retention < day {
		err = errors.New("must be 1d at least, or off to keep everything")
	}
	s.Policy.AuditRetention = retention
	return err
}

func setTimeZone(s *Settings, value string) error {
	zone, err := time.LoadLocation(value)
	if err != nil || value == "" || value == "Local" {
		return errors.New("is not a time zone: write Pacific/Auckland")
	}
	s.Policy.TimeZone = zone
	return nil
}

// list splits at commas and white space, and drops what is empty.
func list(value string) []string {
	return strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' })
}

// variable is the environment variable, or both for a secret.
func (o Option) Variable() string {
	if o.secret {
		return o.Name + " or " + o.Name + "_FILE"
	}
	return o.Name
}
