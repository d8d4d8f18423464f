package config

import (
	"maps"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/adapters/fiberhttp"
	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

// loadWith loads a configuration from variables and flags.
func loadWith(variables, flags map[string]string) (*Settings, error) {
	environ := func() (pairs []string) {
		for name, value := range variables {
			pairs = append(pairs, name+"="+value)
		}
		return pairs
	}
	return Load(Values{func(name string) string { return variables[name] }, environ, flags, false})
}

func variables(pairs ...string) map[string]string {
	set := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		set[pairs[i]] = pairs[i+1]
	}
	return set
}

// mustLoad loads a configuration that is good.
func mustLoad(t *testing.T, pairs ...string) *Settings {
	t.Helper()
	s, err := loadWith(variables(pairs...), nil)
	if err != nil {
		t.Fatalf("%q: %v", pairs, err)
	}
	return s
}

// These are promised to operators; nobody may change one in passing.
var promisedDefaults = map[string]string{
	"GATEHOUSE_LISTEN":          "127.0.0.1:8080",
	"GATEHOUSE_DATA_DIR":        "./data",
	"GATEHOUSE_OPERATOR":        "",
	"GATEHOUSE_PUBLIC_URL":      "",
	"GATEHOUSE_TRUSTED_PROXIES": "",
	"GATEHOUSE_MAX_CONNECTIONS": "2048",
	"GATEHOUSE_GUARD_LISTEN":    "", "GUARD_OPEN_PATHS": "",
	"SIGNING_KEY":                 "",
	"SECRET_KEY":                  "",
	"GATEHOUSE_ALLOW_WEAK_SECRET": "false",
	"ALGORITHM":                   "",
	"ACCEPT_DJANGO_TOKENS_UNTIL":  "",
	"ENABLE_JWT_AUTH":             "false",
	"AUTH_COOKIE":                 "access_token",
	"REFRESH_COOKIE":              "refresh_token",
	"DEVICE_COOKIE":               "device",
	"AUTH_COOKIE_DOMAIN":          "",
	"AUTH_COOKIE_SECURE":          "true",
	"COOKIE_SAMESITE":             "Lax",
	"SHOP_NAME":                   "",
	"SHOP_LOGO_FILE":              "",
	"SHOP_TEXTS_FILE":             "",
	"SIGN_IN_REDIRECT_URL":        "",
	"SIGN_IN_REDIRECT_ALLOWED":    "",
	"ACCESS_TOKEN_LIFETIME":       "15m",
	"REFRESH_TOKEN_LIFETIME":      "30d",
	"SESSION_IDLE_LIFETIME":       "off",
	"ROTATE_REFRESH_TOKENS":       "auto",
	"REFRESH_GRACE":               "10s",
	"RENEW_ACCESS_TOKENS":         "true",
	"MAX_SESSIONS_PER_STAFF":      "20",
	"LEEWAY":                      "0",
	"ISSUER":                      "",
	"AUDIENCE":                    "",
	"PASSWORD_RESET_ENFORCEMENT":  "block",
	"PASSWORD_MIN_LENGTH":         "15",
	"PASSWORD_BLOCKLIST_FILE":     "",
	"PASSWORD_BREACHED_FILE":      "",
	"AUDIT_RETENTION":             "400d",
	"CORS_ALLOWED_ORIGINS":        "",
	"TIME_ZONE":                   "UTC",

	"PASSWORD_RESET_LIFETIME": "10m",
	"INVITATION_LIFETIME":     "24h",
	"EMAIL_HOST":              "",
	"EMAIL_PORT":              "",
	"EMAIL_HOST_USER":         "",
	"EMAIL_HOST_PASSWORD":     "",
	"EMAIL_USE_TLS":           "true",
	"EMAIL_USE_SSL":           "false",
	"DEFAULT_FROM_EMAIL":      "",
	"EMAIL_SUBJECT_PREFIX":    "",
	"EMAIL_TIMEOUT":           "10s",

	"GATEHOUSE_THROTTLE":                "on",
	"GATEHOUSE_THROTTLE_FREE_FAILURES":  "5",
	"GATEHOUSE_THROTTLE_FIRST_DELAY":    "2s",
	"GATEHOUSE_THROTTLE_MAX_DELAY":      "15m",
	"GATEHOUSE_THROTTLE_DELAY_RESET":    "24h",
	"GATEHOUSE_THROTTLE_ACCOUNT_BUDGET": "100",
	"GATEHOUSE_THROTTLE_ACCOUNT_RESET":  "30d",
	"GATEHOUSE_THROTTLE_DEVICE_BUDGET":  "20",
	"GATEHOUSE_THROTTLE_NETWORK_BUDGET": "100",
	"GATEHOUSE_THROTTLE_NETWORK_WINDOW": "15m",
}

