package domain_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"gatehouse/domain"
)

const (
	hidden   = "kākāpō & \"sons\""
	redacted = "[redacted]"
)

// verbs are those of package fmt that ask the value. %T prints the type, %p and %w refuse
// anything but a pointer and an error without asking.
const verbs = "vsqxXdboOcUeEfFgGt"

var flags = []string{"", "+", "#", "-", " ", "0", "40", ".2", "-40.2"}

func TestSecretFormat(t *testing.T) {
	secret := domain.NewSecret(hidden)
	values := map[string]any{
		"Secret":       secret,
		"pointer":      &secret,
		"zero":         domain.Secret{},
		"Password":     domain.NewPassword(hidden),
		"PasswordHash": domain.NewPasswordHash(hidden),
		"Token":        domain.NewToken(hidden),
	}
	for name, value := range values {
		for _, format := range formats(verbs) {
			if got := fmt.Sprintf(format, value); got != redacted {
				t.Errorf("%s with %s prints %q, want %q", name, format, got, redacted)
			}
		}
	}
}

type exported struct {
	Secret   domain.Secret
	Password domain.Password
}

type unexported struct {
	secret   domain.Secret
	password *domain.Password
	nested   struct{ token domain.Token }
	list     []domain.PasswordHash
	any      any
}

func TestSecretFormatInside(t *testing.T) {
	secret, password := domain.NewSecret(hidden), domain.NewPassword(hidden)
	deep := unexported{
		secret: secret, password: &password,
		nested: struct{ token domain.Token }{domain.NewToken(hidden)},
		list:   []domain.PasswordHash{domain.NewPasswordHash(hidden)},
		any:    secret,
	}
	staff := domain.Staff{Credentials: domain.Credentials{Hash: domain.NewPasswordHash(hidden)}}
	row := exportRow(func(r *domain.ImportRow) { r.Hash = domain.Says(domain.NewPasswordHash(hidden)) })
	_, state := imported(t, row)
	for name, value := range map[string]any{
		"itself":            secret,
		"exported fields":   exported{secret, password},
		"unexported fields": deep,
		"pointer to struct": &deep,
		"slice":             []domain.Secret{secret},
		"map":               map[domain.Secret]domain.Password{secret: password},
		"staff":             staff,
		"import row":        domain.ImportRow{Hash: domain.Says(domain.NewPasswordHash(hidden))},
		"imported state":    state,
	} {
		for _, format := range formats(verbs + "pTw") {
			mustHide(t, name+" with "+format, fmt.Sprintf(format, value))
			mustHide(t, name+" in an error with "+format, fmt.Errorf(format, value).Error())
		}
	}
}

func TestSecretMarshal(t *testing.T) {
	secret, password := domain.NewSecret(hidden), domain.NewPassword(hidden)
	for name, test := range map[string]struct {
		value any
		want  string
	}{
		"itself":            {secret, `"[redacted]"`},
		"pointer":           {&password, `"[redacted]"`},
		"exported fields":   {exported{secret, password}, `{"Secret":"[redacted]","Password":"[redacted]"}`},
		"unexported fields": {unexported{secret: secret, password: &password}, `{}`},
		"map":               {map[domain.Secret]domain.Secret{secret: secret}, `{"[redacted]":"[redacted]"}`},
	} {
		got, err := json.Marshal(test.value)
		if err != nil || string(got) != test.want {
			t.Errorf("%s becomes %s, %v; want %s", name, got, err, test.want)
		}
	}
}

func TestSecretInLogs(t *testing.T) {
	var log bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		log.Reset()
		slog.New(handler).Info("signing in", "password", domain.NewPassword(hidden),
			"request", exported{Secret: domain.NewSecret(hidden)}, "hidden", &unexported{secret: domain.NewSecret(hidden)})
		mustHide(t, "the log", log.String())
		if !strings.Contains(log.String(), redacted) {
			t.Errorf("the log is %q, want it to show that something was left out", log.String())
		}
	}
}

func TestSecretReveal(t *testing.T) {
	for _, text := range []string{"", hidden, " \x00\xff "} {
		secret := domain.NewSecret(text)
		if got := secret.Reveal(); got != text {
			t.Errorf("Reveal is %q, want %q", got, text)
		}
		if got, want := secret.Empty(), text == ""; got != want {
			t.Errorf("Empty of %q is %t, want %t", text, got, want)
		}
	}
	if zero := (domain.Secret{}); zero.Reveal() != "" || !zero.Empty() {
		t.Errorf("the zero Secret reveals %q, want nothing", zero.Reveal())
	}
}

func TestSecretEqual(t *testing.T) {
	for _, test := range []struct {
		a, b domain.Secret
		want bool
	}{
		{domain.NewSecret("a"), domain.NewSecret("a"), true},
		{domain.NewSecret("a"), domain.NewSecret("A"), false},
		{domain.NewSecret("a"), domain.NewSecret("ab"), false},
		{domain.NewSecret("a"), domain.Secret{}, false},
		{domain.NewSecret(""), domain.Secret{}, true},
	} {
		if got := test.a.Equal(test.b); got != test.want {
			t.Errorf("%q equals %q: %t, want %t", test.a.Reveal(), test.b.Reveal(), got, test.want)
		}
	}
}

func formats(verbs string) (all []string) {
	for _, verb := range verbs {
		for _, flag := range flags {
			all = append(all, "%"+flag+string(verb))
		}
	}
	return all
}

// mustHide looks for the hidden text in every spelling that fmt knows.
func mustHide(t *testing.T, where, printed string) {
	t.Helper()
	spaced := fmt.Sprintf("% x", hidden)
	for _, spelling := range []string{
		hidden, fmt.Sprintf("%q", hidden), fmt.Sprintf("%+q", hidden), fmt.Sprint([]byte(hidden)),
		hex.EncodeToString([]byte(hidden)), spaced, base64.StdEncoding.EncodeToString([]byte(hidden)),
		"kākāpō",
	} {
		if strings.Contains(strings.ToLower(printed), strings.ToLower(spelling)) {
			t.Errorf("%s shows the secret: %s", where, printed)
			return
		}
	}
}
