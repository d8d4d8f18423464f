package config

import (
	"slices"
	"strings"
	"testing"
)

// A mistake is a configuration that cannot be used, and the complaint: the name of a
// variable, and the right form.
type mistake struct {
	set      []string
	variable string
	form     string
}

var mistakes = []mistake{
	{[]string{"GATEHOUSE_LISTEN", "8080"}, "GATEHOUSE_LISTEN", "write 127.0.0.1:8080"},
	{[]string{"GATEHOUSE_LISTEN", "127.0.0.1"}, "GATEHOUSE_LISTEN", "write 127.0.0.1:8080"},
	{[]string{"GATEHOUSE_LISTEN", "127.0.0.1:http"}, "GATEHOUSE_LISTEN", "write 127.0.0.1:8080"},
	{[]string{"GATEHOUSE_LISTEN", "127.0.0.1:65536"}, "GATEHOUSE_LISTEN", "write 127.0.0.1:8080"},
	{[]string{"GATEHOUSE_LISTEN", "127.0.0.1:-1"}, "GATEHOUSE_LISTEN", "write 127.0.0.1:8080"},
	{[]string{"GATEHOUSE_LISTEN", "shop.example:80"}, "GATEHOUSE_LISTEN", "write 127.0.0.1:8080"},
	{[]string{"GATEHOUSE_LISTEN", "0.0.0.0:80"}, "GATEHOUSE_PUBLIC_URL", "write the address that people see, such as https://shop.example"},
	{[]string{"GATEHOUSE_LISTEN", ":80"}, "GATEHOUSE_PUBLIC_URL", "write the address that people see"},
	{[]string{"GATEHOUSE_LISTEN", "[::]:80"}, "GATEHOUSE_PUBLIC_URL", "write the address that people see"},
	{[]string{"GATEHOUSE_LISTEN", "192.0.2.1:80"}, "GATEHOUSE_PUBLIC_URL", "write the address that people see"},
	{[]string{"GATEHOUSE_GUARD_LISTEN", "8081"}, "GATEHOUSE_GUARD_LISTEN", "write 127.0.0.1:8081"},
	{[]string{"GATEHOUSE_GUARD_LISTEN", ":8081"}, "GATEHOUSE_GUARD_LISTEN", "write 127.0.0.1:8081"},
	{[]string{"GATEHOUSE_GUARD_LISTEN", "0.0.0.0:8081"}, "GATEHOUSE_GUARD_LISTEN", "write 127.0.0.1:8081"},
	{[]string{"GATEHOUSE_GUARD_LISTEN", "[::]:8081"}, "GATEHOUSE_GUARD_LISTEN", "write 127.0.0.1:8081"},
	{[]string{"GATEHOUSE_GUARD_LISTEN", "203.0.113.1:8081"}, "GATEHOUSE_GUARD_LISTEN", "write 127.0.0.1:8081"},
	{[]string{"GATEHOUSE_GUARD_LISTEN", "[2001:db8::1]:8081"}, "GATEHOUSE_GUARD_LISTEN", "write 127.0.0.1:8081"},
	{[]string{"GATEHOUSE_GUARD_LISTEN", "[::ffff:203.0.113.1]:8081"}, "GATEHOUSE_GUARD_LISTEN", "write 127.0.0.1:8081"},
	{[]string{"GATEHOUSE_GUARD_LISTEN", "100.64.0.1:8081"}, "GATEHOUSE_GUARD_LISTEN", "write 127.0.0.1:8081"},
	{[]string{"GATEHOUSE_GUARD_LISTEN", "169.254.1.1:8081"}, "GATEHOUSE_GUARD_LISTEN", "write 127.0.0.1:8081"},
	{[]string{"GATEHOUSE_GUARD_LISTEN", "shop.example:8081"}, "GATEHOUSE_GUARD_LISTEN", "write 127.0.0.1:8081"},
	{[]string{"GATEHOUSE_GUARD_LISTEN", "127.0.0.1:x"}, "GATEHOUSE_GUARD_LISTEN", "write 127.0.0.1:8081"},
	{[]string{"GATEHOUSE_GUARD_LISTEN", "unix:"}, "GATEHOUSE_GUARD_LISTEN", "write unix:/run/gatehouse/guard.sock"},
	{[]string{"GATEHOUSE_GUARD_LISTEN", "unix:guard.sock"}, "GATEHOUSE_GUARD_LISTEN", "write unix:/run/gatehouse/guard.sock"},
	{[]string{"GATEHOUSE_GUARD_LISTEN", "unix:/run/"}, "GATEHOUSE_GUARD_LISTEN", "write unix:/run/gatehouse/guard.sock"},
	{[]string{"GATEHOUSE_GUARD_LISTEN", "unix:/" + strings.Repeat("x", 107)}, "GATEHOUSE_GUARD_LISTEN", "of 107 bytes at most"},
	{[]string{"GUARD_OPEN_PATHS", "static/*"}, "GUARD_OPEN_PATHS", "write /health,/static/*"},
	{[]string{"GUARD_OPEN_PATHS", "/a,/*"}, "GUARD_OPEN_PATHS", "leave GATEHOUSE_GUARD_LISTEN out"},
	{[]string{"GUARD_OPEN_PATHS", "/a//b"}, "GUARD_OPEN_PATHS", "write /health,/static/*"},
	{[]string{"GUARD_OPEN_PATHS", "/caf%C3%A9"}, "GUARD_OPEN_PATHS", "must not have * before its end, ? or %"},
	{[]string{"GUARD_OPEN_PATHS", "/a/../b"}, "GUARD_OPEN_PATHS", "write /health,/static/*"},
	{[]string{"GATEHOUSE_PUBLIC_URL", "shop.example"}, "GATEHOUSE_PUBLIC_URL", "write https://shop.example"},
	{[]string{"GATEHOUSE_PUBLIC_URL", "ftp://shop.example"}, "GATEHOUSE_PUBLIC_URL", "write https://shop.example"},
	{[]string{"GATEHOUSE_PUBLIC_URL", "https://"}, "GATEHOUSE_PUBLIC_URL", "write https://shop.example"},
	{[]string{"GATEHOUSE_PUBLIC_URL", "https://:443"}, "GATEHOUSE_PUBLIC_URL", "write https://shop.example"},
	{[]string{"GATEHOUSE_PUBLIC_URL", "https://who@shop.example"}, "GATEHOUSE_PUBLIC_URL", "write https://shop.example"},
	{[]string{"GATEHOUSE_PUBLIC_URL", "https://shop.example?a=1"}, "GATEHOUSE_PUBLIC_URL", "write https://shop.example"},
	{[]string{"GATEHOUSE_PUBLIC_URL", "https://shop.example#a"}, "GATEHOUSE_PUBLIC_URL", "write https://shop.example"},
	{[]string{"GATEHOUSE_TRUSTED_PROXIES", "proxy.example"}, "GATEHOUSE_TRUSTED_PROXIES", "write 127.0.0.1, 10.0.0.0/8"},
	{[]string{"GATEHOUSE_TRUSTED_PROXIES", "10.0.0.0/33"}, "GATEHOUSE_TRUSTED_PROXIES", "write 127.0.0.1, 10.0.0.0/8"},
	{[]string{"GATEHOUSE_TRUSTED_PROXIES", "0.0.0.0/0"}, "GATEHOUSE_TRUSTED_PROXIES", "name the addresses of your proxies"},
	{[]string{"GATEHOUSE_TRUSTED_PROXIES", "::ffff:0.0.0.0/96"}, "GATEHOUSE_TRUSTED_PROXIES", "name the addresses of your proxies"},
	{[]string{"GATEHOUSE_TRUSTED_PROXIES", "127.0.0.1, ::/0"}, "GATEHOUSE_TRUSTED_PROXIES", "name the addresses of your proxies"},
	{[]string{"SIGNING_KEY", "thirty-one bytes, one too few.."}, "SIGNING_KEY", "set GATEHOUSE_ALLOW_WEAK_SECRET=true"},
	{[]string{"SECRET_KEY", "short"}, "SECRET_KEY", "use a longer one"},
	{[]string{"SIGNING_KEY", "short", "SECRET_KEY", goodSecret}, "SIGNING_KEY", "use a longer one"},
	{[]string{"GATEHOUSE_ALLOW_WEAK_SECRET", "yes"}, "GATEHOUSE_ALLOW_WEAK_SECRET", "neither true nor false"},
	{[]string{"ALGORITHM", "RS256"}, "ALGORITHM", "one of HS256, ES256, EdDSA"},
	{[]string{"ALGORITHM", "none"}, "ALGORITHM", "one of HS256, ES256, EdDSA"},
	{[]string{"ALGORITHM", "hs256", "SECRET_KEY", goodSecret}, "ALGORITHM", "one of HS256, ES256, EdDSA"},
	{[]string{"ALGORITHM", "HS256"}, "ALGORITHM", "set SIGNING_KEY or SECRET_KEY"},
	{[]string{"ACCEPT_DJANGO_TOKENS_UNTIL", "2026-12-31", "SECRET_KEY", goodSecret}, "ACCEPT_DJANGO_TOKENS_UNTIL", "write 2026-12-31T00:00:00Z"},
	{[]string{"ACCEPT_DJANGO_TOKENS_UNTIL", "2026-12-31T00:00:00Z"}, "ACCEPT_DJANGO_TOKENS_UNTIL", "set SIGNING_KEY or SECRET_KEY"},
	{[]string{"ENABLE_JWT_AUTH", "on"}, "ENABLE_JWT_AUTH", "neither true nor false"},
	{[]string{"AUTH_COOKIE", "access token"}, "AUTH_COOKIE", "use letters, digits, - and _"},
	{[]string{"AUTH_COOKIE", "a=b"}, "AUTH_COOKIE", "use letters, digits, - and _"},
	{[]string{"REFRESH_COOKIE", "a;b"}, "REFRESH_COOKIE", "use letters, digits, - and _"},
	{[]string{"REFRESH_COOKIE", "access_token"}, "REFRESH_COOKIE", "must differ from AUTH_COOKIE"},
	{[]string{"AUTH_COOKIE", "__Host-access", "AUTH_COOKIE_DOMAIN", "shop.example"}, "AUTH_COOKIE", "cannot have AUTH_COOKIE_DOMAIN"},
	{[]string{"REFRESH_COOKIE", "__HOST-r", "AUTH_COOKIE_DOMAIN", "shop.example"}, "REFRESH_COOKIE", "cannot have AUTH_COOKIE_DOMAIN"},
	{[]string{"AUTH_COOKIE", "__Secure-a", "AUTH_COOKIE_SECURE", "false"}, "AUTH_COOKIE", "needs AUTH_COOKIE_SECURE=true"},
	{[]string{"AUTH_COOKIE", "__host-a", "AUTH_COOKIE_SECURE", "false"}, "AUTH_COOKIE", "needs AUTH_COOKIE_SECURE=true"},
	{[]string{"AUTH_COOKIE_DOMAIN", "https://shop.example"}, "AUTH_COOKIE_DOMAIN", "write shop.example"},
	{[]string{"AUTH_COOKIE_DOMAIN", "shop.example; Secure"}, "AUTH_COOKIE_DOMAIN", "write shop.example"},
	{[]string{"AUTH_COOKIE_DOMAIN", "other.example", "GATEHOUSE_PUBLIC_URL", "https://shop.example"}, "AUTH_COOKIE_DOMAIN", "does not belong to GATEHOUSE_PUBLIC_URL"},
	{[]string{"AUTH_COOKIE_DOMAIN", "op.example", "GATEHOUSE_PUBLIC_URL", "https://shop.example"}, "AUTH_COOKIE_DOMAIN", "does not belong to GATEHOUSE_PUBLIC_URL"},
	{[]string{"AUTH_COOKIE_DOMAIN", "example"}, "AUTH_COOKIE_DOMAIN", "write shop.example"},
	{[]string{"AUTH_COOKIE_SECURE", "no"}, "AUTH_COOKIE_SECURE", "neither true nor false"},
	{[]string{"AUTH_COOKIE_SECURE", "false", "GATEHOUSE_PUBLIC_URL", "https://shop.example"}, "AUTH_COOKIE_SECURE", "leave it true"},
	{[]string{"ENABLE_JWT_AUTH", "true", "GATEHOUSE_PUBLIC_URL", "http://shop.example"}, "GATEHOUSE_PUBLIC_URL", "must be https"},
	{[]string{"COOKIE_SAMESITE", "lax"}, "COOKIE_SAMESITE", "one of Lax, Strict, None"},
	{[]string{"COOKIE_SAMESITE", "None", "AUTH_COOKIE_SECURE", "false"}, "COOKIE_SAMESITE", "needs AUTH_COOKIE_SECURE=true"},
	{[]string{"ACCESS_TOKEN_LIFETIME", "0"}, "ACCESS_TOKEN_LIFETIME", "a second at least"},
	{[]string{"ACCESS_TOKEN_LIFETIME", "999ms"}, "ACCESS_TOKEN_LIFETIME", "a second at least"},
	{[]string{"ACCESS_TOKEN_LIFETIME", "fifteen"}, "ACCESS_TOKEN_LIFETIME", "write 15m, 30d, PT15M, a number of seconds, or Django's 1 00:00:00"},
	{[]string{"REFRESH_TOKEN_LIFETIME", "-30d"}, "REFRESH_TOKEN_LIFETIME", "write 15m, 30d, PT15M"},
	{[]string{"REFRESH_TOKEN_LIFETIME", "14m"}, "REFRESH_TOKEN_LIFETIME", "must not be shorter than ACCESS_TOKEN_LIFETIME"},
	{[]string{"SESSION_IDLE_LIFETIME", "never"}, "SESSION_IDLE_LIFETIME", "write 15m, 30d, PT15M"},
	{[]string{"ROTATE_REFRESH_TOKENS", "sometimes"}, "ROTATE_REFRESH_TOKENS", "must be auto, true or false"},
	{[]string{"REFRESH_GRACE", "5m1s"}, "REFRESH_GRACE", "must be 5m at most"},
	{[]string{"REFRESH_GRACE", "long"}, "REFRESH_GRACE", "write 15m, 30d, PT15M"},
	{[]string{"RENEW_ACCESS_TOKENS", "auto"}, "RENEW_ACCESS_TOKENS", "is neither true nor false"},
	{[]string{"GATEHOUSE_MAX_CONNECTIONS", "15"}, "GATEHOUSE_MAX_CONNECTIONS", "a number from 16 to 65536"},
	{[]string{"GATEHOUSE_MAX_CONNECTIONS", "unlimited"}, "GATEHOUSE_MAX_CONNECTIONS", "a number from 16 to 65536"},
	{[]string{"MAX_SESSIONS_PER_STAFF", "0"}, "MAX_SESSIONS_PER_STAFF", "a number from 1 to 1000"},
	{[]string{"MAX_SESSIONS_PER_STAFF", "many"}, "MAX_SESSIONS_PER_STAFF", "a number from 1 to 1000"},
	{[]string{"LEEWAY", "5m1s"}, "LEEWAY", "must be 5m at most"},
	{[]string{"PASSWORD_RESET_ENFORCEMENT", "true"}, "PASSWORD_RESET_ENFORCEMENT", "block or warn"},
	{[]string{"PASSWORD_MIN_LENGTH", "7"}, "PASSWORD_MIN_LENGTH", "a number from 8 to 128"},
	{[]string{"PASSWORD_MIN_LENGTH", "129"}, "PASSWORD_MIN_LENGTH", "a number from 8 to 128"},
	{[]string{"PASSWORD_MIN_LENGTH", "long"}, "PASSWORD_MIN_LENGTH", "a number from 8 to 128"},
	{[]string{"PASSWORD_BLOCKLIST_FILE", "../../acceptance/testdata/none.txt"}, "PASSWORD_BLOCKLIST_FILE", "cannot be used: no such file or directory"},
	{[]string{"PASSWORD_BLOCKLIST_FILE", "../../acceptance/testdata"}, "PASSWORD_BLOCKLIST_FILE", "cannot be used: it is not a file"},
	{[]string{"PASSWORD_BREACHED_FILE", "../../acceptance/testdata/none.txt"}, "PASSWORD_BREACHED_FILE", "cannot be used: no such file or directory"},
	{[]string{"PASSWORD_BREACHED_FILE", "../../acceptance/testdata/staff.json"}, "PASSWORD_BREACHED_FILE", "is this a list of SHA-1 hashes?"},
	{[]string{"PASSWORD_BREACHED_FILE", "../../acceptance/testdata"}, "PASSWORD_BREACHED_FILE", "no file in it is called by five hex digits"},
	{[]string{"CORS_ALLOWED_ORIGINS", "*"}, "CORS_ALLOWED_ORIGINS", "write https://app.shop.example"},
	{[]string{"CORS_ALLOWED_ORIGINS", "https://*.shop.example"}, "CORS_ALLOWED_ORIGINS", "write https://app.shop.example"},
	{[]string{"CORS_ALLOWED_ORIGINS", "https://App.shop.example"}, "CORS_ALLOWED_ORIGINS", "write https://app.shop.example"},
	{[]string{"CORS_ALLOWED_ORIGINS", "https://a.example,https://b.example/"}, "CORS_ALLOWED_ORIGINS", "write https://app.shop.example"},
	{[]string{"CORS_ALLOWED_ORIGINS", "null"}, "CORS_ALLOWED_ORIGINS", "write https://app.shop.example"},
	{[]string{"SHOP_NAME", strings.Repeat("x", 61)}, "SHOP_NAME", "at most 60 characters"},
	{[]string{"SHOP_NAME", " "}, "SHOP_NAME", "at most 60 characters"},
	{[]string{"SHOP_NAME", "a\nb"}, "SHOP_NAME", "at most 60 characters"},
	{[]string{"SHOP_LOGO_FILE", "no/such.png"}, "SHOP_LOGO_FILE", "is the file there?"},
	{[]string{"SHOP_LOGO_FILE", "."}, "SHOP_LOGO_FILE", "cannot be read"},
	{[]string{"SHOP_LOGO_FILE", "options.go"}, "SHOP_LOGO_FILE", "not a picture in PNG, JPEG, WebP or SVG"},
	{[]string{"SHOP_TEXTS_FILE", "options.go"}, "SHOP_TEXTS_FILE", "not a JSON object of texts"},
	{[]string{"SHOP_TEXTS_FILE", "../../acceptance/testdata/staff.json"}, "SHOP_TEXTS_FILE", "not a JSON object of texts"},
	{[]string{"SIGN_IN_REDIRECT_URL", "app.shop.example"}, "SIGN_IN_REDIRECT_URL", "write https://app.shop.example/ or /app/"},
	{[]string{"SIGN_IN_REDIRECT_URL", "//app.shop.example"}, "SIGN_IN_REDIRECT_URL", "write https://app.shop.example/ or /app/"},
	{[]string{"SIGN_IN_REDIRECT_URL", "javascript:alert(1)"}, "SIGN_IN_REDIRECT_URL", "write https://app.shop.example/ or /app/"},
	{[]string{"SIGN_IN_REDIRECT_URL", "https://kea:x@app.shop.example/"}, "SIGN_IN_REDIRECT_URL", "write https://app.shop.example/ or /app/"},
	{[]string{"SIGN_IN_REDIRECT_URL", "/a\\b"}, "SIGN_IN_REDIRECT_URL", "write https://app.shop.example/ or /app/"},
	{[]string{"SIGN_IN_REDIRECT_ALLOWED", "https://app.shop.example/"}, "SIGN_IN_REDIRECT_ALLOWED", "write https://app.shop.example"},
	{[]string{"SIGN_IN_REDIRECT_ALLOWED", "*"}, "SIGN_IN_REDIRECT_ALLOWED", "write https://app.shop.example"},
	{[]string{"SIGN_IN_REDIRECT_ALLOWED", "https://a.example;script-src"}, "SIGN_IN_REDIRECT_ALLOWED", "write https://app.shop.example"},
	{[]string{"DEVICE_COOKIE", "a device"}, "DEVICE_COOKIE", "use letters, digits, - and _"},
	{[]string{"DEVICE_COOKIE", "access_token"}, "DEVICE_COOKIE", "must differ from AUTH_COOKIE and REFRESH_COOKIE"},
	{[]string{"DEVICE_COOKIE", "refresh_token"}, "DEVICE_COOKIE", "must differ from AUTH_COOKIE and REFRESH_COOKIE"},
	{[]string{"DEVICE_COOKIE", "password_due"}, "DEVICE_COOKIE", "is the name of another cookie"},
	{[]string{"AUTH_COOKIE", "password_due"}, "AUTH_COOKIE", "is the name of another cookie"},
	{[]string{"DEVICE_COOKIE", "__Host-d", "AUTH_COOKIE_DOMAIN", "shop.example"}, "DEVICE_COOKIE", "cannot have AUTH_COOKIE_DOMAIN"},
	{[]string{"GATEHOUSE_THROTTLE", "false"}, "GATEHOUSE_THROTTLE", "must be on or off"},
	{[]string{"GATEHOUSE_THROTTLE", "off", "GATEHOUSE_LISTEN", "0.0.0.0:80", "GATEHOUSE_PUBLIC_URL", "https://shop.example"}, "GATEHOUSE_THROTTLE", "leave it on"},
	{[]string{"GATEHOUSE_THROTTLE_FREE_FAILURES", "0"}, "GATEHOUSE_THROTTLE_FREE_FAILURES", "a number from 1 to 20"},
	{[]string{"GATEHOUSE_THROTTLE_FIRST_DELAY", "999ms"}, "GATEHOUSE_THROTTLE_FIRST_DELAY", "a second at least"},
	{[]string{"GATEHOUSE_THROTTLE_MAX_DELAY", "1s"}, "GATEHOUSE_THROTTLE_MAX_DELAY", "must not be shorter than GATEHOUSE_THROTTLE_FIRST_DELAY"},
	{[]string{"GATEHOUSE_THROTTLE_DELAY_RESET", "14m"}, "GATEHOUSE_THROTTLE_DELAY_RESET", "must not be shorter than GATEHOUSE_THROTTLE_MAX_DELAY"},
	{[]string{"GATEHOUSE_THROTTLE_ACCOUNT_BUDGET", "101"}, "GATEHOUSE_THROTTLE_ACCOUNT_BUDGET", "a number from 10 to 100"},
	{[]string{"GATEHOUSE_THROTTLE_ACCOUNT_RESET", "23h"}, "GATEHOUSE_THROTTLE_ACCOUNT_RESET", "must not be shorter than GATEHOUSE_THROTTLE_DELAY_RESET"},
	{[]string{"GATEHOUSE_THROTTLE_DEVICE_BUDGET", "none"}, "GATEHOUSE_THROTTLE_DEVICE_BUDGET", "a number from 1 to 100"},
	{[]string{"GATEHOUSE_THROTTLE_NETWORK_BUDGET", "0"}, "GATEHOUSE_THROTTLE_NETWORK_BUDGET", "a number from 1 to 100000"},
	{[]string{"GATEHOUSE_THROTTLE_NETWORK_WINDOW", "59s"}, "GATEHOUSE_THROTTLE_NETWORK_WINDOW", "a minute at least"},
	{[]string{"AUDIT_RETENTION", "0"}, "AUDIT_RETENTION", "1d at least, or off"},
	{[]string{"AUDIT_RETENTION", "23h59m59s"}, "AUDIT_RETENTION", "1d at least, or off"},
	{[]string{"AUDIT_RETENTION", "a year"}, "AUDIT_RETENTION", "write 15m, 30d, PT15M"},
	{[]string{"PASSWORD_RESET_LIFETIME", "24h1s"}, "PASSWORD_RESET_LIFETIME", "from 1m to 24h"},
	{[]string{"PASSWORD_RESET_LIFETIME", "59s"}, "PASSWORD_RESET_LIFETIME", "from 1m to 24h"},
	{[]string{"PASSWORD_RESET_LIFETIME", "off"}, "PASSWORD_RESET_LIFETIME", "write 15m, 30d, PT15M"},
	{[]string{"INVITATION_LIFETIME", "2d"}, "INVITATION_LIFETIME", "from 1m to 24h"},
	{[]string{"EMAIL_HOST", "smtp://mail.shop.example", "DEFAULT_FROM_EMAIL", "a@shop.example"}, "EMAIL_HOST", "write smtp.shop.example"},
	{[]string{"EMAIL_HOST", "mail.shop.example:587", "DEFAULT_FROM_EMAIL", "a@shop.example"}, "EMAIL_HOST", "the port belongs into EMAIL_PORT"},
	{[]string{"EMAIL_HOST", "[::1]", "DEFAULT_FROM_EMAIL", "a@shop.example"}, "EMAIL_HOST", "write smtp.shop.example"},
	{[]string{"EMAIL_HOST", "mail.shop.example"}, "DEFAULT_FROM_EMAIL", "write Shop <noreply@shop.example>"},
	{[]string{"DEFAULT_FROM_EMAIL", "noreply"}, "DEFAULT_FROM_EMAIL", "write Shop <noreply@shop.example>"},
	{[]string{"DEFAULT_FROM_EMAIL", "a@shop.example\r\nBcc: b@shop.example"}, "DEFAULT_FROM_EMAIL", "write Shop <noreply@shop.example>"},
	{[]string{"EMAIL_SUBJECT_PREFIX", "[Shop]\r\nBcc: b@shop.example"}, "EMAIL_SUBJECT_PREFIX", "not text of one line"},
	{[]string{"EMAIL_SUBJECT_PREFIX", "[Sh\xffp]"}, "EMAIL_SUBJECT_PREFIX", "not text of one line"},
	{[]string{"EMAIL_PORT", "smtp"}, "EMAIL_PORT", "write 587"},
	{[]string{"EMAIL_PORT", "0"}, "EMAIL_PORT", "write 587"},
	{[]string{"EMAIL_PORT", "65536"}, "EMAIL_PORT", "write 587"},
	{[]string{"EMAIL_USE_TLS", "false", "EMAIL_HOST", "mail.shop.example", "DEFAULT_FROM_EMAIL", "a@shop.example"}, "EMAIL_USE_TLS", "for a mail server on this machine"},
	{[]string{"EMAIL_USE_TLS", "maybe"}, "EMAIL_USE_TLS", "neither true nor false"},
	{[]string{"EMAIL_USE_SSL", "maybe"}, "EMAIL_USE_SSL", "neither true nor false"},
	{[]string{"EMAIL_HOST_PASSWORD", "x", "EMAIL_HOST", "mail.shop.example", "DEFAULT_FROM_EMAIL", "a@shop.example"}, "EMAIL_HOST_USER", "is missing beside EMAIL_HOST_PASSWORD"},
	{[]string{"EMAIL_TIMEOUT", "2m1s", "EMAIL_HOST", "mail.shop.example", "DEFAULT_FROM_EMAIL", "a@shop.example"}, "EMAIL_TIMEOUT", "from 1s to 2m"},
	{[]string{"EMAIL_TIMEOUT", "999ms"}, "EMAIL_TIMEOUT", "from 1s to 2m"}, // also while mail is off
	{[]string{"GATEHOUSE_OPERATOR", strings.Repeat("x", 65)}, "GATEHOUSE_OPERATOR", "64 bytes"},
	{[]string{"TIME_ZONE", "Auckland"}, "TIME_ZONE", "write Pacific/Auckland"},
	{[]string{"TIME_ZONE", "Local"}, "TIME_ZONE", "write Pacific/Auckland"},
	{[]string{"TIME_ZONE", "../../etc/passwd"}, "TIME_ZONE", "write Pacific/Auckland"},
}