func TestDefaultsAreThePromisedOnes(t *testing.T) {
	t.Parallel()
	for _, o := range Options() {
		if want, promised := promisedDefaults[o.Name]; !promised || o.DefaultValue != want {
			t.Errorf("the default of %s is %q, promised: %t, %q", o.Name, o.DefaultValue, promised, want)
		}
	}
	for name := range promisedDefaults {
		if !slices.ContainsFunc(Options(), func(o Option) bool { return o.Name == name }) {
			t.Errorf("%s is promised and there is no such option", name)
		}
	}
}

func TestWhereTheGuardListens(t *testing.T) {
	t.Parallel()
	for value, want := range map[string][2]string{
		"":                          {"", ""},
		"127.0.0.1:8081":            {"tcp", "127.0.0.1:8081"},
		"localhost:0":               {"tcp", "localhost:0"},
		"[::1]:8081":                {"tcp", "[::1]:8081"},
		"10.0.0.7:8081":             {"tcp", "10.0.0.7:8081"},
		"172.16.0.1:8081":           {"tcp", "172.16.0.1:8081"},
		"192.168.1.17:8081":         {"tcp", "192.168.1.17:8081"},
		"[fd00::1]:8081":            {"tcp", "[fd00::1]:8081"},
		"unix:/run/gatehouse/guard": {"unix", "/run/gatehouse/guard"},
	} {
		if network, address := mustLoad(t, "GATEHOUSE_GUARD_LISTEN", value).Guard(); network != want[0] || address != want[1] {
			t.Errorf("%q is %s %s, want %v", value, network, address, want)
		}
	}
	s := mustLoad(t, "GUARD_OPEN_PATHS", "/health, /static/*")
	if !slices.Equal(s.Policy.OpenPaths, domain.OpenPaths{"/health", "/static/*"}) {
		t.Errorf("the open paths are %q", s.Policy.OpenPaths)
	}
}

func TestNothingIsNeededOnLoopback(t *testing.T) {
	t.Parallel()
	s := mustLoad(t)
	wantPolicy := domain.Policy{
		AccessLifetime: 15 * time.Minute, SessionLifetime: 30 * 24 * time.Hour,
		Rotation: domain.RotateCookies, RefreshGrace: 10 * time.Second, RenewAccess: true, MaxSessions: 20,
		EnforcePasswordReset: true, PasswordMinLength: 15, TimeZone: time.UTC,
		Throttle:       porttest.Policy().Throttle, // what the tests of the use cases try
		AuditRetention: 400 * 24 * time.Hour,
		Links:          domain.LinkPolicy{ResetLifetime: 10 * time.Minute, InvitationLifetime: 24 * time.Hour},
	}
	wantCookies := fiberhttp.CookieConfig{AccessName: "access_token", RefreshName: "refresh_token", DeviceName: "device", Secure: true, SameSite: "Lax"}
	if s.Listen != "127.0.0.1:8080" || s.DataDir != "./data" || !reflect.DeepEqual(s.Policy, wantPolicy) || s.Cookies != wantCookies {
		t.Errorf("the settings are %+v", s)
	}
	if s.SigningAlgorithm() != "ES256" || s.publicURL != nil || s.allowWeakSecret || len(s.TrustedProxies)+len(s.CorsAllowedOrigins) > 0 {
		t.Errorf("the settings are %+v", s)
	}
	if got := mustLoad(t, "SECRET_KEY", goodSecret).SigningAlgorithm(); got != "HS256" {
		t.Errorf("with a secret tokens are signed with %s", got)
	}
}

