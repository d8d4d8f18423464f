package config

import (
	"strings"
	"testing"
	"time"
)

func TestUnknownVariablesAreDoubted(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"GATEHOUSE_LISTN":            "did you mean GATEHOUSE_LISTEN?",
		"GATEHOUSE_listen":           "did you mean GATEHOUSE_LISTEN?",
		"GATEHOUSE_TRUSTED_PROXY":    "did you mean GATEHOUSE_TRUSTED_PROXIES?",
		"GATEHOUSE_PUBLIC_URI":       "did you mean GATEHOUSE_PUBLIC_URL?",
		"GATEHOUSE_SECRET_KEY":       "did you mean SECRET_KEY?",
		"GATEHOUSE_SECRET_KEY_FILE":  "did you mean SECRET_KEY_FILE?",
		"GATEHOUSE_TIMEZONE":         "did you mean TIME_ZONE?",
		"GATEHOUSE_LISTEN_FILE":      "counts for nothing",
		"GATEHOUSE_USER":             "counts for nothing",
		"GATEHOUSE_":                 "counts for nothing",
		strings.Repeat(ownPrefix, 9): "counts for nothing",
	} {
		got := mustLoad(t, name, hiddenSecret).Warnings(time.Time{})
		if len(got) != 1 || !strings.HasPrefix(got[0], name+" ") || !strings.HasSuffix(got[0], want) {
			t.Errorf("%s: the warnings are %q, want %q", name, got, want)
		}
		if strings.Contains(strings.Join(got, ""), hiddenSecret) {
			t.Errorf("%s: the value is repeated: %q", name, got)
		}
	}
}

func TestKnownAndForeignVariablesAreNotDoubted(t *testing.T) {
	t.Parallel()
	for _, o := range Options() {
		if got := mustLoad(t, o.Name, "", "LISTEN", "x", "MY_GATEHOUSE_X", "x", "SECRET_KEY", goodSecret).Warnings(time.Time{}); len(got) > 0 {
			t.Errorf("%s: the warnings are %q", o.Name, got)
		}
	}
}

func TestEmptySecretsAreDoubted(t *testing.T) {
	t.Parallel()
	file := secretFile(t, goodSecret, 0o600)
	const own = " is empty: tokens are signed with a key of our own"
	for _, test := range []struct {
		set  []string
		want string
	}{
		{[]string{"SECRET_KEY", ""}, "SECRET_KEY" + own},
		{[]string{"SIGNING_KEY", ""}, "SIGNING_KEY" + own},
		{[]string{"SECRET_KEY_FILE", ""}, "SECRET_KEY_FILE" + own},
		{[]string{"SIGNING_KEY", "", "SECRET_KEY", ""}, "SIGNING_KEY" + own + "\nSECRET_KEY" + own},
		{[]string{"SIGNING_KEY", "", "SECRET_KEY", goodSecret}, ""},
		{[]string{"SECRET_KEY", "", "SECRET_KEY_FILE", file}, ""},
		{[]string{"SECRET_KEY", "", "ALGORITHM", "ES256"}, ""},
	} {
		if got := strings.Join(mustLoad(t, test.set...).Warnings(time.Time{}), "\n"); got != test.want {
			t.Errorf("%q: the warnings are %q, want %q", test.set, got, test.want)
		}
	}
}
