package config

import (
	"fmt"
	"strings"
	"time"

	"gatehouse/domain"
)

// An Option is one row of the configuration. The parser, the help and docs/configuration.md are made
// from the rows.
type Option struct {
	Name         string // of the environment variable
	DefaultValue string // also what an empty value means
	Sentence     string
	// Set reads the value into the settings. It refuses what is wrong with this value alone; check.go
	// has what several values must be together. Every row has [into], with a reader.
	Set func(value string) error
	// secret: the value is never shown, and is given as a variable or in a file that
	// NAME_FILE names.
	secret bool
	// reloads: [Settings.Reload] reads it again, as the sentence says.
	reloads bool
}

// Options lists the rows, for those that only read what they say.
func Options() []Option { return new(Settings).options() }

// options is the table. Names that Django, SimpleJWT or the shop's app has are kept. Those about mail
// are Django's.
func (s *Settings) options() []Option {
	return []Option{
		{Name: "GATEHOUSE_LISTEN", DefaultValue: "127.0.0.1:8080", Set: into(&s.Listen, listenAddress),
			Sentence: "Address and port to listen at; port 0 takes a free one, which the log line \"listening\" names."},
		{Name: "GATEHOUSE_GUARD_LISTEN", Set: into(&s.GuardListen, guardAddress),
			Sentence: "Where reverse proxies ask whether a request may pass (forward-auth): a loopback or private address and port, such as 127.0.0.1:8081, or unix:/run/gatehouse/guard.sock. Empty: nowhere. See The guard in operations.md."},
		{Name: "GUARD_OPEN_PATHS", Set: into(&s.Policy.OpenPaths, openPaths),
			Sentence: "Paths behind the guard that need no sign-in, separated by commas: each whole, or with * at its end for all that begin so, such as /health,/static/*. They are written decoded."},
		{Name: "GATEHOUSE_DATA_DIR", DefaultValue: "./data", Set: into(&s.DataDir, text),
			Sentence: "Folder of the database and the keys; it is made, for this account alone, if it is missing."},
		{Name: "GATEHOUSE_OPERATOR", Set: into(&s.Operator, operator),
			Sentence: "Who runs a command, for the audit trail; 64 bytes at most. Empty: who called sudo, or the account that runs it unless that is the service's own. Do not set it for the service."},
		{Name: "GATEHOUSE_PUBLIC_URL", Set: into(&s.publicURL, publicURL),
			Sentence: "Scheme, host and path prefix that people see, such as https://shop.example. Required unless the service listens on loopback."},
		{Name: "GATEHOUSE_TRUSTED_PROXIES", Set: into(&s.TrustedProxies, listOf(proxy)),
			Sentence: "Addresses or networks (CIDR), separated by commas, of the reverse proxies whose X-Forwarded-For is believed."},
		{Name: "GATEHOUSE_MAX_CONNECTIONS", DefaultValue: "2048", Set: into(&s.MaxConnections, number(16, 65536)),
			Sentence: "How many connections may be open at once, from 16 to 65536; one more is answered 503 and closed."},

		{Name: "SIGNING_KEY", secret: true, Set: into(&s.signingKey, secret),
			Sentence: "The HS256 secret, as SimpleJWT's SIGNING_KEY: the UTF-8 bytes as they are, at least 32."},
		{Name: "SECRET_KEY", secret: true, Set: into(&s.secretKey, secret),
			Sentence: "Django's SECRET_KEY; it is the HS256 secret where there is no SIGNING_KEY."},
		{Name: "GATEHOUSE_ALLOW_WEAK_SECRET", DefaultValue: "false", Set: into(&s.allowWeakSecret, boolean),
			Sentence: "Accepts a secret of less than 32 bytes. Somebody can guess such a secret and sign tokens."},
		{Name: "ALGORITHM", Set: into(&s.algorithm, oneOf("HS256", "ES256", "EdDSA")),
			Sentence: "What tokens are signed with: HS256 (the default with a secret), ES256 (the default without) or EdDSA, with a key that is made in the data folder."},
		{Name: "ACCEPT_DJANGO_TOKENS_UNTIL", Set: into(&s.Policy.AcceptDjangoTokensUntil, moment),
			Sentence: "Until when tokens of the shop's Django count, such as 2026-12-31T00:00:00Z. With ES256 or EdDSA that goes for everything that is signed with the secret. Empty: they never count."},
		{Name: "ACCESS_TOKEN_LIFETIME", DefaultValue: "15m", Set: into(&s.Policy.AccessLifetime, between(time.Second, longest, "must be a second at least")),
			Sentence: "How long an access token works."},
		{Name: "REFRESH_TOKEN_LIFETIME", DefaultValue: "30d", Set: into(&s.Policy.SessionLifetime, duration),
			Sentence: "How long a session lasts after signing in."},
		{Name: "SESSION_IDLE_LIFETIME", DefaultValue: "off", Set: into(&s.Policy.IdleLifetime, orOff(duration)),
			Sentence: "How long a session lasts without being refreshed; off: as long as any."},
		{Name: "ROTATE_REFRESH_TOKENS", DefaultValue: "auto", Set: into(&s.Policy.Rotation, rotation),
			Sentence: "Whether a refresh gives a new refresh token too: true, false, or auto, which does so for sessions that were opened in cookies."},
		{Name: "REFRESH_GRACE", DefaultValue: "10s", Set: into(&s.Policy.RefreshGrace, between(0, longestGrace, "must be 5m at most: within it a stolen token passes for a lost reply")),
			Sentence: "How long the refresh token before the current one is still answered, for a second tab or a reply that was lost; at most 5m."},
		{Name: "RENEW_ACCESS_TOKENS", DefaultValue: "true", Set: into(&s.Policy.RenewAccess, boolean),
			Sentence: "Whether a browser whose access cookie is missing or expired gets a new one in passing, for its refresh cookie; with ENABLE_JWT_AUTH. false: only token/refresh/ gives one."},
		{Name: "MAX_SESSIONS_PER_STAFF", DefaultValue: "20", Set: into(&s.Policy.MaxSessions, number(1, 1000)),
			Sentence: "How many sessions one person can have, from 1 to 1000; a sign-in beyond it, or a token of the shop's Django that becomes a session, ends the oldest."},
		{Name: "LEEWAY", DefaultValue: "0", Set: into(&s.Policy.Leeway, between(0, 5*time.Minute, "must be 5m at most: set the clocks right instead")),
			Sentence: "How far the clocks of other machines may be off when their tokens are checked; at most 5m."},
		{Name: "ISSUER", Set: into(&s.Policy.Issuer, text),
			Sentence: "The iss claim that tokens get, and must have."},
		{Name: "AUDIENCE", Set: into(&s.Policy.Audience, text),
			Sentence: "The aud claim that tokens get, and must have."},

		{Name: "ENABLE_JWT_AUTH", DefaultValue: "false", Set: into(&s.Cookies.Enabled, boolean),
			Sentence: "Hands tokens out in cookies that scripts cannot read, rather than in bodies."},
		{Name: "AUTH_COOKIE", DefaultValue: "access_token", Set: into(&s.Cookies.AccessName, cookieName),
			Sentence: "Name of the access token's cookie."},
		{Name: "REFRESH_COOKIE", DefaultValue: "refresh_token", Set: into(&s.Cookies.RefreshName, cookieName),
			Sentence: "Name of the refresh token's cookie."},
		{Name: "DEVICE_COOKIE", DefaultValue: "device", Set: into(&s.Cookies.DeviceName, cookieName),
			Sentence: "Name of the cookie by which a browser is known again, so that wrong passwords from elsewhere do not delay it."},
		{Name: "AUTH_COOKIE_DOMAIN", Set: into(&s.Cookies.Domain, cookieDomain),
			Sentence: "Domain of the cookies; empty keeps them to the one host."},
		{Name: "AUTH_COOKIE_SECURE", DefaultValue: "true", Set: into(&s.Cookies.Secure, boolean),
			Sentence: "Lets browsers send the cookies over https only. Off is for development on loopback."},
		{Name: "COOKIE_SAMESITE", DefaultValue: "Lax", Set: into(&s.Cookies.SameSite, oneOf("Lax", "Strict", "None")),
			Sentence: "SameSite of the cookies: Lax, Strict or None."},
		{Name: "CORS_ALLOWED_ORIGINS", Set: into(&s.CorsAllowedOrigins, listOf(origin)),
			Sentence: "Origins, separated by commas, of the other web pages that may call, such as https://app.shop.example."},

		{Name: "SHOP_NAME", Set: into(&s.Pages.ShopName, shopName),
			Sentence: "What the shop is called on the pages and in letters."},
		{Name: "SHOP_LOGO_FILE", Set: into(&s.Pages.Logo, logo), reloads: true,
			Sentence: "A picture of the shop for the pages: PNG, SVG, WebP or JPEG, of 200 KB at most. It is read at the start, and again on SIGHUP."},
		{Name: "SHOP_TEXTS_FILE", Set: into(&s.Pages.Texts, texts), reloads: true,
			Sentence: "What the pages say, in another language. See Pages in operations.md. Empty: English. It is read at the start, and again on SIGHUP."},
		{Name: "SIGN_IN_REDIRECT_URL", Set: into(&s.Pages.SignInRedirect, pageAddress),
			Sentence: "Where people go on after signing in on the page accounts/login/, and where links back to the shop lead. Empty: the public URL."},
		{Name: "SIGN_IN_REDIRECT_ALLOWED", Set: into(&s.Pages.RedirectAllowed, listOf(origin)),
			Sentence: "Origins, separated by commas, to which ?next= may lead after signing in, besides our own."},

		{Name: "PASSWORD_RESET_ENFORCEMENT", DefaultValue: "block", Set: into(&s.Policy.EnforcePasswordReset, either("block", "warn")),
			Sentence: "Whether a due change of the password blocks signing in (block) or is only announced (warn)."},
		{Name: "PASSWORD_MIN_LENGTH", DefaultValue: "15", Set: into(&s.Policy.PasswordMinLength, number(leastMinLength, 128)),
			Sentence: "Least number of characters of a new password; 8 at least."},
		{Name: "PASSWORD_BLOCKLIST_FILE", Set: into(&s.words, wordsIn),
			Sentence: "Text file of words of the place, one a line, that a new password must not mainly be; gatehouse, the shop's name and the names in the public URL are always among them."},
		{Name: "PASSWORD_BREACHED_FILE", Set: into(&s.Breached, breachedList),
			Sentence: "Copy of Pwned Passwords (SHA-1) that new passwords must not be in: the one file that is ordered by hash, or the folder of ranges. See Passwords in operations.md."},
		{Name: "GATEHOUSE_THROTTLE", DefaultValue: "on", Set: into(&s.Policy.Throttle.On, either("on", "off")),
			Sentence: "Whether wrong passwords are limited: on or, for tests on loopback, off. See Throttling in operations.md."},
		{Name: "GATEHOUSE_THROTTLE_FREE_FAILURES", DefaultValue: "5", Set: into(&s.Policy.Throttle.FreeFailures, number(1, 20)),
			Sentence: "How many wrong passwords in a row, from 1 to 20, go without a delay: by account and network, or by account and known device."},
		{Name: "GATEHOUSE_THROTTLE_FIRST_DELAY", DefaultValue: "2s", Set: into(&s.Policy.Throttle.FirstDelay, between(time.Second, longest, "must be a second at least")),
			Sentence: "The delay after that; each further wrong password doubles it."},
		{Name: "GATEHOUSE_THROTTLE_MAX_DELAY", DefaultValue: "15m", Set: into(&s.Policy.Throttle.MaxDelay, duration),
			Sentence: "The longest delay."},
		{Name: "GATEHOUSE_THROTTLE_DELAY_RESET", DefaultValue: "24h", Set: into(&s.Policy.Throttle.DelayReset, duration),
			Sentence: "How long without a wrong password until the delay of an account and a network is forgotten."},
		{Name: "GATEHOUSE_THROTTLE_ACCOUNT_BUDGET", DefaultValue: "100", Set: into(&s.Policy.Throttle.AccountBudget, number(10, 100)),
			Sentence: "How many wrong passwords in a row, from 10 to 100, hold an account: then only known devices get in until it is freed."},
		{Name: "GATEHOUSE_THROTTLE_ACCOUNT_RESET", DefaultValue: "30d", Set: into(&s.Policy.Throttle.AccountReset, duration),
			Sentence: "How long without a wrong password until the fewer of an account, and those of a known device, are forgotten."},
		{Name: "GATEHOUSE_THROTTLE_DEVICE_BUDGET", DefaultValue: "20", Set: into(&s.Policy.Throttle.DeviceBudget, number(1, 100)),
			Sentence: "How many wrong passwords in a row, from 1 to 100, make a known device one like any other."},
		{Name: "GATEHOUSE_THROTTLE_NETWORK_BUDGET", DefaultValue: "100", Set: into(&s.Policy.Throttle.NetworkBudget, number(1, 100_000)),
			Sentence: "How many wrong passwords a network (/24, or /64 in IPv6) has in a window, over all accounts; known devices do not count. A /48 in IPv6 has four times as many. One-time links that are asked for, or wrong, have a budget of the same size."},
		{Name: "GATEHOUSE_THROTTLE_NETWORK_WINDOW", DefaultValue: "15m", Set: into(&s.Policy.Throttle.NetworkWindow, between(time.Minute, longest, "must be a minute at least")),
			Sentence: "How long that window is, from its first wrong password on."},
		{Name: "AUDIT_RETENTION", DefaultValue: "400d", Set: into(&s.Policy.AuditRetention, orOff(between(day, longest, "must be 1d at least, or off to keep everything"))),
			Sentence: "How long audit events are kept, 1d at least; older ones are removed, and a signed checkpoint takes their place. off: for ever."},
		{Name: "TIME_ZONE", DefaultValue: "UTC", Set: into(&s.Policy.TimeZone, timeZone),
			Sentence: "Where the shop is, such as Pacific/Auckland: a leaving date takes effect at midnight there."},

		{Name: "PASSWORD_RESET_LIFETIME", DefaultValue: "10m", Set: into(&s.Policy.Links.ResetLifetime, between(time.Minute, domain.LongestLink, "must be from 1m to 24h")),
			Sentence: "How long a link works that a person has asked for by e-mail, at most 24h. More than 10m is more time for whoever reads the mail."},
		{Name: "INVITATION_LIFETIME", DefaultValue: "24h", Set: into(&s.Policy.Links.InvitationLifetime, between(time.Minute, domain.LongestLink, "must be from 1m to 24h")),
			Sentence: "How long a link works with which somebody new sets the first password, at most 24h."},
		{Name: "EMAIL_HOST", Set: into(&s.mail.host, mailHost),
			Sentence: "The mail server. Empty: no mail is sent, and an administrator hands links over."},
		{Name: "EMAIL_PORT", Set: into(&s.mail.port, mailPort),
			Sentence: "Its port; by default 465 with EMAIL_USE_SSL, 587 with EMAIL_USE_TLS, and else 25."},
		{Name: "EMAIL_HOST_USER", Set: into(&s.mail.user, text),
			Sentence: "The account at the mail server. Empty: none is needed."},
		{Name: "EMAIL_HOST_PASSWORD", secret: true, Set: into(&s.mail.password, secret),
			Sentence: "Its password."},
		{Name: "EMAIL_USE_TLS", DefaultValue: "true", Set: into(&s.mail.useTLS, boolean),
			Sentence: "Encrypts the connection with STARTTLS, and sends nothing if that fails. Off is for a mail server on this machine."},
		{Name: "EMAIL_USE_SSL", DefaultValue: "false", Set: into(&s.mail.useSSL, boolean),
			Sentence: "Encrypts the connection from its start; EMAIL_USE_TLS does not matter then."},
		{Name: "DEFAULT_FROM_EMAIL", Set: into(&s.mail.from, mailSender),
			Sentence: "The sender, such as Shop <noreply@shop.example>. Required with EMAIL_HOST."},
		{Name: "EMAIL_SUBJECT_PREFIX", Set: into(&s.mail.subjectPrefix, lineOfText),
			Sentence: "What each subject begins with."},
		{Name: "EMAIL_TIMEOUT", DefaultValue: "10s", Set: into(&s.mail.timeout, between(time.Second, 2*time.Minute, "must be from 1s to 2m")),
			Sentence: "How long the mail server may take for one letter, from 1s to 2m."},
	}
}

// Flag is what the option is called on the command line. Other accounts can see a command line, so a
// secret is given there as the name of its file.
func (o Option) Flag() string {
	name := strings.TrimPrefix(o.Name, "GATEHOUSE_")
	if o.secret {
		name += "_FILE"
	}
	return strings.ReplaceAll(strings.ToLower(name), "_", "-")
}

// Variable is the environment variable, or both for a secret.
func (o Option) Variable() string {
	if o.secret {
		return o.Name + " or " + o.Name + "_FILE"
	}
	return o.Name
}

// mistake words an error of an option. It repeats the value unless that is a secret or, as a URL with
// an account, may hold one.
func (o Option) mistake(value string, err error) error {
	if o.secret || value == "" || strings.Contains(value, "@") {
		return Error{o.Name, err.Error()}
	}
	return Error{o.Name, fmt.Sprintf("= %q %v", value, err)}
}

// Shown is how a setting may be printed.
func (o Option) Shown(value string) string {
	switch {
	case o.secret && value == "":
		return "(not set)"
	case o.secret:
		return domain.NewSecret(value).String()
	case value == "":
		return "(empty)"
	}
	return value
}