func TestAuditRetention(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]time.Duration{"off": 0, "1d": 24 * time.Hour, "P30D": 30 * 24 * time.Hour} {
		if got := mustLoad(t, "AUDIT_RETENTION", value).Policy.AuditRetention; got != want {
			t.Errorf("AUDIT_RETENTION=%s keeps events for %v, want %v", value, got, want)
		}
	}
}

const goodSecret = "a secret that is as long as it must be"

func TestGoodConfigurations(t *testing.T) {
	t.Parallel()
	for _, set := range [][]string{
		{"GATEHOUSE_LISTEN", "localhost:0"},
		{"GATEHOUSE_LISTEN", "[::1]:8080"},
		{"GATEHOUSE_LISTEN", "0.0.0.0:80", "GATEHOUSE_PUBLIC_URL", "https://shop.example"},
		{"GATEHOUSE_PUBLIC_URL", "https://shop.example/sign/in", "ENABLE_JWT_AUTH", "1"},
		{"GATEHOUSE_PUBLIC_URL", "http://localhost:3000", "ENABLE_JWT_AUTH", "True", "AUTH_COOKIE_SECURE", "False"},
		{"GATEHOUSE_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8 ::1"},
		{"SIGNING_KEY", goodSecret, "SECRET_KEY", "short"},
		{"SECRET_KEY", "short", "GATEHOUSE_ALLOW_WEAK_SECRET", "true"},
		{"SECRET_KEY", strings.Repeat("ō", 16)},
		{"ALGORITHM", "EdDSA", "SECRET_KEY", goodSecret},
		{"ACCEPT_DJANGO_TOKENS_UNTIL", "2026-12-31T00:00:00+13:00", "SECRET_KEY", goodSecret},
		{"AUTH_COOKIE", "__Host-access", "REFRESH_COOKIE", "__Secure-refresh"},
		{"AUTH_COOKIE_DOMAIN", ".shop.example"},
		{"ACCESS_TOKEN_LIFETIME", "30d"},
		{"CORS_ALLOWED_ORIGINS", "https://app.shop.example http://localhost:5173"},
		{"SHOP_NAME", "Tūī & Daughters"},
		{"SIGN_IN_REDIRECT_URL", "https://app.shop.example/jobs/?open=1#new"},
		{"SIGN_IN_REDIRECT_URL", "/jobs/"},
		{"SIGN_IN_REDIRECT_ALLOWED", "https://app.shop.example,https://app.shop.example:8443"},
		{"LEEWAY", "5m"},
		{"TIME_ZONE", "Pacific/Auckland"},
	} {
		mustLoad(t, set...)
	}
}

// A proxy is compared with the address of a connection, in which IPv4 is never written as IPv6.
func TestProxiesWrittenAsIPv6(t *testing.T) {
	t.Parallel()
	got := mustLoad(t, "GATEHOUSE_TRUSTED_PROXIES", "::ffff:10.0.0.1, ::ffff:192.0.2.0/120, 2001:db8::/32").TrustedProxies
	want := []netip.Prefix{netip.MustParsePrefix("10.0.0.1/32"), netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::/32")}
	if !slices.Equal(got, want) {
		t.Errorf("the proxies are %v, want %v", got, want)
	}
}

func TestBooleans(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"True": true, "true": true, "1": true, "False": false, "false": false, "0": false, "": false} {
		if got := mustLoad(t, "ENABLE_JWT_AUTH", text).Cookies.Enabled; got != want {
			t.Errorf("%q is %t, want %t", text, got, want)
		}
	}
	for _, text := range []string{"TRUE", "yes", "on", "t", "2", " true", "true "} {
		if _, err := loadWith(variables("ENABLE_JWT_AUTH", text), nil); !complains(err, "ENABLE_JWT_AUTH", "neither true nor false") {
			t.Errorf("%q: the complaint is %v", text, err)
		}
	}
}

