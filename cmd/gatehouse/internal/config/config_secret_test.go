package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// secretFile makes a file with a secret.
func secretFile(t *testing.T, content string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := errors.Join(os.WriteFile(path, []byte(content), mode), os.Chmod(path, mode)); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSecretsFromFiles(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		goodSecret:           goodSecret,
		goodSecret + "\n":    goodSecret,
		goodSecret + "\r\n":  goodSecret,
		goodSecret + "\n\n":  goodSecret + "\n",
		" " + goodSecret:     " " + goodSecret,
		goodSecret + "ō\n":   goodSecret + "ō",
		goodSecret + " \t\n": goodSecret + " \t",
	} {
		file := secretFile(t, content, 0o400)
		if got := mustLoad(t, "SIGNING_KEY_FILE", file).Secret().Reveal(); got != want {
			t.Errorf("the secret in a file with %q is %q, want %q", content, got, want)
		}
		s, err := loadWith(variables("SIGNING_KEY_FILE", "elsewhere"), map[string]string{"signing-key-file": file})
		if err != nil || s.Secret().Reveal() != want {
			t.Errorf("the flag does not count: %v", err)
		}
	}
}

// hiddenSecret is in none of the complaints.
const hiddenSecret = "hush 'n' hide"

func TestSecretsAreNeverRepeated(t *testing.T) {
	t.Parallel()
	short, open := secretFile(t, hiddenSecret, 0o600), secretFile(t, hiddenSecret+goodSecret, 0o644)
	for _, test := range []struct {
		set            []string
		variable, form string
	}{
		{[]string{"SIGNING_KEY", hiddenSecret}, "SIGNING_KEY", "13 bytes"},
		{[]string{"SECRET_KEY", hiddenSecret}, "SECRET_KEY", "13 bytes"},
		{[]string{"SECRET_KEY_FILE", short}, "SECRET_KEY", "13 bytes"},
		{[]string{"SECRET_KEY_FILE", open}, "SECRET_KEY", "run chmod 600 " + open},
		{[]string{"SIGNING_KEY_FILE", short, "SIGNING_KEY", hiddenSecret + goodSecret}, "SIGNING_KEY", "and so is SIGNING_KEY_FILE: keep one"},
		{[]string{"SIGNING_KEY_FILE", short + "er"}, "SIGNING_KEY", "is the file there?"},
		{[]string{"SIGNING_KEY_FILE", filepath.Dir(short)}, "SIGNING_KEY", filepath.Dir(short)},
		{[]string{"SECRET_KEY", hiddenSecret, "ALGORITHM", "RS256", "TIME_ZONE", "Local"}, "ALGORITHM", "one of"},
	} {
		_, err := loadWith(variables(test.set...), nil)
		if !complains(err, test.variable, test.form) {
			t.Errorf("%q: the complaint is %v, want it to name %s and say: %s", test.set, err, test.variable, test.form)
		}
		if err != nil && strings.Contains(err.Error(), hiddenSecret) {
			t.Errorf("%q: the complaint shows the secret: %v", test.set, err)
		}
	}
	for _, o := range Options() {
		if o.secret && strings.Contains(o.Shown(hiddenSecret), hiddenSecret) {
			t.Errorf("%s is shown as %q", o.Name, o.Shown(hiddenSecret))
		}
	}
}