func TestEveryMistakeNamesItsVariable(t *testing.T) {
	t.Parallel()
	tried := map[string]bool{}
	for _, m := range mistakes {
		tried[m.variable] = true
		_, err := loadWith(variables(m.set...), nil)
		if !complains(err, m.variable, m.form) {
			t.Errorf("%q: the complaint is %v, want it to name %s and say: %s", m.set, err, m.variable, m.form)
		}
	}
	for _, name := range []string{"GATEHOUSE_DATA_DIR", "ISSUER", "AUDIENCE", "SHOP_NAME", "EMAIL_HOST_PASSWORD"} { // any text will do
		tried[name] = true
	}
	for _, o := range Options() {
		if !tried[o.Name] {
			t.Errorf("no mistake with %s is tried", o.Name)
		}
	}
}

// complains reports whether a line of err starts with the variable and contains the form.
func complains(err error, variable, form string) bool {
	if err == nil {
		return false
	}
	return slices.ContainsFunc(strings.Split(err.Error(), "\n"), func(line string) bool {
		return strings.HasPrefix(line, variable+" ") && strings.Contains(line, form)
	})
}

func TestAllMistakesAreReportedTogether(t *testing.T) {
	t.Parallel()
	_, err := loadWith(variables("GATEHOUSE_LISTEN", "8080", "LEEWAY", "soon", "SECRET_KEY", "short", "TIME_ZONE", "here"), nil)
	if err == nil || strings.Count(err.Error(), "\n") != 3 {
		t.Fatalf("the complaint is %v, want four lines", err)
	}
	for _, name := range []string{"GATEHOUSE_LISTEN", "LEEWAY", "SECRET_KEY", "TIME_ZONE"} {
		if !complains(err, name, "") {
			t.Errorf("the complaint does not name %s: %v", name, err)
		}
	}
}