func TestFlagsCountMore(t *testing.T) {
	t.Parallel()
	set := variables("GATEHOUSE_LISTEN", "127.0.0.1:1111", "ISSUER", "environment", "TIME_ZONE", "nowhere", "AUDIENCE", "shop")
	s, err := loadWith(set, map[string]string{"listen": "127.0.0.1:2222", "issuer": "", "time-zone": "Europe/Berlin"})
	if err != nil {
		t.Fatal(err)
	}
	if s.Listen != "127.0.0.1:2222" || s.Policy.Issuer != "" || s.Policy.TimeZone.String() != "Europe/Berlin" {
		t.Errorf("the flags do not count: %+v", s)
	}
	if s.Policy.Audience != "shop" {
		t.Errorf("AUDIENCE is %q: a variable without a flag counts", s.Policy.Audience)
	}
}

// An empty value means the default wherever it is given, so a line of an environment file can be emptied.
func TestAnEmptyValueIsTheDefault(t *testing.T) {
	t.Parallel()
	want := mustLoad(t).Written
	for _, o := range Options() {
		asFlag, err := loadWith(nil, map[string]string{o.Flag(): ""})
		if err != nil || !maps.Equal(asFlag.Written, want) {
			t.Errorf("--%s with an empty value is not the default: %v", o.Flag(), err)
		}
		if got := mustLoad(t, o.Name, "").Written; !maps.Equal(got, want) {
			t.Errorf("%s with an empty value is not the default", o.Name)
		}
	}
}

func TestEveryOptionHasAFlag(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, o := range Options() {
		name := strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(o.Name, "GATEHOUSE_"), "_", "-"))
		if o.secret {
			name += "-file"
		}
		if o.Flag() != name || seen[name] {
			t.Errorf("the flag of %s is %q, want %q, once", o.Name, o.Flag(), name)
		}
		seen[name] = true
	}
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		set  []string
		want string // "" for none
	}{
		{nil, ""},
		{[]string{"SECRET_KEY", goodSecret, "ACCEPT_DJANGO_TOKENS_UNTIL", "2026-03-02T12:00:01Z"}, ""},
		{[]string{"SECRET_KEY", goodSecret, "ACCEPT_DJANGO_TOKENS_UNTIL", "2026-03-02T12:00:00Z"}, "ACCEPT_DJANGO_TOKENS_UNTIL is over"},
		{[]string{"SECRET_KEY", "short", "GATEHOUSE_ALLOW_WEAK_SECRET", "true"}, "secret is short"},
		{[]string{"SECRET_KEY", goodSecret, "ALGORITHM", "ES256"}, "nothing that is signed with SECRET_KEY counts"},
		{[]string{"SIGNING_KEY", goodSecret, "ALGORITHM", "EdDSA"}, "nothing that is signed with SIGNING_KEY counts"},
		{[]string{"SECRET_KEY", goodSecret, "ALGORITHM", "ES256", "ACCEPT_DJANGO_TOKENS_UNTIL", "2026-03-02T12:00:01Z"}, ""},
		{[]string{"SECRET_KEY", goodSecret, "GATEHOUSE_ALLOW_WEAK_SECRET", "true"}, ""},
		{[]string{"GATEHOUSE_PUBLIC_URL", "http://shop.example"}, "GATEHOUSE_PUBLIC_URL is http"},
		{[]string{"GATEHOUSE_PUBLIC_URL", "http://localhost:3000"}, ""},
		{[]string{"SESSION_IDLE_LIFETIME", "15m"}, "SESSION_IDLE_LIFETIME is not longer than ACCESS_TOKEN_LIFETIME"},
		{[]string{"SESSION_IDLE_LIFETIME", "15m1s"}, ""},
		{[]string{"RENEW_ACCESS_TOKENS", "false", "ENABLE_JWT_AUTH", "true"}, "an app that never calls token/refresh/ signs its people out after 15m"},
		{[]string{"RENEW_ACCESS_TOKENS", "false", "ENABLE_JWT_AUTH", "true", "ACCESS_TOKEN_LIFETIME", "900"}, "ACCESS_TOKEN_LIFETIME is 15m: an app that never calls token/refresh/ signs its people out after 15m"},
		{[]string{"RENEW_ACCESS_TOKENS", "false", "ENABLE_JWT_AUTH", "true", "ACCESS_TOKEN_LIFETIME", "7h59m"}, "RENEW_ACCESS_TOKENS is false"},
		{[]string{"RENEW_ACCESS_TOKENS", "false", "ENABLE_JWT_AUTH", "true", "ACCESS_TOKEN_LIFETIME", "8h"}, ""},
		{[]string{"RENEW_ACCESS_TOKENS", "false"}, ""}, // in body mode it makes no difference
		{[]string{"ENABLE_JWT_AUTH", "true"}, ""},
	} {
		got := strings.Join(mustLoad(t, test.set...).Warnings(now), "; ")
		if (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
			t.Errorf("%q: the warnings are %q, want %q", test.set, got, test.want)
		}
	}
}

func TestWhatRenews(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		set  []string
		want string
	}{
		{nil, "Nothing renews access tokens in passing, because ENABLE_JWT_AUTH is false: apps call token/refresh/ before 15m are over."},
		{[]string{"ACCESS_TOKEN_LIFETIME", "900"}, "Nothing renews access tokens in passing, because ENABLE_JWT_AUTH is false: apps call token/refresh/ before 15m are over."},
		{[]string{"ENABLE_JWT_AUTH", "true", "ACCESS_TOKEN_LIFETIME", "90"}, "Access cookies last 1m30s, and are renewed in passing."},
		{[]string{"ENABLE_JWT_AUTH", "true", "ACCESS_TOKEN_LIFETIME", "1h"}, "Access cookies last 1h, and are renewed in passing."},
		{[]string{"ENABLE_JWT_AUTH", "true", "RENEW_ACCESS_TOKENS", "0"}, "Nothing renews access tokens in passing, because RENEW_ACCESS_TOKENS is 0: apps call token/refresh/ before 15m are over."},
	} {
		if got := mustLoad(t, test.set...).Renewal(); got != test.want {
			t.Errorf("%q: %q, want %q", test.set, got, test.want)
		}
	}
}

func TestWhoCanSign(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)
	const alone = "This service alone can sign tokens, with a key of its own."
	for _, test := range []struct {
		set  []string
		want string
	}{
		{nil, alone},
		{[]string{"SECRET_KEY", goodSecret}, "Everybody who knows SECRET_KEY can sign tokens."},
		{[]string{"SIGNING_KEY", goodSecret, "SECRET_KEY", goodSecret}, "Everybody who knows SIGNING_KEY can sign tokens."},
		{[]string{"SECRET_KEY", goodSecret, "ACCEPT_DJANGO_TOKENS_UNTIL", "2026-03-02T12:00:01Z"},
			"Everybody who knows SECRET_KEY can sign tokens; those of the shop's Django count until 2026-03-02T12:00:01Z."},
		{[]string{"SECRET_KEY", goodSecret, "ACCEPT_DJANGO_TOKENS_UNTIL", "2026-03-02T12:00:00Z"}, "Everybody who knows SECRET_KEY can sign tokens."},
		{[]string{"SECRET_KEY", goodSecret, "ALGORITHM", "ES256"}, alone},
		{[]string{"SECRET_KEY", goodSecret, "ALGORITHM", "EdDSA", "ACCEPT_DJANGO_TOKENS_UNTIL", "2026-03-02T12:00:00Z"}, alone},
		{[]string{"SIGNING_KEY", goodSecret, "ALGORITHM", "ES256", "ACCEPT_DJANGO_TOKENS_UNTIL", "2026-03-03T01:00:01+13:00"},
			"This service can sign tokens, with a key of its own, and until 2026-03-03T01:00:01+13:00 everybody who knows SIGNING_KEY can."},
	} {
		if got := mustLoad(t, test.set...).Signers(now); got != test.want {
			t.Errorf("%q: %q, want %q", test.set, got, test.want)
		}
	}
}
